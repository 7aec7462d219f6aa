'use client'
import {
  tokenSeries,
  type AnswerStatus,
  type ChatAssistantMessage,
  type ToolCall as WireToolCall,
  type ToolRun,
} from '@candor/core'
import type { ChatState } from '@candor/hooks'
import { memo, useLayoutEffect, useMemo, useRef, useState, type ReactElement, type ReactNode } from 'react'

import { Button } from '../base/Button.tsx'
import { useLabels } from '../LabelsProvider.tsx'
import { Markdown } from '../markdown/Markdown.tsx'
import { ActionBar } from '../message/ActionBar.tsx'
import { answerFacts } from '../message/answerFacts.ts'
import { ErrorNotice } from '../message/ErrorNotice.tsx'
import { InterruptedNotice } from '../message/InterruptedNotice.tsx'
import { Message, type PartRenderers } from '../message/Message.tsx'
import { MessageFacts } from '../message/MessageFacts.tsx'
import { messageParts, messageText } from '../message/messageParts.ts'
import { Notice } from '../message/Notice.tsx'
import { ToolCall } from '../tool-call/ToolCall.tsx'
import { ChatBranches } from './ChatBranches.tsx'
import { useChatContext, type AnswerView, type ChatViewOptions } from './ChatContext.ts'
import { useStoreValue } from './useStoreValue.ts'

/** How an answer ended badly: its notice has a way on. */
const failed: Record<AnswerStatus, boolean> = {
  submitted: false,
  streaming: false,
  finished: false,
  stopped: false,
  interrupted: true,
  'cut-off': true,
  'timed-out': true,
  error: true,
}

interface ChatAnswerProps {
  message: ChatAssistantMessage
  extra: ReactNode
}

/** An answer: its parts, what there is to say about how it ended, its facts and what can be done with it. */
export function ChatAnswer({ message, extra }: ChatAnswerProps): ReactElement {
  const { store, options, memory } = useChatContext()
  const labels = useLabels()
  const article = useRef<HTMLElement>(null)
  useLayoutEffect(() => memory.takeFocus(message, article.current), [memory, message])
  const [ownView, setOwnView] = useState(() => memory.viewBelow(message.parentId) ?? options.defaultView)
  const hasTokens = hasLogprobs(message)
  const view = hasTokens ? (options.viewOf?.(message) ?? ownView) : 'text'
  const isLast = useStoreValue(store, (state) => state.messageIds.at(-1) === message.id)
  // Between the calls of a turn and its next answer there is nothing to do with the half that is there.
  const isStep = useStoreValue(store, (state) => isInnerStep(state, message))
  const isOpen = message.status === 'submitted' || message.status === 'streaming'
  const text = messageText(message)
  // A failure without a word has nothing to copy and no figures, and its notice has the way on.
  const isBare = failed[message.status] && messageParts(message).length === 0

  const renderers = useMemo(() => answerRenderers(message, view, options), [message, view, options])

  const changeView = (): void => {
    const next = view === 'tokens' ? 'text' : 'tokens'
    setOwnView(next)
    memory.keepView(message.parentId, next)
    options.onViewChange?.(message, next)
  }

  return (
    <Message.Root message={message} ref={article}>
      <Message.Parts renderers={renderers} />
      <AnswerEnding isLast={isLast} message={message} />
      {!isStep && (
        <Message.Footer>
          <ChatBranches message={message} />
          {!isBare && <MessageFacts message={message} />}
          {!isOpen && !isBare && (
            <ActionBar>
              {text !== '' && <ActionBar.Copy value={text} />}
              {!failed[message.status] && <Regenerate message={message} />}
              {hasTokens && options.renderTokens !== undefined && (
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

/** Draws the text as the reader wants it, and tool calls with buttons that act on the chat. */
function answerRenderers(
  message: ChatAssistantMessage,
  view: AnswerView,
  { renderTokens, markdown, renderers }: ChatViewOptions,
): PartRenderers {
  // Their probabilities are of the refusal where there was one instead of words.
  const refusal = view === 'tokens' && renderTokens !== undefined && !message.choice.message.content
  return {
    ...(refusal ? { refusal: () => renderTokens(message) } : {}),
    'tool-call': ({ call, run }) => <ChatToolCall answerId={message.id} call={call} run={run} />,
    ...renderers,
    // The app's own way of drawing text is for text; tokens stay tokens.
    text: (part) => {
      if (view === 'tokens' && renderTokens !== undefined) return renderTokens(message)
      if (renderers?.text !== undefined) return renderers.text(part)
      return <Markdown {...markdown} streaming={part.streaming} text={part.text} />
    },
  }
}

function Regenerate({ message }: { message: ChatAssistantMessage }): ReactElement {
  const { store, actions, memory } = useChatContext()
  const busy = useStoreValue(store, isBusy)
  const regenerate = (): void => {
    memory.leaveFocus(message, 'message')
    void actions.regenerate(message.id)
  }
  return <ActionBar.Regenerate disabled={busy} onClick={regenerate} />
}

/** Whether a turn runs or waits for the user. */
export function isBusy({ status }: ChatState): boolean {
  return status === 'submitted' || status === 'streaming' || status === 'waiting-for-tools'
}

function hasLogprobs({ choice }: ChatAssistantMessage): boolean {
  // Counted in the series: the wire's own lists are built only when somebody reads them.
  return (['content', 'refusal'] as const).some(
    (part) => (tokenSeries(choice.logprobs, part)?.length ?? 0) > 0,
  )
}

function isInnerStep(state: ChatState, message: ChatAssistantMessage): boolean {
  if ((message.choice.message.tool_calls?.length ?? 0) === 0) return false
  const next = state.branches[message.id]?.shown
  const nextRole = next === undefined ? undefined : state.messages[next]?.role
  return nextRole === undefined ? isBusy(state) : nextRole !== 'user'
}

/** How an answer ended, where that needs words. */
function AnswerEnding({ message, isLast }: { message: ChatAssistantMessage; isLast: boolean }): ReactNode {
  const { store, actions, options, memory } = useChatContext()
  const labels = useLabels()
  const busy = useStoreValue(store, isBusy)
  const isCutOff = useStoreValue(store, (state) => isLast && state.status === 'interrupted')
  const { tokens } = answerFacts(message)
  const hasParts = messageParts(message).length > 0
  const kept = hasParts ? labels.kept : undefined
  const retry = (): void => {
    memory.leaveFocus(message, 'message')
    void (isLast ? actions.retry() : actions.regenerate(message.id))
  }
  const again = busy ? {} : { onRetry: retry }
  const canContinue = options.canContinue && !busy && hasParts
  const goOn = (): void => {
    memory.leaveFocus(message, 'message')
    void actions.continue({ messageId: message.id })
  }
  const continueButton = canContinue ? <Button onClick={goOn}>{labels.continue}</Button> : undefined

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

interface ChatToolCallProps {
  answerId: string
  call: WireToolCall
  run: ToolRun | undefined
}

/** A tool call whose buttons act on the chat. */
const ChatToolCall = memo(function ChatToolCall({ answerId, call, run }: ChatToolCallProps): ReactElement {
  const { store, actions } = useChatContext()
  // A conversation that came from elsewhere has results, but no runs.
  const content = useStoreValue(store, (state) =>
    run === undefined ? resultOf(state, answerId, call.id) : undefined,
  )
  const shownRun = useMemo(
    (): ToolRun | undefined =>
      run ?? (content === undefined ? undefined : { status: 'done', result: content }),
    [run, content],
  )
  const onApprove = useMemo(() => () => actions.approveToolCall(call.id), [actions, call.id])
  const onDeny = useMemo(() => (reason?: string) => actions.denyToolCall(call.id, reason), [actions, call.id])
  const onRetry = useMemo(() => () => void actions.retryToolCall(call.id), [actions, call.id])
  const busy = useStoreValue(store, isBusy)
  const onResult = useMemo(
    () => (result: unknown) => actions.provideToolResult(call.id, result),
    [actions, call.id],
  )
  return (
    <ToolCall
      call={call}
      onApprove={onApprove}
      onDeny={onDeny}
      onResult={onResult}
      {...(busy ? {} : { onRetry })}
      {...(shownRun === undefined ? {} : { run: shownRun })}
    />
  )
})

function resultOf(state: ChatState, answerId: string, callId: string): unknown {
  let id = state.branches[answerId]?.shown
  for (;;) {
    const message = id === undefined ? undefined : state.messages[id]
    if (id === undefined || message?.role !== 'tool') return undefined
    if (message.message.tool_call_id === callId) return message.message.content
    id = state.branches[id]?.shown
  }
}
