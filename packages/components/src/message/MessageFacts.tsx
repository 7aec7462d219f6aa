'use client'
import type { ChatAssistantMessage } from '@candor/core'
import type { ReactNode } from 'react'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { formatDuration } from '../base/formatDuration.ts'
import { useLabels } from '../LabelsProvider.tsx'
import { answerFacts } from './answerFacts.ts'

export interface MessageFactsOwnProps {
  message: ChatAssistantMessage
}

/** The facts of an answer in one small line: finish reason, time to first token, tokens/s, tokens, seed. */
export const MessageFacts: PartComponent<'p', MessageFactsOwnProps> = definePart<'p', MessageFactsOwnProps>(
  'MessageFacts',
  function MessageFacts({ message, ...rest }, ref) {
    const labels = useLabels()
    const { status, finishReason, seed } = message
    const { firstTokenMs, tokensPerSecond, tokens } = answerFacts(message)
    const growing = status === 'streaming' || status === 'submitted'
    const ending = growing
      ? undefined
      : (finishReason ?? (status === 'finished' ? undefined : labels.ending[status]))
    return usePartElement('p', {
      ref,
      rest: {
        children: (
          <>
            {ending !== undefined && <span className="candor-fact candor-fact-ending">{ending}</span>}
            {firstTokenMs !== undefined && (
              <span className="candor-fact">
                <abbr title={labels.factFirstToken}>ttft</abbr>{' '}
                <Figures text={formatDuration(firstTokenMs)} />
              </span>
            )}
            {tokensPerSecond !== undefined && (
              <span className="candor-fact" title={labels.factSpeed}>
                <Figures text={labels.tokensPerSecond(formatSpeed(tokensPerSecond))} />
              </span>
            )}
            {tokens !== undefined && (
              <span className="candor-fact">
                <Figures text={labels.tokens(tokens)} />
                {growing && '…'}
              </span>
            )}
            {seed !== undefined && (
              <span className="candor-fact">
                <Figures text={labels.seed(seed)} />
              </span>
            )}
          </>
        ),
        ...rest,
      },
      state: { status },
      props: { className: 'candor-facts', 'aria-label': labels.facts },
    })
  },
)

/** A fact with its figures set off from its words. */
function Figures({ text }: { text: string }): ReactNode {
  return text.split(/(\d[\d.,]*)/).map((piece, position) =>
    position % 2 === 1 ? (
      <span className="candor-figure" key={position}>
        {piece}
      </span>
    ) : (
      piece
    ),
  )
}

const formatSpeed = (speed: number): string => (speed < 10 ? speed.toFixed(1) : speed.toFixed(0))
