import type { AssistantMessage, CompletionMessage } from '../wire.ts'

/**
 * An answer as the next request sends it back: without what only answers have (`annotations`, the sound itself) and
 * without empty fields, with everything else that the server added, since some servers refuse the next turn without
 * their own fields (`reasoning_content`, `reasoning_details`, a call's `extra_content`).
 */
export function replayMessage(message: CompletionMessage): AssistantMessage {
  const { role, content, refusal, tool_calls, annotations: _, audio, function_call: __, ...extra } = message
  const replayed: AssistantMessage & Record<string, unknown> = { role, content }
  if (refusal) replayed.refusal = refusal
  if (tool_calls && tool_calls.length > 0) replayed.tool_calls = tool_calls
  if (audio) replayed.audio = { id: audio.id }
  for (const [name, value] of Object.entries(extra)) {
    if (value !== null && value !== undefined) replayed[name] = value
  }
  return replayed
}
