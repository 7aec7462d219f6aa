'use client'
import { Button } from '../base/Button.tsx'
import { definePart, type PartComponent } from '../base/definePart.ts'
import { useLabels } from '../LabelsProvider.tsx'
import { Notice } from './Notice.tsx'

export interface InterruptedNoticeOwnProps {
  /** How many tokens of the answer are kept, when that is known. */
  tokens?: number
  /** Called by the continue button; without it there is none. */
  onContinue?: () => void
  /** Called by the retry button; without it there is none. */
  onRetry?: () => void
}

/** An answer that a reload cut off: what is kept, and the ways on. */
export const InterruptedNotice: PartComponent<'div', InterruptedNoticeOwnProps> = definePart<
  'div',
  InterruptedNoticeOwnProps
>('InterruptedNotice', function InterruptedNotice({ tokens, onContinue, onRetry, ...rest }, ref) {
  const labels = useLabels()
  return (
    <Notice
      actions={
        <>
          {onContinue !== undefined && <Button onClick={() => onContinue()}>{labels.continue}</Button>}
          {onRetry !== undefined && <Button onClick={() => onRetry()}>{labels.retry}</Button>}
        </>
      }
      heading={labels.interrupted}
      ref={ref}
      tone="warn"
      {...rest}
    >
      {tokens === undefined ? labels.kept : labels.keptTokens(tokens)}
    </Notice>
  )
})
