import type { RequestMessage, ToolCall, ToolMessage } from '../wire.ts'

/** What the model is told of a call whose result was never known. */
export const unknownOutcome = 'The call was cut off before it ended; its result is not known.'

/**
 * The same conversation in a form that every server accepts: each tool call is answered right after its message, its
 * arguments are a JSON object, and no assistant message is empty. Servers refuse the whole request otherwise (an
 * unanswered call, an empty answer) or fail inside their chat template (arguments that are not JSON). Messages that are
 * acceptable stay the same objects.
 */
export function acceptableHistory(messages: readonly RequestMessage[]): RequestMessage[] {
  const result: RequestMessage[] = []
  for (let index = 0; index < messages.length;) {
    const message = messages[index++]!
    if (message.role !== 'assistant') {
      result.push(message)
      continue
    }
    const calls = message.tool_calls ?? []
    if (calls.length === 0) {
      if (hasContent(message)) result.push(message)
      continue
    }
    const answers: ToolMessage[] = []
    for (let next = messages[index]; next?.role === 'tool'; next = messages[++index]) answers.push(next)

    const readable = calls.map(withReadableArguments)
    const isSame = readable.every((call, place) => call === calls[place])
    result.push(isSame ? message : { ...message, tool_calls: readable }, ...answers)

    const answeredIds = answers.map((answer) => answer.tool_call_id)
    for (const call of calls) {
      const place = answeredIds.indexOf(call.id)
      if (place === -1) result.push({ role: 'tool', tool_call_id: call.id, content: unknownOutcome })
      else answeredIds.splice(place, 1)
    }
  }
  return result
}

function hasContent(message: Extract<RequestMessage, { role: 'assistant' }>): boolean {
  const { content, refusal, audio } = message
  return Boolean(content?.length) || Boolean(refusal) || Boolean(audio)
}

/** A call whose arguments a chat template can read; what the model wrote instead stands in the call's answer. */
function withReadableArguments(call: ToolCall): ToolCall {
  if (call.type !== 'function') return call
  try {
    const value: unknown = JSON.parse(call.function.arguments)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return call
  } catch {
    // Answered below: not JSON at all.
  }
  return { ...call, function: { ...call.function, arguments: '{}' } }
}
