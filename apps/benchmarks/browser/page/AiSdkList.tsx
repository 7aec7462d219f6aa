import { useChat } from '@ai-sdk/react'
import { DefaultChatTransport, isToolUIPart, type UIMessage } from 'ai'
import { useEffect, useState, type ReactElement } from 'react'

import type { ContenderProps } from './Contender.ts'
import { Part, PlainPart } from './Part.tsx'

/** The AI SDK with a plain list, as its documentation shows: every message on the page, parts drawn where they stand. */
export function AiSdkList(props: ContenderProps): ReactElement {
  return <List {...props} view={PlainPart} />
}

/** The same with the wait between updates that its documentation names, and with parts that render when they change. */
export function ThrottledAiSdkList(props: ContenderProps): ReactElement {
  return <List {...props} throttle={50} view={Part} />
}

function List({
  history,
  fetch,
  onReady,
  throttle,
  view: View,
}: ContenderProps & {
  readonly throttle?: number
  readonly view: React.ComponentType<{ text: string }>
}): ReactElement {
  const [options] = useState(() => ({
    messages: history.map(({ role, text }, place): UIMessage => ({
      id: `initial-${place}`,
      role,
      parts: [{ type: 'text', text }],
    })),
    transport: new DefaultChatTransport({ api: '/ai-sdk/chat', fetch }),
    ...(throttle !== undefined && { throttle }),
  }))
  const { messages, sendMessage } = useChat(options)
  const [input, setInput] = useState('')
  useEffect(() => onReady(() => void sendMessage({ text: 'Go on.' })), [onReady, sendMessage])
  return (
    <div className="list">
      {messages.map((message) => (
        <article key={message.id}>
          {message.parts.map((part) => {
            if (part.type === 'text')
              return <View key={message.role === 'user' ? 'question' : 'text'} text={part.text} />
            if (part.type === 'reasoning') return <View key="reasoning" text={part.text} />
            if (isToolUIPart(part)) return <View key={part.toolCallId} text={JSON.stringify(part.input)} />
            return null
          })}
        </article>
      ))}
      <textarea onChange={(event) => setInput(event.target.value)} value={input} />
    </div>
  )
}
