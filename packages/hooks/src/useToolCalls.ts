import type { ToolCall, ToolRun } from '@candor/core'

import { useChatSelector, type ChatSource } from './useChatSelector.ts'

const noCalls: readonly ToolCall[] = []
const noRuns: { readonly [toolCallId: string]: ToolRun } = {}

/** The tool calls of a message and how each stands, by `tool_call.id`. Re-renders when one of them changes. */
export function useToolCalls(
  messageId: string,
  chat?: ChatSource,
): { calls: readonly ToolCall[]; runs: { readonly [toolCallId: string]: ToolRun } } {
  const calls = useChatSelector(
    (state) => {
      const message = state.messages[messageId]
      return message?.role === 'assistant' ? (message.choice.message.tool_calls ?? noCalls) : noCalls
    },
    chat,
    messageId,
  )
  const runs = useChatSelector(
    (state) => {
      const message = state.messages[messageId]
      return message?.role === 'assistant' ? message.toolRuns : noRuns
    },
    chat,
    messageId,
  )
  return { calls, runs }
}
