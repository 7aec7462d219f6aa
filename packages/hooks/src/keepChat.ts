import type { ChatStorage } from './ChatStorage.ts'
import type { ChatController } from './createChat.ts'

/** Keeps a chat in a storage; what does that is loaded first, and what is sent meanwhile waits. */
export function keepChat(chat: ChatController, storage: ChatStorage): () => void {
  let stop: (() => void) | undefined
  let isOver = false
  const start = async (): Promise<void> => {
    const { persistChat } = await import('./persistChat.ts')
    if (!isOver) stop = persistChat(chat, storage)
  }
  chat.hold(start())
  return () => {
    isOver = true
    stop?.()
  }
}
