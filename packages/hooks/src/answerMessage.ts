import type { ChatAssistantMessage, ChatMessage, RequestMessage, ToolRun, ToolRunStatus } from '@candor/core'

import type { TurnParams } from './ChatHandle.ts'
import { createId } from './createId.ts'

/** The message in which an answer will grow; with a prefill it begins with that text. */
export function emptyAnswer(
  parentId: string | null,
  { model = '', seed }: TurnParams,
  prefill: string | undefined,
): ChatAssistantMessage {
  return {
    id: createId(),
    parentId,
    createdAt: Date.now(),
    role: 'assistant',
    choice: {
      index: 0,
      message: { role: 'assistant', content: prefill ?? null, refusal: null },
      logprobs: null,
      finish_reason: null,
    },
    turnId: createId(),
    ...(prefill !== undefined && { prefill }),
    reasoning: '',
    status: 'submitted',
    finishReason: null,
    model,
    ...(seed !== undefined && seed !== null && { seed: String(seed) }),
    timings: { startedAt: Date.now() },
    issues: [],
    envelope: {},
    toolRuns: {},
  }
}

/** Whether nothing of an answer is worth keeping. */
export function isEmptyAnswer(answer: ChatAssistantMessage): boolean {
  const { content, refusal, tool_calls } = answer.choice.message
  const isTextOwn = (content ?? '') !== (answer.prefill ?? '')
  return !isTextOwn && !refusal && !tool_calls?.length && answer.reasoning === ''
}

/** The wire's own message within one of a conversation. */
export function wireMessage(message: ChatMessage): RequestMessage {
  return message.role === 'assistant' ? message.choice.message : message.message
}

const endedStatuses: { readonly [Status in ToolRunStatus]: boolean } = {
  'arguments-streaming': false,
  'waiting-for-approval': false,
  'waiting-for-result': false,
  running: false,
  done: true,
  failed: true,
  invalid: true,
  unknown: true,
  denied: true,
  'timed-out': true,
  aborted: true,
}

/** Whether a tool's run is over, so that the model can be told its result. */
export function hasEnded(run: ToolRun | undefined): boolean {
  return run !== undefined && endedStatuses[run.status]
}

/** Whether a tool's run waits for the user. */
export function isWaiting(run: ToolRun): boolean {
  return run.status === 'waiting-for-approval' || run.status === 'waiting-for-result'
}
