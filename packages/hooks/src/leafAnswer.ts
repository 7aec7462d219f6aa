import type { ChatAssistantMessage } from '@candor/core'

import type { ChatState } from './ChatHandle.ts'

/** The last answer of the current branch. */
export function leafAnswer({ messages, messageIds }: ChatState): ChatAssistantMessage | undefined {
  for (let place = messageIds.length - 1; place >= 0; place--) {
    const message = messages[messageIds[place]!]
    if (message?.role === 'assistant') return message
  }
  return undefined
}

/** Whether two answers are choices of one request. */
export function isSameTurn(one: ChatAssistantMessage, other: ChatAssistantMessage): boolean {
  return one.id === other.id || (one.turnId !== undefined && one.turnId === other.turnId)
}
