'use client'
import type { ChatAssistantMessage } from '@candor/core'
import type { ReactNode } from 'react'

import { Button } from '../base/Button.tsx'
import { useLabels } from '../LabelsProvider.tsx'
import { answerFacts } from '../message/answerFacts.ts'
import { ErrorNotice } from '../message/ErrorNotice.tsx'
import { InterruptedNotice } from '../message/InterruptedNotice.tsx'
import { messageParts } from '../message/messageParts.ts'
import { Notice } from '../message/Notice.tsx'
import { useChatContext } from './ChatContext.ts'
import { failed } from './failed.ts'
import { isBusy } from './isBusy.ts'
import { useStoreValue } from './useStoreValue.ts'

interface AnswerEndingProps {
  message: ChatAssistantMessage
  isLast: boolean
}

/** How an answer ended, where that needs words. */
export function AnswerEnding({ message, isLast }: AnswerEndingProps): ReactNode {
  const { store, actions, options, memory } = useChatContext()
  const labels = useLabels()
  const busy = useStoreValue(store, isBusy, null)
  const isCutOff = useStoreValue(store, (state) => isLast && state.status === 'interrupted', null)
  const { tokens } = answerFacts(message)
  const hasParts = messageParts(message).length > 0
  const kept = hasParts ? labels.kept : undefined
  const retry = (): void => {
    memory.leaveFocus(message, 'message')
    void (isLast ? actions.retry() : actions.regenerate(message.id))
  }
  const again = busy ? {} : { onRetry: retry }
  const canContinue = options.canContinue && options.canSend && !busy && hasParts
  const goOn = (): void => {
    memory.leaveFocus(message, 'message')
    void actions.continue({ messageId: message.id })
  }
  const continueButton = canContinue ? <Button onClick={goOn}>{labels.continue}</Button> : undefined

  // What is the matter is said by the app, and nothing can be done here until it is mended.
  if (!options.canSend && failed[message.status]) {
    return <Notice>{hasParts ? labels.breaksOff : labels.unanswered}</Notice>
  }

  switch (message.status) {
    case 'submitted':
    case 'streaming':
    case 'stopped':
      return null
    case 'interrupted':
      return (
        <InterruptedNotice
          {...(tokens === undefined ? {} : { tokens })}
          {...(canContinue ? { onContinue: goOn } : {})}
          {...again}
        />
      )
    case 'cut-off':
    case 'timed-out':
    case 'error': {
      // Its message says what is kept.
      if (message.error !== undefined) {
        return <ErrorNotice actions={continueButton} error={message.error} {...again} />
      }
      return (
        <Notice
          actions={
            busy ? undefined : (
              <>
                {continueButton}
                <Button onClick={retry}>{labels.retry}</Button>
              </>
            )
          }
          heading={message.status === 'timed-out' ? labels.timedOut : labels.cutOff}
          tone="danger"
        >
          {kept}
        </Notice>
      )
    }
    case 'finished':
      // Its tools had not been answered when the page was closed.
      if (isCutOff) return <InterruptedNotice {...again} />
      if (message.finishReason === 'length')
        return <Notice actions={continueButton}>{labels.tokenLimit}</Notice>
      if (message.finishReason === 'content_filter') return <Notice>{labels.contentFilter}</Notice>
      return hasParts ? null : <Notice>{labels.emptyAnswer}</Notice>
    default:
      return message.status satisfies never
  }
}
