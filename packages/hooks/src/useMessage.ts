import type { ChatMessage } from '@candor/core'

import { useChatSelector, type ChatSource } from './useChatSelector.ts'

/** One message, of any branch; `undefined` when there is none with this id. Re-renders when this message changes. */
export function useMessage(id: string, chat?: ChatSource): ChatMessage | undefined {
  return useChatSelector((state) => state.messages[id], chat, id)
}
