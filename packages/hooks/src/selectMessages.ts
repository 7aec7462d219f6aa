import type { ChatMessage } from '@candor/core'

import type { ChatState } from './ChatHandle.ts'

const messagesOfState = new WeakMap<ChatState, readonly ChatMessage[]>()

/** The messages of the current branch, first to last; the same array for the same state. */
export function selectMessages(state: ChatState): readonly ChatMessage[] {
  let messages = messagesOfState.get(state)
  if (messages === undefined) {
    messages = state.messageIds.map((id) => state.messages[id]!)
    messagesOfState.set(state, messages)
  }
  return messages
}
