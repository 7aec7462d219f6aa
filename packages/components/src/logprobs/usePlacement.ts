'use client'
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'

import type { Box } from './tokenGeometry.ts'

/**
 * Lays the ring and the cursor over the unit: after each rendering, and when the text flows anew. By hand, since a place
 * that is measured would otherwise need a second rendering.
 */
export function usePlacement(
  ring: RefObject<HTMLElement | null>,
  cursor: RefObject<HTMLElement | null>,
  measure: () => readonly Box[],
): void {
  const latest = useRef(measure)
  useLayoutEffect(() => {
    latest.current = measure
    place(ring.current, cursor.current, measure())
  })
  useEffect(() => {
    const container = ring.current?.parentElement
    if (!container || typeof ResizeObserver === 'undefined') return undefined
    const resizes = new ResizeObserver(() => place(ring.current, cursor.current, latest.current()))
    resizes.observe(container)
    return () => resizes.disconnect()
  }, [ring, cursor])
}

function place(ring: HTMLElement | null, cursor: HTMLElement | null, boxes: readonly Box[]): void {
  const origin = ring?.parentElement?.getBoundingClientRect()
  if (ring === null || origin === undefined) return
  const lines = boxes.map((box) => {
    const line = ring.ownerDocument.createElement('span')
    line.className = 'candor-token-ring'
    putAt(line, box, origin)
    return line
  })
  ring.replaceChildren(...lines)
  const [first] = boxes
  if (cursor !== null && first !== undefined) putAt(cursor, first, origin)
}

function putAt(element: HTMLElement, { left, top, right, bottom }: Box, origin: DOMRect): void {
  element.style.left = `${left - origin.left}px`
  element.style.top = `${top - origin.top}px`
  element.style.width = `${right - left}px`
  element.style.height = `${bottom - top}px`
}
