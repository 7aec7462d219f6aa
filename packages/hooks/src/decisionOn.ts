import type { ToolApproval } from '@candor/core'

/** What the user decided about one tool call. */
export interface ToolDecision {
  /** About a call that waits for approval. */
  approval?: ToolApproval
  /** For a call that waits for a result. */
  result?: { value: unknown }
}

/** What the user has decided about the calls of a turn, by `tool_call.id`. */
export interface Decisions {
  /** Decisions that no call has waited for yet. */
  readonly made: Map<string, ToolDecision>
  /** Calls that wait for a decision. */
  readonly waiting: Map<string, (decision: ToolDecision) => void>
}

/** The user's decision on a call: the one already made, or the next one of its kind. */
export function decisionOn(
  { made, waiting }: Decisions,
  toolCallId: string,
  kind: keyof ToolDecision,
): Promise<ToolDecision> {
  const decision = made.get(toolCallId)
  if (decision?.[kind] !== undefined) {
    made.delete(toolCallId)
    return Promise.resolve(decision)
  }
  return new Promise((resolve) => {
    waiting.set(toolCallId, (next) => {
      if (next[kind] === undefined) return
      waiting.delete(toolCallId)
      resolve(next)
    })
  })
}
