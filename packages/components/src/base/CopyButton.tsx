'use client'
import { mergeProps } from '@base-ui/react/merge-props'
import { useEffect, useState } from 'react'

import { CheckIcon, CopyIcon } from '../icons.tsx'
import { useLabels } from '../LabelsProvider.tsx'
import { Button } from './Button.tsx'
import { definePart, type PartComponent } from './definePart.ts'

/** How long the tick stays, in milliseconds. */
const TICK_MS = 1600

export interface CopyButtonOwnProps {
  /** What is copied; a function is asked at the click, so that nothing large is put together before. */
  value: string | (() => string)
  /** Its name. @default labels.copy */
  label?: string
  /** Shows the name instead of the icon. @default false */
  withText?: boolean
}

/** Copies text, and says whether that worked. */
export const CopyButton: PartComponent<'button', CopyButtonOwnProps> = definePart<
  'button',
  CopyButtonOwnProps
>('CopyButton', function CopyButton({ value, label, withText = false, ...rest }, ref) {
  const labels = useLabels()
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null)
  useEffect(() => {
    if (outcome === null) return undefined
    const timer = setTimeout(() => setOutcome(null), TICK_MS)
    return () => clearTimeout(timer)
  }, [outcome])

  const name = label ?? labels.copy
  const says = outcome === 'copied' ? labels.copied : outcome === 'failed' ? labels.copyFailed : name
  const copy = (): void => {
    const text = typeof value === 'function' ? value() : value
    // Absent outside secure contexts: `http:` on anything but localhost.
    const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))
    written.then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    )
  }
  return (
    <Button
      ref={ref}
      {...(withText ? {} : { variant: 'icon', label: says })}
      {...(outcome === null ? {} : { 'data-outcome': outcome })}
      {...mergeProps<'button'>({ onClick: copy }, rest)}
    >
      {withText ? says : outcome === 'copied' ? <CheckIcon /> : <CopyIcon />}
    </Button>
  )
})
