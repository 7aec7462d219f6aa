import type { RequestMessage, ToolCall } from '../wire.ts'

/** How far a turn may go before it stops by itself. */
export interface ToolLoopLimits {
  /** Most requests to the model in one turn. @default 10 */
  maxSteps?: number
  /** Most tool calls that are run in one turn; further ones are answered with the reason. @default no limit */
  maxToolCalls?: number
  /**
   * Most tokens (prompt and answer, as the server counts them; a server that does not count has no limit) before no
   * further request is made. @default no limit
   */
  maxTokens?: number
  /** Milliseconds after which no further request is made and no further tool started. @default no limit */
  maxTimeMs?: number
}

/** What the messages of a turn do not say about it. */
export interface ToolLoopProgress {
  /** Index of the message from which steps and calls count: a turn that is taken up again has its limits anew. @default 0 */
  countFrom?: number
  /** Tokens so far in this turn, as the server counted them. @default 0 */
  tokens?: number
  /** Milliseconds since the turn began, time spent waiting for the user left out. @default 0 */
  elapsedMs?: number
}

/** Which limit ended a turn. */
export type ToolLoopLimit = 'max-steps' | 'max-tool-calls' | 'max-tokens' | 'max-time'

/**
 * Why a turn goes no further: `answered` (the model said something and asked for no tool), a limit, or, as the chat
 * adds, `stopped` by the user, `failed`, `cut-off`.
 */
export type ToolLoopStopReason = 'answered' | ToolLoopLimit | 'stopped' | 'failed' | 'cut-off'

/** What a turn does next. */
export type ToolLoopStep =
  /** Run `calls`; answer those in `refused` with the limit that was met, since no call may stay without an answer. */
  | { type: 'run-tools'; calls: ToolCall[]; refused: ToolCall[]; limit?: ToolLoopLimit }
  /** Ask the model; `step` counts the requests of this turn from 0. */
  | { type: 'ask-model'; step: number }
  | { type: 'stop'; reason: ToolLoopStopReason }

/**
 * Says what a turn does next, from the messages alone. The turn is what stands after the last user message. The finish
 * reason plays no part: servers say `stop` beside tool calls and `tool_calls` beside none, so what counts is whether
 * calls are there and answered.
 */
export function toolLoopStep(
  messages: readonly RequestMessage[],
  limits: ToolLoopLimits = {},
  progress: ToolLoopProgress = {},
): ToolLoopStep {
  const { maxSteps = 10, maxToolCalls = Infinity, maxTokens = Infinity, maxTimeMs = Infinity } = limits
  const { countFrom = 0, tokens = 0, elapsedMs = 0 } = progress
  const turnStart = messages.findLastIndex((message) => message.role === 'user') + 1
  const lastIndex = messages.findLastIndex((message) => message.role === 'assistant')
  const last = messages[lastIndex]
  const counted = messages
    .slice(Math.max(turnStart, countFrom))
    .filter((message) => message.role === 'assistant')
  const countedCalls = counted.reduce((sum, answer) => sum + (answer.tool_calls?.length ?? 0), 0)

  if (lastIndex >= turnStart && last?.role === 'assistant') {
    const open = openCalls(last.tool_calls ?? [], messages.slice(lastIndex + 1))
    if (open.length > 0) {
      if (elapsedMs >= maxTimeMs) return { type: 'run-tools', calls: [], refused: open, limit: 'max-time' }
      const room = Math.max(0, maxToolCalls - Math.max(0, countedCalls - open.length))
      const refused = open.slice(room)
      return {
        type: 'run-tools',
        calls: open.slice(0, room),
        refused,
        ...(refused.length > 0 && { limit: 'max-tool-calls' as const }),
      }
    }
    if (lastIndex === messages.length - 1) return { type: 'stop', reason: 'answered' }
  }

  if (countedCalls > maxToolCalls) return { type: 'stop', reason: 'max-tool-calls' }
  if (counted.length >= maxSteps) return { type: 'stop', reason: 'max-steps' }
  if (tokens >= maxTokens) return { type: 'stop', reason: 'max-tokens' }
  if (elapsedMs >= maxTimeMs) return { type: 'stop', reason: 'max-time' }
  return { type: 'ask-model', step: counted.length }
}

/** The calls that no tool message answers. An id that a server used twice needs two answers. */
function openCalls(calls: readonly ToolCall[], after: readonly RequestMessage[]): ToolCall[] {
  const answeredIds = after.flatMap((message) => (message.role === 'tool' ? [message.tool_call_id] : []))
  return calls.filter((call) => {
    const place = answeredIds.indexOf(call.id)
    if (place === -1) return true
    answeredIds.splice(place, 1)
    return false
  })
}
