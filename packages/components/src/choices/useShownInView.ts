'use client'
import { useEffect, type RefObject } from 'react'

/** A row of choices that opens shows the one on the current branch, though others stand before it and there is no room. */
export function useShownInView(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const row = root.current
    const shown = row?.querySelector('[data-shown]')
    if (!row || !shown) return
    const room = row.getBoundingClientRect()
    const box = shown.getBoundingClientRect()
    // Scrolls the row alone, either way of writing: scrollIntoView would move the thread too.
    if (box.left < room.left) row.scrollBy({ left: box.left - room.left })
    else if (box.right > room.right) row.scrollBy({ left: box.right - room.right })
  }, [root])
}
