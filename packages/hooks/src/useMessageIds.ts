import { useChatSelector, type ChatSource } from './useChatSelector.ts'

/** The ids of the current branch, first to last. Re-renders when messages come or go, not when one grows. */
export function useMessageIds(chat?: ChatSource): readonly string[] {
  return useChatSelector((state) => state.messageIds, chat, null)
}
