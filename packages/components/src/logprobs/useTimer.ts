'use client'
import { useEffect, useState } from 'react'

/** One thing that happens later, unless something else is to happen. */
export interface Timer {
  set: (delayMs: number, run: () => void) => void
  clear: () => void
}

/** A timer that ends with its component; the same object for its life. */
export function useTimer(): Timer {
  const [timer] = useState(createTimer)
  useEffect(() => timer.clear, [timer])
  return timer
}

function createTimer(): Timer {
  let running: ReturnType<typeof setTimeout> | undefined
  return {
    set: (delayMs, run) => {
      clearTimeout(running)
      running = setTimeout(run, delayMs)
    },
    clear: () => clearTimeout(running),
  }
}
