'use client'
import type { ChatAssistantMessage } from '@candor/core'
import type { ReactNode } from 'react'

/** The tokens of an answer with their probabilities. */
export const renderTokens: ((message: ChatAssistantMessage) => ReactNode) | undefined = undefined
