import type { ChatHandle } from './ChatHandle.ts'
import type { ToolLoopOptions } from './ChatOptions.ts'
import { useChat } from './useChat.ts'

/**
 * A conversation with a model that can call tools: `useChatCompletion` and, after each answer, the calls that it asks
 * for, until the model answers in words or a limit is met (`stopReason` says which).
 *
 * @example
 * const chat = useToolLoop({ client, request: { model }, tools: [weather], maxSteps: 5 })
 */
export function useToolLoop(options: ToolLoopOptions): ChatHandle {
  return useChat(options)
}
