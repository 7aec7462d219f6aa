import {
  acceptableHistory,
  toolForRequest,
  type ChatCompletionParams,
  type ChatMessage,
  type EndpointProfile,
  type RequestMessage,
} from '@candor/core'

import { toRequestMessage } from './answerMessage.ts'
import type { TurnParams } from './ChatHandle.ts'
import type { AnyChatOptions } from './ChatOptions.ts'

/** What one request of a turn is made of. */
export interface RequestParts {
  /** What is said so far, the message that is to be answered last. */
  history: readonly ChatMessage[]
  /** Counts the requests of the turn from 0. */
  step: number
  /** Parameters of this turn, over those of the conversation. */
  params: TurnParams | undefined
  /** Text that the answer is to go on from. */
  prefill?: string | undefined
}

/** The request of a step: only the keys that the app set, and a history that every server accepts. */
export function requestForTurn(
  options: AnyChatOptions,
  { history, step, params, prefill }: RequestParts,
): ChatCompletionParams {
  const { instructions = '', profile, tools, toolChoice } = options
  const merged: TurnParams = { ...options.request }
  if (tools !== undefined && tools.length > 0) {
    merged.tools = [...(merged.tools ?? []), ...tools.map(toolForRequest)]
    const choice = typeof toolChoice === 'function' ? toolChoice(step) : toolChoice
    if (choice !== undefined) merged.tool_choice = choice
  }
  Object.assign(merged, params)
  const told: RequestMessage[] = instructions === '' ? [] : [{ role: 'system', content: instructions }]
  const said = acceptableHistory(history.map((message) => toRequestMessage(message, profile)))
  const request: ChatCompletionParams = { model: '', messages: [...told, ...said], stream: true }
  for (const [name, value] of Object.entries(merged)) if (value !== undefined) request[name] = value
  if (prefill !== undefined) addPrefill(request, prefill, profile)
  // A server with one model wants none named; whether this one does is for the request's check to say.
  if (merged.model === undefined) Reflect.deleteProperty(request, 'model')
  return request
}

function addPrefill(request: ChatCompletionParams, text: string, profile: EndpointProfile | undefined): void {
  const dialect = profile?.prefill ?? { style: 'none' }
  const message: RequestMessage & Record<string, unknown> = { role: 'assistant', content: text }
  request.messages.push(message)
  switch (dialect.style) {
    case 'trailing':
      return
    case 'body-flags':
      request.continue_final_message = true
      request.add_generation_prompt = false
      return
    case 'message-flag':
      message[dialect.flag] = true
      return
    case 'none':
      throw new Error(
        profile === undefined
          ? 'Servers differ in how they continue a half-written answer, and which one this is was not said. Give the chat a `profile`, or ask for another answer.'
          : `${profile.name} cannot continue a half-written answer. Ask for another one, or send a message that asks to go on.`,
      )
    default: {
      const unknown: never = dialect
      return unknown
    }
  }
}
