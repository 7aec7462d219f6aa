'use client'
import type { CompletionErrorData } from '@candor/core'
import type { ReactNode } from 'react'

import { Button } from '../base/Button.tsx'
import { CopyButton } from '../base/CopyButton.tsx'
import { definePart, type PartComponent } from '../base/definePart.ts'
import { formatDuration } from '../base/formatDuration.ts'
import { useLabels } from '../LabelsProvider.tsx'
import { Notice } from './Notice.tsx'

export interface ErrorNoticeOwnProps {
  error: CompletionErrorData
  /** What is kept of the answer; left out when nothing had come. */
  kept?: ReactNode
  /** Called by the retry button; without it there is none. */
  onRetry?: () => void
  /** More ways on, before retry. */
  actions?: ReactNode
}

/** A failure: what happened in bold, what is kept, what to do as buttons, the code in mono. */
export const ErrorNotice: PartComponent<'div', ErrorNoticeOwnProps> = definePart<'div', ErrorNoticeOwnProps>(
  'ErrorNotice',
  function ErrorNotice({ error, kept, onRetry, actions, ...rest }, ref) {
    const labels = useLabels()
    const [heading, more] = splitFirstSentence(
      error.message === '' ? labels.errorTitle[error.type] : error.message,
    )
    const saysMore = error.serverMessage !== undefined && !error.message.includes(error.serverMessage)
    // Servers repeat themselves: a code that is the status, a type that is the code.
    const facts = [error.serverType, error.code, error.status, error.param].filter(
      (fact) => fact !== undefined,
    )
    const code = [...new Set(facts.map(String))].join(' · ')
    return (
      <Notice
        actions={
          <>
            <CopyButton label={labels.copyDetails} value={() => JSON.stringify(error, null, 2)} />
            {actions}
            {onRetry !== undefined && <Button onClick={() => onRetry()}>{labels.retry}</Button>}
          </>
        }
        code={
          <>
            {code === '' ? error.type : code}
            {error.requestId !== undefined && ` · ${labels.requestId} ${error.requestId}`}
          </>
        }
        heading={heading}
        ref={ref}
        tone="danger"
        {...rest}
      >
        {[more, kept]
          .filter((sentence) => sentence !== undefined && sentence !== '')
          .map((sentence, position) => (
            <span key={position}>{sentence} </span>
          ))}
        {error.retryAfterMs !== undefined && <>{labels.retryAfter(formatDuration(error.retryAfterMs))} </>}
        {saysMore && (
          <span className="candor-notice-server">
            {labels.serverSaid} “{error.serverMessage}”
          </span>
        )}
      </Notice>
    )
  },
)

/** A dot inside a figure or an address does not end a sentence. */
function splitFirstSentence(text: string): [first: string, rest: string] {
  const end = /[.!?…](?=\s+\p{Lu})/u.exec(text)
  if (end === null) return [text, '']
  return [text.slice(0, end.index + 1), text.slice(end.index + 1).trim()]
}
