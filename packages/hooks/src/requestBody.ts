import type { ChatCompletionParams, RequestMessage } from '@candor/core'

import type { TurnParams } from './ChatHandle.ts'
import type { AnyChatOptions } from './ChatOptions.ts'

/** The body of a request: instructions, what was said, and only the keys that the app set. */
export function requestBody(
  { instructions = '' }: AnyChatOptions,
  params: TurnParams,
  said: readonly RequestMessage[],
): ChatCompletionParams {
  const told: RequestMessage[] = instructions === '' ? [] : [{ role: 'system', content: instructions }]
  const request: ChatCompletionParams = { model: '', messages: [...told, ...said], stream: true }
  for (const [name, value] of Object.entries(params)) if (value !== undefined) request[name] = value
  // A server with one model wants none named; whether this one does is for the request's check to say.
  if (params.model === undefined) Reflect.deleteProperty(request, 'model')
  return request
}
