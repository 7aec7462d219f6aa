import type { Branches } from './ChatHandle.ts'
import { useChatSelector, type ChatSource } from './useChatSelector.ts'

/** The siblings of a message, itself among them: what a branch picker counts through. `undefined` for an unknown id. */
export function useBranches(messageId: string, chat?: ChatSource): Branches | undefined {
  return useChatSelector(
    (state) => {
      const message = state.messages[messageId]
      return message === undefined ? undefined : state.branches[message.parentId ?? '']
    },
    chat,
    null,
  )
}
