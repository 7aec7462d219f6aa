import type { CSSProperties } from 'react'

/** How much of a slider's track is filled, 0 to 1: only one browser has a selector for it. */
export function filledTo(share: number): CSSProperties & { '--filled': number } {
  return { '--filled': Math.min(1, Math.max(0, share)) }
}
