'use client'
import type { ChatAssistantMessage } from '@candor/core'
import { memo, useMemo, type ReactElement } from 'react'

import { Choice, ChoicesRoot } from '../choices/Choices.tsx'
import { endedChoice } from '../choices/endedChoice.ts'
import { useLabels } from '../LabelsProvider.tsx'
import { ActionBar } from '../message/ActionBar.tsx'
import { AnswerEnding } from './AnswerEnding.tsx'
import { useChatContext } from './ChatContext.ts'
import { failed } from './failed.ts'
import { useAnswerView } from './useAnswerView.tsx'
import { useStoreValue } from './useStoreValue.ts'

export interface ChatChoicesProps {
  /** The ids of the choices, in the order of their `index`. */
  ids: readonly string[]
  /** The one on the current branch. */
  shownId: string
  /** Called with the id of the choice that the reader wants to go on from. */
  onUse: (id: string) => void
}

/** All choices of a turn side by side, each subscribed to itself alone, and what went wrong with them, said once. */
export function ChatChoices({ ids, shownId, onUse }: ChatChoicesProps): ReactElement {
  const { store } = useChatContext()
  // The one on the branch first: its failure is what the conversation stands at.
  const failure = useStoreValue(store, ({ messages }) =>
    [shownId, ...ids]
      .map((id) => messages[id])
      .find((message) => message?.role === 'assistant' && failed[message.status]),
  )
  return (
    <>
      <ChoicesRoot count={ids.length}>
        {ids.map((id) => (
          <ChatChoice id={id} key={id} onUse={onUse} shown={id === shownId} />
        ))}
      </ChoicesRoot>
      {failure?.role === 'assistant' && <AnswerEnding isLast message={failure} />}
    </>
  )
}

interface ChatChoiceProps {
  id: string
  shown: boolean
  onUse: (id: string) => void
}

const ChatChoice = memo(function ChatChoice({ id, shown, onUse }: ChatChoiceProps): ReactElement | null {
  const { store } = useChatContext()
  const stored = useStoreValue(store, (state) => state.messages[id], id)
  const message = useMemo(() => (stored?.role === 'assistant' ? endedChoice(stored) : undefined), [stored])
  return message === undefined ? null : (
    <ShownChoice message={message} onUse={() => onUse(id)} shown={shown} />
  )
})

interface ShownChoiceProps {
  message: ChatAssistantMessage
  shown: boolean
  onUse: () => void
}

function ShownChoice({ message, shown, onUse }: ShownChoiceProps): ReactElement {
  const labels = useLabels()
  const { hasTokens, view, changeView, renderers } = useAnswerView(message)
  return (
    <Choice
      actions={
        hasTokens && (
          <ActionBar.Tokens
            label={`${view === 'tokens' ? labels.showText : labels.showTokens}, ${labels.choice(message.choice.index)}`}
            onClick={changeView}
            pressed={view === 'tokens'}
          />
        )
      }
      message={message}
      onUse={onUse}
      renderers={renderers}
      shown={shown}
    />
  )
}
