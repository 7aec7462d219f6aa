import type { ChatHandle } from './ChatHandle.ts'
import type { ChatOptions } from './ChatOptions.ts'
import { useChat } from './useChat.ts'

/**
 * A conversation with a model. The caller re-renders only for what it reads from the result: reading `messages` means
 * every frame of a stream, `send` or `messageIds` does not. A running turn is stopped when the component goes.
 *
 * @example
 * const chat = useChatCompletion({ client, request: { model: 'gpt-5' } })
 * chat.send('What is the capital of France?')
 */
export function useChatCompletion(options: ChatOptions): ChatHandle {
  return useChat(options)
}
