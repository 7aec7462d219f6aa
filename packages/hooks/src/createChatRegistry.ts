import type { ChatStorage } from './ChatStorage.ts'
import type { ChatController } from './createChat.ts'
import { keepChat } from './keepChat.ts'

/** Chats that outlive the components that show them, by id. */
export interface ChatRegistry {
  /** The chat with this id, created when there is none. */
  readonly obtain: (id: string, create: () => ChatController) => ChatController
  /** Keeps a chat in a storage for as long as the registry is open; what is returned does nothing. */
  readonly keep: (chat: ChatController, storage: ChatStorage) => () => void
  /** Stops all turns. */
  readonly close: () => void
}

/** Creates an empty registry. */
export function createChatRegistry(): ChatRegistry {
  const chats = new Map<string, ChatController>()
  const keepers = new Map<ChatController, { storage: ChatStorage; stop: () => void }>()
  return {
    obtain(id, create) {
      const chat = chats.get(id) ?? create()
      chats.set(id, chat)
      return chat
    },
    keep(chat, storage) {
      const known = keepers.get(chat)
      if (known?.storage !== storage) {
        known?.stop()
        keepers.set(chat, { storage, stop: keepChat(chat, storage) })
      }
      return () => {}
    },
    close() {
      for (const chat of chats.values()) chat.actions.stop()
      for (const { stop } of keepers.values()) stop()
      keepers.clear()
    },
  }
}
