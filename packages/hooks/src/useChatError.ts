import type { CompletionErrorData } from '@candor/core'

import { useChatSelector, type ChatSource } from './useChatSelector.ts'

/** Why the last turn failed; `null` when it did not. */
export function useChatError(chat?: ChatSource): CompletionErrorData | null {
  return useChatSelector((state) => state.error, chat, null)
}
