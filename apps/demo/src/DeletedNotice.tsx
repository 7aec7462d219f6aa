import { useEffect, useEffectEvent, useRef, useState } from 'react'

import { UNDO_MS } from './useThreadList.ts'

export interface DeletedNoticeProps {
  /** The name of the thread that was deleted. */
  title: string
  onUndo: () => void
  /** Called when the time to undo is over: never while the pointer or the focus is on the button. */
  onOver: () => void
}

/** Says that a thread was deleted, and takes that back. */
export function DeletedNotice({ title, onUndo, onOver }: DeletedNoticeProps) {
  const [held, setHeld] = useState(false)
  const undo = useRef<HTMLButtonElement>(null)
  const over = useEffectEvent(onOver)
  useEffect(() => {
    if (held) return undefined
    const timer = setTimeout(over, UNDO_MS)
    return () => clearTimeout(timer)
  }, [held])
  // Whoever deleted it with the keyboard stood on a row that is gone.
  useEffect(() => {
    if (document.activeElement === document.body) undo.current?.focus()
  }, [])
  return (
    <output className="deleted">
      <p>
        Deleted <q>{title}</q>
      </p>
      <button
        ref={undo}
        type="button"
        className="button"
        onClick={onUndo}
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocus={() => setHeld(true)}
        onBlur={() => setHeld(false)}
      >
        Undo
      </button>
    </output>
  )
}
