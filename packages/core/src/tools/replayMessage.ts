import type { MessageFacts } from '../request/EndpointProfile.ts'
import type { AssistantMessage, CompletionMessage, ToolCall } from '../wire.ts'

/**
 * An answer as the next request sends it back: without what only answers have (`annotations`, the sound itself) and
 * without empty fields, with everything else that the server added, since some servers refuse the next turn without
 * their own fields (`reasoning_content`, `reasoning_details`, a call's `extra_content`). A server that refuses fields
 * it does not know gets only those that its profile names.
 */
export function replayMessage(message: CompletionMessage, facts: MessageFacts = {}): AssistantMessage {
  const { role, content, refusal, tool_calls, annotations: _, audio, function_call: __, ...extra } = message
  const replayed: AssistantMessage & Record<string, unknown> = { role, content }
  if (refusal) replayed.refusal = refusal
  if (tool_calls && tool_calls.length > 0) {
    replayed.tool_calls = tool_calls.map((call) => replayCall(call, facts))
    if (facts.emptyContentAsText === true) replayed.content = content ?? ''
  }
  if (audio) replayed.audio = { id: audio.id }
  for (const [name, value] of Object.entries(extra)) {
    if (value === null || value === undefined) continue
    if (facts.unknownFields !== 'refused' || facts.keep?.includes(name)) replayed[name] = value
  }
  return replayed
}

function replayCall(call: ToolCall, { unknownFields, keepOnToolCalls }: MessageFacts): ToolCall {
  if (unknownFields !== 'refused') return call
  const { id } = call
  const known: ToolCall =
    call.type === 'function'
      ? { id, type: 'function', function: { name: call.function.name, arguments: call.function.arguments } }
      : { id, type: 'custom', custom: call.custom }
  const kept = Object.entries(call).filter(([name]) => keepOnToolCalls?.includes(name))
  return Object.assign(known, Object.fromEntries(kept))
}
