/**
 * What makes and checks requests of every kind: tools, parts, schemas, whatever a server's profile says. In a module of
 * its own that is loaded once a first look does not suffice, since it weighs as much as all that a text needs.
 */
import {
  acceptableHistory,
  endedOutcome,
  prefillAnswer,
  toolForRequest,
  toRequestMessages,
  type ChatCompletionParams,
  type ChatMessage,
} from '@candor/core'

import { hasEnded } from './answerMessage.ts'
import type { AnyChatOptions } from './ChatOptions.ts'
import { requestBody } from './requestBody.ts'
import type { RequestParts } from './requestForTurn.ts'

export { buildRequest } from '@candor/core'

/** The request of a step, not yet checked, with a history that every server accepts. Throws what cannot be made. */
export function fullRequest(
  options: AnyChatOptions,
  { history, params, prefill }: RequestParts,
): ChatCompletionParams {
  const { profile, tools = [] } = options
  const messages = toRequestMessages(history.flatMap(withKnownOutcomes), profile && { profile })
  const request = requestBody(options, params, acceptableHistory(messages))
  if (tools.length > 0) request.tools = [...(params.tools ?? []), ...tools.map(toolForRequest)]
  return prefill === undefined || profile === undefined ? request : prefillAnswer(request, prefill, profile)
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
