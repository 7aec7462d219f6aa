'use client'
import type { ChatAssistantMessage } from '@candor/core'
import { lazy, Suspense, type ReactElement, type ReactNode } from 'react'

const LazyHeatmap = lazy(() =>
  import('../logprobs/TokenHeatmap.tsx').then((loaded) => ({ default: loaded.TokenHeatmap })),
)

/** An answer's tokens with their probabilities; the view is loaded when it is first needed. */
export function renderTokens(message: ChatAssistantMessage): ReactNode {
  return <Tokens message={message} />
}

function Tokens({ message: { choice, status } }: { message: ChatAssistantMessage }): ReactElement {
  const { content, refusal } = choice.message
  const hasContent = content !== null && content !== ''
  const text = hasContent ? content : (refusal ?? '')
  return (
    <Suspense
      fallback={
        <div className="candor-markdown candor-plain" dir="auto">
          {text}
        </div>
      }
    >
      <LazyHeatmap
        logprobs={choice.logprobs}
        part={hasContent ? 'content' : 'refusal'}
        streaming={status === 'streaming'}
        text={text}
      />
    </Suspense>
  )
}
