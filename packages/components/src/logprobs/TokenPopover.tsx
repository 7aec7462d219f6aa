'use client'
import { useLayoutEffect, useRef, type KeyboardEvent, type ReactElement, type ReactNode } from 'react'

import type { Box } from './tokenGeometry.ts'

interface TokenPopoverProps {
  /** Where the token is now; `undefined` while it is nowhere. */
  anchor: () => Box | undefined
  label: string
  onPointerEnter: () => void
  onPointerLeave: () => void
  children: ReactNode
}

/** Distance from the token, and from the edges of the viewport, in pixels. */
const gap = 6
const edge = 8

/**
 * Floats under a token, or over it where there is no room, in the top layer, so that nothing cuts it off. It stays until
 * it is dismissed, and the pointer may go into it.
 */
export function TokenPopover({
  anchor,
  label,
  onPointerEnter,
  onPointerLeave,
  children,
}: TokenPopoverProps): ReactElement {
  const ref = useRef<HTMLDivElement>(null)
  const latestAnchor = useRef(anchor)

  useLayoutEffect(() => {
    const popover = ref.current
    if (popover === null) return undefined
    // Absent in jsdom and before 2024; then it is a fixed box over its neighbours.
    popover.showPopover?.()
    let frame = 0
    const placeSoon = (): void => {
      frame ||= requestAnimationFrame(() => {
        frame = 0
        placeAt(popover, latestAnchor.current())
      })
    }
    const resizes = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(placeSoon)
    resizes?.observe(popover)
    // The text may flow anew.
    if (popover.parentElement !== null) resizes?.observe(popover.parentElement)
    // Scrolling of any ancestor, and that does not bubble.
    document.addEventListener('scroll', placeSoon, { capture: true, passive: true })
    window.addEventListener('resize', placeSoon)
    return () => {
      cancelAnimationFrame(frame)
      resizes?.disconnect()
      document.removeEventListener('scroll', placeSoon, { capture: true })
      window.removeEventListener('resize', placeSoon)
      popover.hidePopover?.()
    }
  }, [])

  // With every rendering: it may be another token, or have other rows.
  useLayoutEffect(() => {
    latestAnchor.current = anchor
    if (ref.current !== null) placeAt(ref.current, anchor())
  })

  return (
    // A <dialog> is not shown by `popover` everywhere; the keys are those of the buttons in it.
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role, jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={ref}
      aria-label={label}
      className="candor-token-popover"
      onKeyDown={moveBetweenButtons}
      onPointerEnter={onPointerEnter}
      onPointerLeave={onPointerLeave}
      popover="manual"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="dialog"
      tabIndex={-1}
    >
      {children}
    </div>
  )
}

function placeAt(popover: HTMLElement, anchor: Box | undefined): void {
  const { clientWidth, clientHeight } = document.documentElement
  const isAway = anchor === undefined || anchor.bottom < 0 || anchor.top > clientHeight
  popover.style.visibility = isAway ? 'hidden' : ''
  if (anchor === undefined) return
  const { width, height } = popover.getBoundingClientRect()
  const isRightToLeft = getComputedStyle(popover).direction === 'rtl'
  const wanted = isRightToLeft ? anchor.right + edge - width : anchor.left - edge
  const left = Math.max(edge, Math.min(wanted, clientWidth - width - edge))
  const below = anchor.bottom + gap
  const above = anchor.top - gap - height
  const fitsBelow = below + height <= clientHeight - edge
  const isAbove = !fitsBelow && (above >= edge || anchor.top > clientHeight - anchor.bottom)
  popover.dataset['side'] = isAbove ? 'above' : 'below'
  popover.style.left = `${left}px`
  popover.style.top = `${isAbove ? Math.max(edge, above) : Math.min(below, Math.max(edge, clientHeight - height - edge))}px`
}

function moveBetweenButtons(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  const buttons = Array.from(event.currentTarget.querySelectorAll<HTMLElement>('button'))
  const at = buttons.findIndex((button) => button === document.activeElement)
  event.preventDefault()
  buttons[(at + step + buttons.length) % buttons.length]?.focus()
}
