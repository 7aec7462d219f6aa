'use client'
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react'

/** Below this distance from the end, in pixels, the reader is at the end: fractions of a pixel and a line's descenders. */
const AT_END_PX = 8

export interface FollowEnd {
  /** For the element that scrolls. */
  viewportRef: RefObject<HTMLDivElement | null>
  /** For the element inside it that grows. */
  contentRef: RefObject<HTMLDivElement | null>
  /** Whether the end is in view. */
  atEnd: boolean
  /** Goes to the end and follows it from now on. */
  scrollToEnd: () => void
}

/**
 * Keeps the end in view while content grows, until the reader scrolls up, and again once the reader is back at the end.
 *
 * It is the one writer of `scrollTop`, and never animates: two writers, or an animation chasing a moving end, are what
 * makes streamed text shake.
 */
export function useFollowEnd(): FollowEnd {
  const viewportRef = useRef<HTMLDivElement | null>(null)
  const contentRef = useRef<HTMLDivElement | null>(null)
  const following = useRef(true)
  const lastTop = useRef(0)
  const lastRange = useRef(0)
  const [atEnd, setAtEnd] = useState(true)

  const keepEnd = useCallback(() => {
    const viewport = viewportRef.current
    if (viewport === null) return
    // A first screen is read from its top.
    const isEmpty = contentRef.current?.querySelector(':scope > .candor-thread-empty') != null
    if (following.current && !isEmpty) viewport.scrollTop = viewport.scrollHeight
    lastTop.current = viewport.scrollTop
    lastRange.current = viewport.scrollHeight - viewport.clientHeight
    setAtEnd(lastRange.current - lastTop.current <= AT_END_PX)
  }, [])

  const scrollToEnd = useCallback(() => {
    following.current = true
    keepEnd()
  }, [keepEnd])

  useEffect(() => {
    const viewport = viewportRef.current
    const content = contentRef.current
    if (viewport === null || content === null) return undefined

    const onScroll = (): void => {
      const top = viewport.scrollTop
      const range = viewport.scrollHeight - viewport.clientHeight
      // Content that shrinks pulls scrollTop up without the reader's doing.
      const wasPulled = range < lastRange.current && range - top <= 1
      // Any movement up counts, however small: the first step of a smooth scroll is a pixel or two.
      if (top < lastTop.current && !wasPulled) following.current = false
      else if (range - top <= AT_END_PX) following.current = true
      lastTop.current = top
      lastRange.current = range
      setAtEnd(range - top <= AT_END_PX)
    }
    viewport.addEventListener('scroll', onScroll, { passive: true })
    // Both: the text grows, and the room for it shrinks when the composer grows or a keyboard opens.
    // Absent in jsdom, where apps test: nothing has a size there either.
    const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(keepEnd)
    observer?.observe(viewport)
    observer?.observe(content)
    return () => {
      viewport.removeEventListener('scroll', onScroll)
      observer?.disconnect()
    }
  }, [keepEnd])

  return { viewportRef, contentRef, atEnd, scrollToEnd }
}
