'use client'
import type { Annotation, ChatMessage } from '@candor/core'
import { memo, type ReactElement, type ReactNode } from 'react'

import { Caret } from '../base/Caret.tsx'
import { definePart, memoPart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { ImageIcon } from '../icons.tsx'
import type { Labels } from '../labels.ts'
import { useLabels } from '../LabelsProvider.tsx'
import { Markdown } from '../markdown/Markdown.tsx'
import { JsonView } from '../tool-call/JsonView.tsx'
import { ToolCall } from '../tool-call/ToolCall.tsx'
import { ToolCallGroup } from '../tool-call/ToolCallGroup.tsx'
import { MessageContext, useMessageOfPart } from './MessageContext.ts'
import { messageParts, type MessagePart } from './messageParts.ts'
import { Notice } from './Notice.tsx'
import { Reasoning } from './Reasoning.tsx'

export interface MessageRootOwnProps {
  message: ChatMessage
  children?: ReactNode
}

const nameOf: Record<ChatMessage['role'], (labels: Labels) => string> = {
  user: (labels) => labels.you,
  assistant: (labels) => labels.answer,
  system: (labels) => labels.instructions,
  developer: (labels) => labels.instructions,
  tool: (labels) => labels.toolResult,
}

/** Holds one message for its parts. Renders an `<article>` with `data-role` and, for an answer, `data-status`. */
export const MessageRoot: PartComponent<'article', MessageRootOwnProps> = definePart<
  'article',
  MessageRootOwnProps
>('Message.Root', function MessageRoot({ message, ...rest }, ref) {
  const labels = useLabels()
  const element = usePartElement('article', {
    ref,
    rest,
    state: { role: message.role, ...(message.role === 'assistant' ? { status: message.status } : {}) },
    props: { className: 'candor-message', 'aria-label': nameOf[message.role](labels) },
  })
  return <MessageContext.Provider value={message}>{element}</MessageContext.Provider>
})

/** How each kind of part is drawn; what is left out is drawn as the kit does. */
export type PartRenderers = {
  [Type in MessagePart['type']]?: (part: Extract<MessagePart, { type: Type }>) => ReactNode
}

export interface MessagePartsOwnProps {
  /** Draws kinds of parts in the app's own way. */
  renderers?: PartRenderers
}

/** Everything that the message holds. Renders a `<div>`: the bubble of the user's message, the text of an answer. */
export const MessageParts: PartComponent<'div', MessagePartsOwnProps> = definePart<
  'div',
  MessagePartsOwnProps
>('Message.Parts', function MessageParts({ renderers, ...rest }, ref) {
  const message = useMessageOfPart()
  const labels = useLabels()
  const parts = messageParts(message)
  const [before, calls, after] = aroundCalls(parts)
  const view = (part: MessagePart, position: number): ReactElement => (
    <PartView key={`${part.type} ${position}`} part={part} renderers={renderers} />
  )
  const isWaiting = message.role === 'assistant' && message.status === 'submitted'
  // A stream that has begun and said nothing yet.
  const isSilent = message.role === 'assistant' && message.status === 'streaming' && parts.length === 0
  return usePartElement('div', {
    ref,
    rest: {
      children: (
        <>
          {before.map(view)}
          {calls.length > 1 ? (
            <ToolCallGroup count={calls.length}>{calls.map(view)}</ToolCallGroup>
          ) : (
            calls.map(view)
          )}
          {after.map(view)}
          {(isWaiting || isSilent) && (
            <span className="candor-waiting" title={labels.waiting}>
              <Caret />
            </span>
          )}
        </>
      ),
      ...rest,
    },
    props: { className: 'candor-message-parts' },
  })
})

const isCall = ({ type }: MessagePart): boolean => type === 'tool-call'

/** Calls that the model asked for at once, and what stands before and after them. */
function aroundCalls(parts: readonly MessagePart[]): [MessagePart[], MessagePart[], MessagePart[]] {
  const first = parts.findIndex(isCall)
  if (first === -1) return [[...parts], [], []]
  const end = parts.findLastIndex(isCall) + 1
  return [parts.slice(0, first), parts.slice(first, end), parts.slice(end)]
}

interface PartViewProps {
  part: MessagePart
  renderers: PartRenderers | undefined
}

/** One part. A message that grows is taken apart anew each frame; only what is in a part tells whether it is another. */
const PartView = memo(function PartView({ part, renderers }: PartViewProps): ReactNode {
  // The renderer was looked up by the part's own type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const render = renderers?.[part.type] as ((part: MessagePart) => ReactNode) | undefined
  return render === undefined ? <DefaultPart part={part} /> : render(part)
}, isSamePart)

function isSamePart(before: PartViewProps, now: PartViewProps): boolean {
  if (before.renderers !== now.renderers) return false
  const fields = new Map<string, unknown>(Object.entries(before.part))
  const fieldsNow = Object.entries(now.part)
  return (
    fieldsNow.length === fields.size &&
    fieldsNow.every(([name, value]) => fields.has(name) && Object.is(fields.get(name), value))
  )
}

/** A part as the kit draws it. */
export function DefaultPart({ part }: { part: MessagePart }): ReactNode {
  const labels = useLabels()
  switch (part.type) {
    case 'text':
      if (part.markdown) return <Markdown streaming={part.streaming} text={part.text} />
      return (
        <p className="candor-message-text" dir="auto">
          {part.text}
        </p>
      )
    case 'reasoning': {
      const { text, streaming, durationMs } = part
      return (
        <Reasoning streaming={streaming} text={text} {...(durationMs === undefined ? {} : { durationMs })} />
      )
    }
    case 'refusal':
      return (
        <Notice className="candor-refusal" heading={labels.refusal}>
          <span dir="auto">
            {part.text}
            {part.streaming && <Caret />}
          </span>
        </Notice>
      )
    case 'image':
      return <AttachedImage url={part.url} />
    case 'audio':
      return (
        <div className="candor-audio">
          {/* The words stand below it, where the server gave them. */}
          {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
          <audio aria-label={labels.attachedAudio} controls src={part.url} />
          {part.transcript !== undefined && part.transcript !== '' && (
            <p className="candor-message-text" dir="auto">
              {part.transcript}
            </p>
          )}
        </div>
      )
    case 'file':
      return (
        <p className="candor-file">
          {labels.attachedFile} <span className="candor-file-name">{part.name}</span>
        </p>
      )
    case 'tool-call':
      return <ToolCall call={part.call} {...(part.run === undefined ? {} : { run: part.run })} />
    case 'annotations':
      return <Sources annotations={part.annotations} />
    case 'unknown':
      return (
        <details className="candor-unknown">
          <summary className="candor-focusable">{labels.unknownPart(part.name)}</summary>
          <JsonView value={part.value} />
        </details>
      )
    default:
      return part satisfies never
  }
}

/** One's own picture is shown; one at an address is a link until the app allows it, since loading it tells the address. */
function AttachedImage({ url }: { url: string }): ReactElement {
  const labels = useLabels()
  if (url.startsWith('data:image/'))
    return <img alt={labels.attachedImage} className="candor-image" src={url} />
  return (
    <p className="candor-file">
      <ImageIcon />
      <a className="candor-focusable" href={safeHref(url)} rel="noopener noreferrer nofollow" target="_blank">
        {labels.attachedImage}
      </a>
    </p>
  )
}

function Sources({ annotations }: { annotations: readonly Annotation[] }): ReactElement {
  const labels = useLabels()
  return (
    <div className="candor-sources">
      <span className="candor-sources-title">{labels.sources}</span>
      <ol>
        {annotations.map((annotation, position) => {
          const citation = annotation.url_citation
          return (
            <li key={position}>
              {citation === undefined ? (
                <JsonView value={annotation} />
              ) : (
                <a
                  className="candor-focusable"
                  href={safeHref(citation.url)}
                  rel="noopener noreferrer nofollow"
                  target="_blank"
                >
                  {citation.title ?? citation.url}
                </a>
              )}
            </li>
          )
        })}
      </ol>
    </div>
  )
}

/** An address that a server or model wrote leads to the web or nowhere. */
const safeHref = (url: string): string | undefined => (/^https?:/i.test(url) ? url : undefined)

/** What stands under a message: facts at the start, actions at the end. Renders a `<div>`. */
export const MessageFooter: PartComponent<'div'> = definePart<'div'>('Message.Footer', (rest, ref) =>
  usePartElement('div', { ref, rest, props: { className: 'candor-message-footer' } }),
)

export interface MessageOwnProps extends MessageRootOwnProps, MessagePartsOwnProps {
  /** What stands under it: facts, actions, notices. */
  children?: ReactNode
}

interface MessageComponent extends PartComponent<'article', MessageOwnProps> {
  Root: typeof MessageRoot
  Parts: typeof MessageParts
  Footer: typeof MessageFooter
}

/** One message, ready made. Renders again only when its message is another object. */
export const Message: MessageComponent = /* @__PURE__ */ Object.assign(
  memoPart(
    definePart<'article', MessageOwnProps>('Message', ({ message, renderers, children, ...rest }, ref) => (
      <MessageRoot ref={ref} message={message} {...rest}>
        <MessageParts {...(renderers === undefined ? {} : { renderers })} />
        {children}
      </MessageRoot>
    )),
  ),
  { Root: MessageRoot, Parts: MessageParts, Footer: MessageFooter },
)
