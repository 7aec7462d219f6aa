import { QueryClient, QueryClientContext, QueryClientProvider } from '@tanstack/react-query'
import { createContext, useContext, useState, type ReactNode } from 'react'

import type { ChatHandle, ChatStateSource } from './ChatHandle.ts'

/** The conversation that the selector hooks below a provider read. */
export const ChatContext: React.Context<ChatStateSource | null> = createContext<ChatStateSource | null>(null)

/** The props of `CandorProvider`. */
export interface CandorProviderProps {
  /** The conversation that `useMessage`, `useChatStatus` and the other selectors below read. @default the outer one */
  chat?: Pick<ChatHandle, 'store'>
  /** Where requests run. @default the app's own from `QueryClientProvider`, else a new one */
  queryClient?: QueryClient
  children?: ReactNode
}

/**
 * Gives the hooks below it a `QueryClient`, where the app has none, and a conversation to read from. Not needed for
 * `useChatCompletion` itself.
 */
export function CandorProvider({ chat, queryClient, children }: CandorProviderProps): ReactNode {
  const outerChat = useContext(ChatContext)
  const outerClient = useContext(QueryClientContext)
  const [ownClient] = useState(() => (outerClient === undefined ? new QueryClient() : undefined))
  const client = queryClient ?? outerClient ?? ownClient
  const below = <ChatContext.Provider value={chat?.store ?? outerChat}>{children}</ChatContext.Provider>
  return client === undefined || client === outerClient ? (
    below
  ) : (
    <QueryClientProvider client={client}>{below}</QueryClientProvider>
  )
}
