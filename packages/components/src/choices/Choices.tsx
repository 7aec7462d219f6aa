'use client'
import { formatFigure, sequenceFigures, tokenSeries, type ChatAssistantMessage } from '@candor/core'
import { useMemo, useRef, type CSSProperties, type ReactNode } from 'react'

import { Button } from '../base/Button.tsx'
import { CopyButton } from '../base/CopyButton.tsx'
import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { useLabels } from '../LabelsProvider.tsx'
import { Message, type PartRenderers } from '../message/Message.tsx'
import { MessageContext } from '../message/MessageContext.ts'
import { answerFacts } from '../message/answerFacts.ts'
import { messageText } from '../message/messageParts.ts'
import { endedChoice } from './endedChoice.ts'
import { useForks } from './useForks.ts'
import { useShownInView } from './useShownInView.ts'

export interface ChoicesRootOwnProps {
  /** How many there are: as many columns where there is room. */
  count: number
  children?: ReactNode
}

/**
 * Holds the choices of one request side by side; where there is no room for all of them, in a row to swipe. The word at
 * which a choice departs from another is marked. Renders a `<div role="group">`.
 */
export const ChoicesRoot: PartComponent<'div', ChoicesRootOwnProps> = definePart<'div', ChoicesRootOwnProps>(
  'Choices.Root',
  function ChoicesRoot({ count, ...rest }, ref) {
    const labels = useLabels()
    const style: CSSProperties & { '--candor-choices-count': number } = { '--candor-choices-count': count }
    const own = useRef<HTMLDivElement>(null)
    useForks(own)
    useShownInView(own)
    return usePartElement('div', {
      ref: [own, ref],
      rest,
      state: { count },
      props: { className: 'candor-choices', role: 'group', 'aria-label': labels.choices(count), style },
    })
  },
)

export interface ChoiceOwnProps {
  /** The choice, as an answer of its own. */
  message: ChatAssistantMessage
  /** Whether the conversation goes on from this one unless another is used. @default false */
  shown?: boolean
  /** Called when the reader wants to go on from this one; without it there is no such button. */
  onUse?: (() => void) | undefined
  /** Draws kinds of parts in the app's own way. */
  renderers?: PartRenderers
  /** More buttons, before the one that uses it. */
  actions?: ReactNode
}

/** One choice: its text, how it ended, its figures, and the ways to copy and to use it. Renders an `<article>`. */
export const Choice: PartComponent<'article', ChoiceOwnProps> = definePart<'article', ChoiceOwnProps>(
  'Choices.Choice',
  function Choice({ message: given, shown = false, onUse, renderers, actions, ...rest }, ref) {
    const labels = useLabels()
    const message = useMemo(() => endedChoice(given), [given])
    const { status, choice } = message
    const isUsable = !isOpen(message)
    const name = labels.choice(choice.index)
    const text = messageText(message)
    const element = usePartElement('article', {
      ref,
      rest: {
        children: (
          <>
            <header className="candor-choice-head">
              <span>{name}</span>
              {shown && (
                <span className="candor-choice-mark" title={labels.choiceGoesOnHint}>
                  {labels.choiceGoesOn}
                </span>
              )}
            </header>
            <Message.Parts {...(renderers === undefined ? {} : { renderers })} />
            <footer className="candor-choice-foot">
              <ChoiceFacts message={message} />
              <div className="candor-choice-actions">
                {text !== '' && <CopyButton label={`${labels.copy}, ${name}`} value={text} />}
                {actions}
                {onUse !== undefined && (
                  // It keeps its place in the order of the keyboard while its choice is still coming.
                  <Button
                    aria-disabled={!isUsable}
                    aria-label={`${labels.useChoice}, ${name}`}
                    className="candor-choice-use"
                    onClick={() => isUsable && onUse()}
                  >
                    {labels.useChoice}
                  </Button>
                )}
              </div>
            </footer>
          </>
        ),
        ...rest,
      },
      state: { status, shown, index: choice.index },
      props: { className: 'candor-choice', 'aria-label': name },
    })
    return <MessageContext.Provider value={message}>{element}</MessageContext.Provider>
  },
)

/**
 * How a choice ended, and what its tokens say. A server counts the tokens of all choices together, or those of one, so
 * they are counted here, where their probabilities came.
 */
function ChoiceFacts({ message }: { message: ChatAssistantMessage }): ReactNode {
  const labels = useLabels()
  const { status, finishReason, choice } = message
  const { tokens } = answerFacts(message, { isOneOfSeveral: true })
  const series = tokenSeries(choice.logprobs)
  const figures = series === undefined ? undefined : sequenceFigures(series)
  const failed =
    status === 'error' || status === 'cut-off' || status === 'timed-out' || status === 'interrupted'
  const ending =
    finishReason ??
    (status === 'submitted' || status === 'streaming' || status === 'finished'
      ? undefined
      : labels.ending[status])
  if (ending === undefined && tokens === undefined) return null
  return (
    <ul aria-label={labels.facts} className="candor-facts">
      {ending !== undefined && (
        <li
          className="candor-fact candor-fact-ending"
          {...(failed && finishReason === null ? { 'data-failed': '' } : {})}
        >
          {ending}
        </li>
      )}
      {tokens !== undefined && (
        <li className="candor-fact">
          {labels.tokens(tokens)}
          {isOpen(message) && '…'}
        </li>
      )}
      {figures !== undefined && figures.counted > 0 && (
        <>
          <li className="candor-fact" title={labels.sumLogprobHint}>
            {labels.sumLogprob(minus(formatFigure(figures.sumLogprob)))}
          </li>
          <li className="candor-fact" title={labels.meanLogprobHint}>
            {labels.meanLogprob(minus(figures.meanLogprob.toFixed(2)))}
          </li>
        </>
      )}
    </ul>
  )
}

const isOpen = ({ status }: ChatAssistantMessage): boolean => status === 'submitted' || status === 'streaming'

/** With the sign of mathematics, which is as wide as a figure. */
const minus = (figure: string): string => figure.replace('-', '−')

export interface ChoicesOwnProps extends Omit<ChoicesRootOwnProps, 'count' | 'children'> {
  /** The choices of one request, in the order of their `index`. */
  choices: readonly ChatAssistantMessage[]
  /** The id of the one that the conversation goes on from unless another is used. */
  shownId?: string
  /** Called with the choice that the reader wants to go on from. */
  onUse?: (choice: ChatAssistantMessage) => void
  /** Draws kinds of parts in the app's own way. */
  renderers?: PartRenderers
}

interface ChoicesComponent extends PartComponent<'div', ChoicesOwnProps> {
  Root: typeof ChoicesRoot
  Choice: typeof Choice
}

/** All choices of one request side by side, ready made. */
export const Choices: ChoicesComponent = /* @__PURE__ */ Object.assign(
  definePart<'div', ChoicesOwnProps>('Choices', ({ choices, shownId, onUse, renderers, ...rest }, ref) => (
    <ChoicesRoot count={choices.length} ref={ref} {...rest}>
      {choices.map((choice) => (
        <Choice
          key={choice.id}
          message={choice}
          onUse={onUse === undefined ? undefined : () => onUse(choice)}
          shown={choice.id === shownId}
          {...(renderers === undefined ? {} : { renderers })}
        />
      ))}
    </ChoicesRoot>
  )),
  { Root: ChoicesRoot, Choice },
)
