'use client'
import { createContext, useContext, type RefObject } from 'react'

export interface ComposerContextValue {
  /** What is typed. */
  value: string
  setValue: (value: string) => void
  /** Whether an answer is on its way. */
  busy: boolean
  canSend: boolean
  disabled: boolean
  canStop: boolean
  inputRef: RefObject<HTMLTextAreaElement | null>
  submit: () => void
  stop: () => void
}

export const ComposerContext: React.Context<ComposerContextValue | null> =
  createContext<ComposerContextValue | null>(null)

/** The composer around a part. Throws outside `<Composer.Root>`. */
export function useComposer(): ComposerContextValue {
  const composer = useContext(ComposerContext)
  if (composer === null) {
    throw new Error(
      'Candor: a part of Composer stands outside <Composer.Root>, so it has no text to send. Put it inside one.',
    )
  }
  return composer
}
