'use client'
import { useEffect, useId, useState } from 'react'

import { Caret } from '../base/Caret.tsx'
import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { formatDuration } from '../base/formatDuration.ts'
import { useLabels } from '../LabelsProvider.tsx'

export interface ReasoningOwnProps {
  /** The thinking, as far as it came. */
  text: string
  /** Whether the model is still thinking. @default false */
  streaming?: boolean
  /** How long it thought, in milliseconds. @default as long as it streamed here */
  durationMs?: number
  /** Whether it is open at first. @default false */
  defaultOpen?: boolean
}

/** What the model thought before it answered: closed until asked for, so that the answer does not jump. */
export const Reasoning: PartComponent<'div', ReasoningOwnProps> = definePart<'div', ReasoningOwnProps>(
  'Reasoning',
  function Reasoning({ text, streaming = false, durationMs, defaultOpen = false, ...rest }, ref) {
    const labels = useLabels()
    const [open, setOpen] = useState(defaultOpen)
    const panelId = useId()
    const measuredMs = useStreamingTime(streaming)
    const thoughtMs = durationMs ?? measuredMs
    const title = streaming
      ? labels.thinking
      : thoughtMs === undefined
        ? labels.thought
        : labels.thoughtFor(formatDuration(thoughtMs))
    return usePartElement('div', {
      ref,
      rest: {
        children: (
          <>
            <button
              aria-controls={panelId}
              aria-expanded={open}
              className="candor-reasoning-trigger candor-focusable"
              onClick={() => setOpen(!open)}
              type="button"
            >
              <span aria-hidden="true" className="candor-reasoning-mark" />
              {title}
            </button>
            <div className="candor-reasoning-text" dir="auto" hidden={!open} id={panelId}>
              {text}
              {streaming && <Caret />}
            </div>
          </>
        ),
        ...rest,
      },
      state: { open, streaming },
      props: { className: 'candor-reasoning' },
    })
  },
)

/** How long `streaming` was true, in milliseconds; `undefined` until it has been. */
function useStreamingTime(streaming: boolean): number | undefined {
  const [time, setTime] = useState<number>()
  useEffect(() => {
    if (!streaming) return undefined
    const startedAt = performance.now()
    return () => setTime(performance.now() - startedAt)
  }, [streaming])
  return time
}
