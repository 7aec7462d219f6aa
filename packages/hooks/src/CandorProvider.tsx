'use client'
import { QueryClient, QueryClientContext, QueryClientProvider } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'

import type { ChatHandle, ChatStateSource } from './ChatHandle.ts'
import { createChatRegistry, type ChatRegistry } from './createChatRegistry.ts'

/** The conversation that the selector hooks below a provider read. */
export const ChatContext: React.Context<ChatStateSource | null> = createContext<ChatStateSource | null>(null)

/** The chats that a provider keeps. */
export const ChatRegistryContext: React.Context<ChatRegistry | null> = createContext<ChatRegistry | null>(
  null,
)

/** The props of `CandorProvider`. */
export interface CandorProviderProps {
  /** The conversation that `useMessage`, `useChatStatus` and the other selectors below read. @default the outer one */
  chat?: Pick<ChatHandle, 'store'>
  /** Where requests run. @default the app's own from `QueryClientProvider`, else a new one */
  queryClient?: QueryClient
  /**
   * Whether chats with an `id` below live on when their component goes: an answer that streams goes on, and is there when
   * the reader comes back to its thread. They end with the provider. @default false
   */
  keepChats?: boolean
  children?: ReactNode
}

/**
 * Gives the hooks below it a `QueryClient`, where the app has none, a conversation to read from, and chats that outlive
 * their components. Not needed for `useChatCompletion` itself.
 */
export function CandorProvider({
  chat,
  queryClient,
  keepChats = false,
  children,
}: CandorProviderProps): ReactNode {
  const outerChat = useContext(ChatContext)
  const outerClient = useContext(QueryClientContext)
  const [ownClient] = useState(() => (outerClient === undefined ? new QueryClient() : undefined))
  const outerRegistry = useContext(ChatRegistryContext)
  const [ownRegistry] = useState(createChatRegistry)
  useEffect(() => ownRegistry.close, [ownRegistry])
  const client = queryClient ?? outerClient ?? ownClient
  const below = (
    <ChatRegistryContext.Provider value={keepChats ? ownRegistry : outerRegistry}>
      <ChatContext.Provider value={chat?.store ?? outerChat}>{children}</ChatContext.Provider>
    </ChatRegistryContext.Provider>
  )
  return client === undefined || client === outerClient ? (
    below
  ) : (
    <QueryClientProvider client={client}>{below}</QueryClientProvider>
  )
}
