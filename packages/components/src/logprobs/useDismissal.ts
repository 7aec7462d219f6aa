'use client'
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'

/** Closes what is open: with Escape, wherever the focus is (`byKey`), and with a press outside. */
export function useDismissal(
  isOpen: boolean,
  root: RefObject<HTMLElement | null>,
  dismiss: (byKey: boolean) => void,
): void {
  const latest = useRef(dismiss)
  useLayoutEffect(() => {
    latest.current = dismiss
  })
  useEffect(() => {
    if (!isOpen) return undefined
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      // It means this only, and not also "stop the answer".
      event.stopPropagation()
      event.preventDefault()
      latest.current(true)
    }
    const onPointerDown = (event: Event): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) latest.current(false)
    }
    document.addEventListener('keydown', onKeyDown, { capture: true })
    document.addEventListener('pointerdown', onPointerDown, { capture: true })
    return () => {
      document.removeEventListener('keydown', onKeyDown, { capture: true })
      document.removeEventListener('pointerdown', onPointerDown, { capture: true })
    }
  }, [isOpen, root])
}
