'use client'
import type { ChatAssistantMessage, ChatMessage } from '@candor/core'
import type { ChatHandle, ChatInput } from '@candor/hooks'
import {
  memo,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
} from 'react'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { Composer } from '../composer/Composer.tsx'
import type { Labels } from '../labels.ts'
import { LabelsProvider, useLabels } from '../LabelsProvider.tsx'
import { preloadMarkdown } from '../markdown/Markdown.tsx'
import type { MarkdownPolicy } from '../markdown/MarkdownPolicy.ts'
import { ErrorNotice } from '../message/ErrorNotice.tsx'
import type { PartRenderers } from '../message/Message.tsx'
import { Notice } from '../message/Notice.tsx'
import { Thread } from '../thread/Thread.tsx'
import { useThread } from '../thread/ThreadContext.ts'
import { ChatContext, useChatContext, type AnswerView } from './ChatContext.ts'
import { ChatItem } from './ChatItem.tsx'
import { ChatQueue } from './ChatQueue.tsx'
import { createChatMemory } from './createChatMemory.ts'
import { inputText } from './inputText.ts'
import { isBusy } from './isBusy.ts'
import { renderTokens as defaultRenderTokens } from './renderTokens.tsx'
import { useStoreValue } from './useStoreValue.ts'

export interface ChatOwnProps {
  /** The conversation: what `useChatCompletion` or `useToolLoop` returned. */
  chat: ChatHandle
  /** First things to ask, as buttons on the first screen. */
  suggestions?: readonly string[]
  /** Over the suggestions. @default labels.firstScreen */
  heading?: ReactNode
  /** A first screen of one's own, in place of heading and suggestions. */
  empty?: ReactNode
  /** Words to change. */
  labels?: Partial<Labels>
  /** @default labels.placeholder */
  placeholder?: string
  /** What may stand at the start of the composer's lower row: an attach button, chips of settings. */
  composerStart?: ReactNode
  /** Under the composer. @default labels.composerHint */
  composerHint?: ReactNode
  /** Between the thread and the composer: a notice, a status. */
  composerTop?: ReactNode
  /** The typed text, when the app keeps it as a draft. */
  text?: string
  /** Called with every change of the typed text. */
  onTextChange?: (text: string) => void
  /**
   * Whether the model can be asked now. While it cannot, what is typed stays in the composer, no way is offered that
   * would ask it, and a failure is said quietly: the app says in `composerTop` what is the matter. @default true
   */
  canSend?: boolean
  /** Takes no text. @default false */
  disabled?: boolean
  /** What an answer is shown as at first, when its probabilities came. @default 'text' */
  defaultView?: AnswerView
  /** What an answer is shown as, when the app keeps that; `undefined` leaves it to the reader. */
  viewOf?: (message: ChatAssistantMessage) => AnswerView | undefined
  /** Called when the reader switches an answer. */
  onViewChange?: (message: ChatAssistantMessage, view: AnswerView) => void
  /** Draws an answer's tokens. @default the heat map, loaded when it is first needed */
  renderTokens?: (message: ChatAssistantMessage) => ReactNode
  /** Draws something under a message. Keep the function the same between renders, or every message renders again. */
  renderMessageExtra?: (message: ChatMessage) => ReactNode
  /** Draws kinds of parts in the app's own way; the same function between renders here too. */
  renderers?: PartRenderers
  /** Which links and images of an answer are let through; the same object between renders here too. */
  markdown?: Partial<MarkdownPolicy>
  /** Offers to go on with a half answer: for servers whose profile knows how. @default false */
  canContinue?: boolean
  /** Leaves out system and developer messages. @default true */
  hideInstructions?: boolean
}

/**
 * A whole chat: thread, messages with their actions, tool calls with approval, errors with a way on, composer.
 *
 * Fills the height of its container. Renders a `<div>`.
 */
export const Chat: PartComponent<'div', ChatOwnProps> = definePart<'div', ChatOwnProps>(
  'Chat',
  function Chat(
    {
      chat,
      suggestions,
      heading,
      empty,
      labels,
      placeholder,
      composerStart,
      composerHint,
      composerTop,
      text,
      onTextChange,
      canSend = true,
      disabled = false,
      defaultView = 'text',
      viewOf,
      onViewChange,
      renderTokens = defaultRenderTokens,
      renderMessageExtra,
      renderers,
      markdown,
      canContinue = false,
      hideInstructions = true,
      ...rest
    },
    ref,
  ) {
    useEffect(preloadMarkdown, [])
    const { store, actions } = chat
    const [ownText, setOwnText] = useState('')
    const typed = text ?? ownText
    const setText = useCallback(
      (next: string) => {
        setOwnText(next)
        onTextChange?.(next)
      },
      [onTextChange],
    )

    const takeBack = useCallback(
      (index: number, input: ChatInput) => {
        actions.unqueue(index)
        setText(typed === '' ? inputText(input) : `${inputText(input)}\n${typed}`)
      },
      [actions, setText, typed],
    )
    const options = useMemo(
      () => ({
        viewOf,
        onViewChange,
        defaultView,
        renderTokens,
        renderMessageExtra,
        renderers,
        markdown,
        canSend,
        canContinue,
        hideInstructions,
      }),
      [
        viewOf,
        onViewChange,
        defaultView,
        renderTokens,
        renderMessageExtra,
        renderers,
        markdown,
        canSend,
        canContinue,
        hideInstructions,
      ],
    )
    const [memory] = useState(createChatMemory)
    const context = useMemo(() => ({ store, actions, options, memory }), [store, actions, options, memory])

    const element = usePartElement('div', {
      ref,
      rest: {
        ...rest,
        children: (
          <Thread.Root>
            <ChatThread empty={empty} heading={heading} suggestions={suggestions} takeBack={takeBack} />
            <ChatAnnouncer />
            <ChatComposer
              disabled={disabled}
              hint={composerHint}
              onTextChange={setText}
              placeholder={placeholder}
              start={composerStart}
              text={typed}
              top={composerTop}
            />
          </Thread.Root>
        ),
      },
      props: {
        className: 'candor-chat',
        onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => {
          if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return
          if (isBusy(store.getState())) actions.stop()
        },
      },
    })
    return (
      <LabelsProvider labels={labels}>
        <ChatContext.Provider value={context}>{element}</ChatContext.Provider>
      </LabelsProvider>
    )
  },
)

interface ChatThreadProps {
  empty: ReactNode
  heading: ReactNode
  suggestions: readonly string[] | undefined
  takeBack: (index: number, input: ChatInput) => void
}

function ChatThread({ empty, heading, suggestions, takeBack }: ChatThreadProps): ReactElement {
  const { store, options } = useChatContext()
  const isEmpty = useStoreValue(
    store,
    (state) =>
      // A conversation that is still being read is not a new one.
      !state.isRestoring &&
      state.messageIds.every((id) => {
        const role = state.messages[id]?.role
        return options.hideInstructions && (role === 'system' || role === 'developer')
      }),
  )
  return (
    <>
      <Thread.Viewport>
        <Thread.Messages>
          {isEmpty && (
            <Thread.Empty>
              {empty ?? <FirstScreen heading={heading} suggestions={suggestions ?? []} />}
            </Thread.Empty>
          )}
          <ChatMessages />
          <ThreadError />
          <StorageError />
          <ChatQueue takeBack={takeBack} />
        </Thread.Messages>
      </Thread.Viewport>
    </>
  )
}

const ChatMessages = memo(function ChatMessages(): ReactNode {
  const { store } = useChatContext()
  const ids = useStoreValue(store, (state) => state.messageIds)
  return <Thread.List ids={ids} renderItem={renderItem} />
})

const renderItem = (id: string): ReactElement => <ChatItem id={id} />

/** A failure that belongs to no answer: there was none yet. */
function ThreadError(): ReactElement | null {
  const { store, actions } = useChatContext()
  const error = useStoreValue(store, (state) => {
    const last = state.messages[state.messageIds.at(-1) ?? '']
    const isShown = last?.role === 'assistant' && last.error !== undefined
    return isShown ? null : state.error
  })
  return error === null ? null : <ErrorNotice error={error} onRetry={() => void actions.retry()} />
}

/** The conversation could not be kept: it is whole here, and gone with the page. */
function StorageError(): ReactElement | null {
  const { store } = useChatContext()
  const storageError = useStoreValue(store, (state) => state.storageError)
  return storageError === null ? null : <Notice tone="warn">{storageError}</Notice>
}

function FirstScreen({
  heading,
  suggestions,
}: {
  heading: ReactNode
  suggestions: readonly string[]
}): ReactElement {
  const { actions } = useChatContext()
  const labels = useLabels()
  return (
    <div className="candor-first-screen">
      <p className="candor-first-screen-heading">{heading ?? labels.firstScreen}</p>
      {suggestions.length > 0 && (
        <ul className="candor-suggestions">
          {suggestions.map((suggestion) => (
            <li key={suggestion}>
              <button
                className="candor-suggestion candor-focusable"
                onClick={() => void actions.send(suggestion)}
                type="button"
              >
                {suggestion}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function ChatAnnouncer(): ReactElement {
  const { store } = useChatContext()
  return <Thread.Announcer status={useStoreValue(store, (state) => state.status)} />
}

interface ChatComposerProps {
  text: string
  onTextChange: (text: string) => void
  placeholder: string | undefined
  start: ReactNode
  hint: ReactNode
  top: ReactNode
  disabled: boolean
}

function ChatComposer({
  text,
  onTextChange,
  placeholder,
  start,
  hint,
  top,
  disabled,
}: ChatComposerProps): ReactElement {
  const { store, actions, options } = useChatContext()
  const { scrollToEnd } = useThread()
  const labels = useLabels()
  const busy = useStoreValue(store, isBusy)
  return (
    <div className="candor-chat-foot">
      <div className="candor-chat-scroll-to-end">
        <Thread.ScrollToBottom />
      </div>
      {top}
      <Composer
        busy={busy}
        canSend={options.canSend}
        disabled={disabled}
        onSend={async (sent) => {
          scrollToEnd()
          return (await actions.send(sent)) !== 'refused'
        }}
        onStop={actions.stop}
        onValueChange={onTextChange}
        start={start}
        value={text}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      <Composer.Hint>{hint ?? labels.composerHint}</Composer.Hint>
    </div>
  )
}
