import type { ChatAssistantMessage, ChatMessage, ToolCall } from '@candor/core'

import { createId } from './createId.ts'

/**
 * A version of an answer in which one call has not been run yet, with other arguments if any are given, and after it the
 * results of the other calls. `path` is the branch that the answer is on.
 */
export function retriedCall(
  answer: ChatAssistantMessage,
  path: readonly ChatMessage[],
  toolCallId: string,
  args: unknown,
): ChatMessage[] {
  const { [toolCallId]: _, ...otherRuns } = answer.toolRuns
  const { message } = answer.choice
  const calls = message.tool_calls?.map((call) =>
    call.id === toolCallId && args !== undefined ? withArguments(call, args) : call,
  )
  const copy: ChatAssistantMessage = {
    ...answer,
    id: createId(),
    // A version of its own, no further choice of the request.
    turnId: createId(),
    choice: { ...answer.choice, message: { ...message, ...(calls !== undefined && { tool_calls: calls }) } },
    toolRuns: otherRuns,
  }
  const copies: ChatMessage[] = [copy]
  for (const result of path.slice(path.indexOf(answer) + 1)) {
    if (result.role !== 'tool') break
    if (result.message.tool_call_id === toolCallId) continue
    copies.push({ ...result, id: createId(), parentId: copies.at(-1)!.id })
  }
  return copies
}

function withArguments(call: ToolCall, args: unknown): ToolCall {
  if (call.type !== 'custom') {
    return { ...call, function: { ...call.function, arguments: JSON.stringify(args) } }
  }
  const input = typeof args === 'string' ? args : JSON.stringify(args)
  return { ...call, custom: { ...call.custom, input } }
}
