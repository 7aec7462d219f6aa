import {
  acceptableHistory,
  buildRequest,
  endedOutcome,
  prefillAnswer,
  toolForRequest,
  toRequestMessages,
  type ChatCompletionParams,
  type ChatCompletionRequest,
  type ChatMessage,
  type RequestMessage,
} from '@candor/core'

import { hasEnded } from './answerMessage.ts'
import type { TurnParams } from './ChatHandle.ts'
import type { RequestFollower } from './ChatMiddleware.ts'
import type { AnyChatOptions } from './ChatOptions.ts'

/** What one request of a turn is made of. */
export interface RequestParts {
  /** What is said so far, the message that is to be answered last. */
  history: readonly ChatMessage[]
  /** Its parameters: the conversation's with the turn's over them. */
  params: TurnParams
  /** Text that the answer is to go on from; only for a profile that knows how. */
  prefill: string | undefined
  /** The middleware of this request, the first one outermost. */
  followers: readonly RequestFollower[]
}

/**
 * The request of a step, checked: only the keys that the app set, and a history that every server accepts. Rejects when
 * the request cannot be made, or must not be.
 */
export async function requestForTurn(
  options: AnyChatOptions,
  { history, params, prefill, followers }: RequestParts,
): Promise<ChatCompletionRequest> {
  const { instructions = '', profile, tools = [] } = options
  const byProfile = profile === undefined ? {} : { profile }
  const told: RequestMessage[] = instructions === '' ? [] : [{ role: 'system', content: instructions }]
  const said = acceptableHistory(toRequestMessages(history.flatMap(withKnownOutcomes), byProfile))
  let request: ChatCompletionParams = { model: '', messages: [...told, ...said], stream: true }
  for (const [name, value] of Object.entries(params)) if (value !== undefined) request[name] = value
  if (tools.length > 0) request.tools = [...(params.tools ?? []), ...tools.map(toolForRequest)]
  // A server with one model wants none named; whether this one does is for the request's check to say.
  if (params.model === undefined) Reflect.deleteProperty(request, 'model')
  if (prefill !== undefined && profile !== undefined) request = prefillAnswer(request, prefill, profile)
  for (const { onRequest } of followers) request = (await onRequest?.(request)) ?? request
  return buildRequest(request, byProfile)
}

/** An answer whose calls ended with nobody told, since the user went on before the model was asked again: told now. */
function withKnownOutcomes(
  message: ChatMessage,
  place: number,
  history: readonly ChatMessage[],
): ChatMessage[] {
  if (message.role !== 'assistant' || history[place + 1]?.role === 'tool') return [message]
  const calls = message.choice.message.tool_calls ?? []
  const outcomes = calls.flatMap((call) => {
    const run = message.toolRuns[call.id]
    return run !== undefined && hasEnded(run) ? [endedOutcome(call, run).message] : []
  })
  const { id, createdAt } = message
  return [
    message,
    ...outcomes.map((outcome) => ({ id, parentId: id, createdAt, role: 'tool' as const, message: outcome })),
  ]
}
