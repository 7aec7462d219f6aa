'use client'
import type { ChatMessage } from '@candor/core'
import { createContext, useContext } from 'react'

export const MessageContext: React.Context<ChatMessage | null> = createContext<ChatMessage | null>(null)

/** The message around a part. Throws outside `<Message.Root>`. */
export function useMessageOfPart(): ChatMessage {
  const message = useContext(MessageContext)
  if (message === null) {
    throw new Error(
      'Candor: a part of Message stands outside <Message.Root>, so it has no message to show. Put it inside one.',
    )
  }
  return message
}
