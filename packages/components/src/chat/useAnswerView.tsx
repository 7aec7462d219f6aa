'use client'
import { tokenCount, type ChatAssistantMessage } from '@candor/core'
import { useMemo, useState } from 'react'

import { Markdown } from '../markdown/Markdown.tsx'
import type { PartRenderers } from '../message/Message.tsx'
import { useChatContext, type AnswerView, type ChatViewOptions } from './ChatContext.ts'
import { ChatToolCall } from './ChatToolCall.tsx'

export interface AnswerViewState {
  /** Whether there are tokens to show. */
  hasTokens: boolean
  view: AnswerView
  /** Switches to the other view. */
  changeView: () => void
  /** Draws the parts in this view. */
  renderers: PartRenderers
}

/** What an answer is shown as: the app decides, else the reader. */
export function useAnswerView(message: ChatAssistantMessage): AnswerViewState {
  const { options, memory } = useChatContext()
  const [ownView, setOwnView] = useState(() => memory.viewBelow(message.parentId) ?? options.defaultView)
  const hasTokens = hasLogprobs(message)
  const view = hasTokens ? (options.viewOf?.(message) ?? ownView) : 'text'
  // While an answer grows as text, what draws it stays the same.
  const shownTokens = view === 'tokens' ? message : undefined
  const renderers = useMemo(
    () => answerRenderers(message.id, shownTokens, options),
    [message.id, shownTokens, options],
  )
  const changeView = (): void => {
    const next = view === 'tokens' ? 'text' : 'tokens'
    setOwnView(next)
    memory.keepView(message.parentId, next)
    options.onViewChange?.(message, next)
  }
  return { hasTokens: hasTokens && options.renderTokens !== undefined, view, changeView, renderers }
}

function hasLogprobs({ choice }: ChatAssistantMessage): boolean {
  return tokenCount(choice.logprobs) + tokenCount(choice.logprobs, 'refusal') > 0
}

/** Draws the text as the reader wants it, and tool calls with buttons that act on the chat. */
function answerRenderers(
  answerId: string,
  /** The message, where its tokens are what is shown. */
  shownTokens: ChatAssistantMessage | undefined,
  { renderTokens, markdown, renderers }: ChatViewOptions,
): PartRenderers {
  const drawTokens =
    shownTokens === undefined || renderTokens === undefined ? undefined : () => renderTokens(shownTokens)
  // Their probabilities are of the refusal where there was one instead of words.
  const refusal = drawTokens !== undefined && !shownTokens?.choice.message.content
  return {
    ...(refusal ? { refusal: drawTokens } : {}),
    'tool-call': ({ call, run }) => <ChatToolCall answerId={answerId} call={call} run={run} />,
    ...renderers,
    // The app's own way of drawing text is for text; tokens stay tokens.
    text: (part) => {
      if (drawTokens !== undefined) return drawTokens()
      if (renderers?.text !== undefined) return renderers.text(part)
      return <Markdown {...markdown} streaming={part.streaming} text={part.text} />
    },
  }
}
