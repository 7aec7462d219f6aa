'use client'
import { createContext, useContext, type RefObject } from 'react'

export interface ThreadContextValue {
  viewportRef: RefObject<HTMLDivElement | null>
  contentRef: RefObject<HTMLDivElement | null>
  /** Whether the end is in view. */
  atEnd: boolean
  /** Goes to the end and follows it from now on. */
  scrollToEnd: () => void
}

export const ThreadContext: React.Context<ThreadContextValue | null> =
  createContext<ThreadContextValue | null>(null)

/** The thread around a part. Throws outside `<Thread.Root>`. */
export function useThread(): ThreadContextValue {
  const thread = useContext(ThreadContext)
  if (thread === null) {
    throw new Error(
      'Candor: a part of Thread stands outside <Thread.Root>, so it has no scroll position to share. Put it inside one.',
    )
  }
  return thread
}
