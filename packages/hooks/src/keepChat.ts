import type { ChatStorage } from './ChatStorage.ts'
import type { ChatController } from './createChat.ts'

/** Keeps a chat in a storage; what does that is loaded first, and what is sent meanwhile waits. */
export function keepChat(chat: ChatController, storage: ChatStorage): () => void {
  let stop: (() => void) | undefined
  let isOver = false
  const start = async (): Promise<void> => {
    try {
      const { persistChat } = await import('./persistChat.ts')
      if (!isOver) stop = persistChat(chat, storage)
    } catch {
      chat.setStorageError(
        'What keeps this conversation could not be loaded: it will be gone after a reload. Check the network, then reload the page.',
      )
    }
  }
  chat.hold(start())
  return () => {
    isOver = true
    stop?.()
  }
}
