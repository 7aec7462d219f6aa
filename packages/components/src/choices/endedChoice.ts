import type { ChatAssistantMessage } from '@candor/core'

/** A choice as it stands by itself: one that has ended is whole, though others of its request are still coming. */
export function endedChoice(message: ChatAssistantMessage): ChatAssistantMessage {
  const isComing = message.status === 'submitted' || message.status === 'streaming'
  return isComing && message.finishReason !== null ? { ...message, status: 'finished' } : message
}
