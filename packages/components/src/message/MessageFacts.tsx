'use client'
import type { ChatAssistantMessage } from '@candor/core'
import type { ReactNode } from 'react'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { formatDuration } from '../base/formatDuration.ts'
import { useLabels } from '../LabelsProvider.tsx'
import { answerFacts } from './answerFacts.ts'

export interface MessageFactsOwnProps {
  message: ChatAssistantMessage
  /** Whether the request had further choices, whose tokens the server may have counted with those of this one. @default false */
  isOneOfSeveral?: boolean
}

/** The facts of an answer in one small line: finish reason, time to first token, tokens/s, tokens, seed. Nothing while none is known. */
export const MessageFacts: PartComponent<'ul', MessageFactsOwnProps> = definePart<'ul', MessageFactsOwnProps>(
  'MessageFacts',
  function MessageFacts({ message, isOneOfSeveral = false, ...rest }, ref) {
    const labels = useLabels()
    const { status, finishReason, seed } = message
    const { firstTokenMs, tokensPerSecond, tokens } = answerFacts(message, { isOneOfSeveral })
    const growing = status === 'streaming' || status === 'submitted'
    const ending = growing
      ? undefined
      : (finishReason ?? (status === 'finished' ? undefined : labels.ending[status]))
    const isKnown = [ending, firstTokenMs, tokensPerSecond, tokens, seed].some((fact) => fact !== undefined)
    const element = usePartElement('ul', {
      ref,
      rest: {
        children: (
          <>
            {ending !== undefined && <li className="candor-fact candor-fact-ending">{ending}</li>}
            {firstTokenMs !== undefined && (
              <li className="candor-fact">
                <abbr title={labels.factFirstToken}>ttft</abbr>{' '}
                <Figures text={formatDuration(firstTokenMs)} />
              </li>
            )}
            {tokensPerSecond !== undefined && (
              <li className="candor-fact" title={labels.factSpeed}>
                <Figures text={labels.tokensPerSecond(formatSpeed(tokensPerSecond))} />
              </li>
            )}
            {tokens !== undefined && (
              <li className="candor-fact">
                <Figures text={labels.tokens(tokens)} />
                {growing && '…'}
              </li>
            )}
            {seed !== undefined && (
              <li className="candor-fact">
                <Figures text={labels.seed(seed)} />
              </li>
            )}
          </>
        ),
        ...rest,
      },
      state: { status },
      props: { className: 'candor-facts', 'aria-label': labels.facts },
    })
    return isKnown ? element : null
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
