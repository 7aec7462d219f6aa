'use client'
import { useEffect, useLayoutEffect, type RefObject } from 'react'

const sizesItself =
  typeof CSS !== 'undefined' && typeof CSS.supports === 'function' && CSS.supports('field-sizing', 'content')

// React 18 warns about a layout effect on the server.
const useSizeEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

/** Lets a text field grow with its text where the browser's `field-sizing` does not. */
export function useAutosize(ref: RefObject<HTMLTextAreaElement | null>, value: string): void {
  useSizeEffect(() => {
    const field = ref.current
    if (field === null || sizesItself) return
    field.style.blockSize = 'auto'
    field.style.blockSize = `${field.scrollHeight}px`
    // `value` is what changes the height.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [ref, value])
}
