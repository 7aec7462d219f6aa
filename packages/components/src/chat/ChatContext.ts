'use client'
import type { ChatAssistantMessage, ChatMessage } from '@candor/core'
import type { ChatActions, ChatStateSource } from '@candor/hooks'
import { createContext, useContext, type ReactNode } from 'react'

import type { MarkdownPolicy } from '../markdown/MarkdownPolicy.ts'
import type { PartRenderers } from '../message/Message.tsx'
import type { ChatMemory } from './createChatMemory.ts'

/** What an answer is shown as: its text, or its tokens with their probabilities. */
export type AnswerView = 'text' | 'tokens'

/** How the messages of a chat are shown; see `ChatProps`. */
export interface ChatViewOptions {
  viewOf: ((message: ChatAssistantMessage) => AnswerView | undefined) | undefined
  onViewChange: ((message: ChatAssistantMessage, view: AnswerView) => void) | undefined
  defaultView: AnswerView
  renderTokens: ((message: ChatAssistantMessage) => ReactNode) | undefined
  renderMessageExtra: ((message: ChatMessage) => ReactNode) | undefined
  renderers: PartRenderers | undefined
  markdown: Partial<MarkdownPolicy> | undefined
  canSend: boolean
  canContinue: boolean
  hideInstructions: boolean
}

export interface ChatContextValue {
  store: ChatStateSource
  actions: ChatActions
  options: ChatViewOptions
  memory: ChatMemory
}

export const ChatContext: React.Context<ChatContextValue | null> = createContext<ChatContextValue | null>(
  null,
)

/** The chat around a part of it. */
export function useChatContext(): ChatContextValue {
  const chat = useContext(ChatContext)
  if (chat === null) throw new Error('Candor: a part of Chat stands outside <Chat>. Put it inside one.')
  return chat
}
