import type { ChatStatus } from '@candor/core'

import { useChatSelector, type ChatSource } from './useChatSelector.ts'

/** How the conversation stands. */
export function useChatStatus(chat?: ChatSource): ChatStatus {
  return useChatSelector((state) => state.status, chat, null)
}
