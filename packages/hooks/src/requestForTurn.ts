import {
  isPlainRequest,
  type ChatCompletionParams,
  type ChatCompletionRequest,
  type ChatMessage,
  type RequestMessage,
} from '@candor/core'

import { wireMessage } from './answerMessage.ts'
import { checkedRequest } from './checkedRequest.ts'
import type { TurnParams } from './ChatHandle.ts'
import type { RequestFollower } from './ChatMiddleware.ts'
import type { AnyChatOptions } from './ChatOptions.ts'
import { requestBody } from './requestBody.ts'

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
  parts: RequestParts,
): Promise<ChatCompletionRequest> {
  const { history, params, prefill, followers } = parts
  let request = prefill === undefined ? textRequest(options, history.map(saidText), params) : undefined
  if (request === undefined) {
    const { fullRequest } = await loadFullRequest()
    request = fullRequest(options, parts)
  }
  for (const { onRequest } of followers) request = (await onRequest?.(request)) ?? request
  return checkedRequest(request, options.profile)
}

/** What `fullRequest` would make of a conversation of text; `undefined` where there is more to it. */
export function textRequest(
  options: AnyChatOptions,
  said: readonly RequestMessage[],
  params: TurnParams,
): ChatCompletionParams | undefined {
  const { profile, tools = [] } = options
  if (tools.length > 0) return undefined
  const request = requestBody(options, params, said)
  return isPlainRequest(request, profile && { profile }) ? request : undefined
}

/** A message without what only answers have, for a history of text. */
export function saidText(message: ChatMessage): RequestMessage {
  const said = wireMessage(message)
  if (said.role !== 'assistant') return said
  const fields = Object.entries(said).filter(([field, value]) => value !== null && field !== 'annotations')
  return { role: 'assistant', ...Object.fromEntries(fields) }
}

/** What makes and checks requests of every kind. */
export const loadFullRequest = (): Promise<typeof import('./fullRequest.ts')> => import('./fullRequest.ts')
