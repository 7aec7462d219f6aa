'use client'
import type { ChatAssistantMessage } from '@candor/core'
import type { ChatState } from '@candor/hooks'
import {
  lazy,
  Suspense,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactElement,
  type ReactNode,
} from 'react'

import { useLabels } from '../LabelsProvider.tsx'
import { ActionBar } from '../message/ActionBar.tsx'
import { Message } from '../message/Message.tsx'
import { MessageFacts } from '../message/MessageFacts.tsx'
import { messageParts, messageText } from '../message/messageParts.ts'
import { AnswerEnding } from './AnswerEnding.tsx'
import { ChatBranches } from './ChatBranches.tsx'
import { useChatContext } from './ChatContext.ts'
import { failed } from './failed.ts'
import { isBusy } from './isBusy.ts'
import { useAnswerView } from './useAnswerView.tsx'
import { useStoreValue } from './useStoreValue.ts'
import { versionOrder } from './versionOrder.ts'

// Few chats ask for several choices: what shows them is loaded with the first.
const ChatChoices = lazy(() =>
  import('./ChatChoices.tsx').then((loaded) => ({ default: loaded.ChatChoices })),
)

interface ChatAnswerProps {
  message: ChatAssistantMessage
  extra: ReactNode
}

/** An answer: its parts, what there is to say about how it ended, its facts and what can be done with it. */
export function ChatAnswer({ message, extra }: ChatAnswerProps): ReactElement {
  const { store, actions, memory } = useChatContext()
  const labels = useLabels()
  const article = useRef<HTMLElement>(null)
  useLayoutEffect(() => memory.takeFocus(message, article.current), [memory, message])
  const { hasTokens, view, changeView, renderers } = useAnswerView(message)
  const isLast = useStoreValue(store, (state) => state.messageIds.at(-1) === message.id, null)
  // Between the calls of a turn and its next answer there is nothing to do with the half that is there.
  const isStep = useStoreValue(store, (state) => isInnerStep(state, message), null)
  const choiceIds = useChoiceIds(message)
  const hasChoices = choiceIds.length > 1
  const [folded, setFolded] = useState(() => memory.foldOf(message.turnId))
  // All choices are there to choose from until the conversation has gone on from one.
  const showsChoices = hasChoices && !(folded ?? !isLast)
  const isOpen = message.status === 'submitted' || message.status === 'streaming'
  const text = messageText(message)
  // A failure without a word has nothing to copy and no figures, and its notice has the way on.
  const isBare = failed[message.status] && messageParts(message).length === 0

  const fold = (next: boolean): void => {
    setFolded(next)
    memory.keepFold(message.turnId, next)
  }
  const use = (choiceId: string): void => {
    fold(true)
    if (choiceId === message.id) {
      memory.focusHeir('choices', article.current)
      return
    }
    memory.leaveFocus(message, 'choices')
    actions.selectBranch(choiceId)
  }

  return (
    <Message.Root message={message} ref={article}>
      {showsChoices ? (
        <Suspense fallback={<Message.Parts renderers={renderers} />}>
          <ChatChoices ids={choiceIds} onUse={use} shownId={message.id} />
        </Suspense>
      ) : (
        <>
          <Message.Parts renderers={renderers} />
          <AnswerEnding isLast={isLast} message={message} />
        </>
      )}
      {!isStep && (
        <Message.Footer>
          {!showsChoices && <ChatBranches message={message} />}
          {!showsChoices && !isBare && <MessageFacts isOneOfSeveral={hasChoices} message={message} />}
          {!isOpen && (hasChoices || !isBare) && (
            <ActionBar>
              {!showsChoices && text !== '' && <ActionBar.Copy value={text} />}
              {!failed[message.status] && <Regenerate message={message} />}
              {hasChoices && (
                <ActionBar.Choices
                  className="candor-choices-toggle"
                  label={showsChoices ? labels.showOneChoice : labels.showChoices(choiceIds.length)}
                  onClick={() => fold(showsChoices)}
                  pressed={showsChoices}
                />
              )}
              {!showsChoices && hasTokens && (
                <ActionBar.Tokens
                  label={view === 'tokens' ? labels.showText : labels.showTokens}
                  onClick={changeView}
                  pressed={view === 'tokens'}
                />
              )}
            </ActionBar>
          )}
        </Message.Footer>
      )}
      {extra}
    </Message.Root>
  )
}

/** The choices of the request that an answer is of, itself among them, in the order of their `index`. */
function useChoiceIds({ parentId, turnId }: ChatAssistantMessage): readonly string[] {
  const { store } = useChatContext()
  const branches = useStoreValue(store, (state) => state.branches[parentId ?? ''], null)
  return useMemo(() => {
    if (turnId === undefined || branches === undefined || branches.ids.length < 2) return []
    const { messages } = store.getState()
    return versionOrder(branches.ids, messages).filter((id) => {
      const sibling = messages[id]
      return sibling?.role === 'assistant' && sibling.turnId === turnId
    })
  }, [store, branches, turnId])
}

function Regenerate({ message }: { message: ChatAssistantMessage }): ReactElement {
  const { store, actions, options, memory } = useChatContext()
  const busy = useStoreValue(store, isBusy, null)
  const regenerate = (): void => {
    memory.leaveFocus(message, 'message')
    void actions.regenerate(message.id)
  }
  return <ActionBar.Regenerate disabled={busy || !options.canSend} onClick={regenerate} />
}

function isInnerStep(state: ChatState, message: ChatAssistantMessage): boolean {
  if ((message.choice.message.tool_calls?.length ?? 0) === 0) return false
  const next = state.branches[message.id]?.shown
  const nextRole = next === undefined ? undefined : state.messages[next]?.role
  return nextRole === undefined ? isBusy(state) : nextRole !== 'user'
}
