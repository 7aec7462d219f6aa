'use client'
import { useLayoutEffect, useState, type RefObject } from 'react'
import { flushSync } from 'react-dom'

/** How far outside the viewport counts as near: what a fast flick of the wheel crosses in a frame or two. */
const margin = '800px 0px'

let observer: IntersectionObserver | undefined
const listeners: Map<Element, (near: boolean) => void> = new Map()

/** Whether an element is on screen or nearly. Always true where nothing can be observed, and in print. */
export function useNearViewport(
  element: RefObject<Element | null>,
  enabled: boolean,
  atFirst: boolean,
): boolean {
  const [near, setNear] = useState(atFirst)
  useLayoutEffect(() => {
    const target = element.current
    if (!enabled || target === null) return undefined
    if (typeof IntersectionObserver === 'undefined') {
      const soon = setTimeout(() => setNear(true))
      return () => clearTimeout(soon)
    }
    observer ??= createObserver()
    listeners.set(target, setNear)
    observer.observe(target)
    return () => {
      listeners.delete(target)
      observer?.unobserve(target)
    }
  }, [element, enabled])
  // The server renders what the browser renders at first, so only props and state may decide.
  return near || !enabled
}

function createObserver(): IntersectionObserver {
  // What is printed is on no screen, yet all of it is looked at.
  window.addEventListener('beforeprint', () => flushSync(() => listeners.forEach((setNear) => setNear(true))))
  return new IntersectionObserver(
    (entries) => {
      const selection = document.getSelection()
      for (const { target, isIntersecting } of entries) {
        // Rewriting text in which a selection begins or ends would lose it.
        const isSelected =
          selection !== null && !selection.isCollapsed && selection.containsNode(target, true)
        if (isIntersecting || !isSelected) listeners.get(target)?.(isIntersecting)
      }
    },
    { rootMargin: margin },
  )
}
