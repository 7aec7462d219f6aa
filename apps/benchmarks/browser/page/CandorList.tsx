import { createClient } from '@candor/core'
import {
  CandorProvider,
  useChatCompletion,
  useMessage,
  useMessageIds,
  type ChatStateSource,
} from '@candor/hooks'
import { memo, useEffect, useState, type ReactElement } from 'react'

import type { ContenderProps } from './Contender.ts'
import { Part } from './Part.tsx'

const request = { model: 'benchmark' }

/** A chat with Candor's hooks, for the contenders below. */
export function useBenchmarkChat({
  history,
  fetch,
  onReady,
}: ContenderProps): ReturnType<typeof useChatCompletion> {
  const [options] = useState(() => ({
    client: createClient({ baseURL: `${location.origin}/openai/v1`, fetch }),
    initialMessages: history.map(({ role, text: content }) =>
      role === 'user' ? { role, content } : { role, content },
    ),
  }))
  const chat = useChatCompletion({ ...options, request })
  const { send } = chat
  useEffect(() => onReady(() => void send('Go on.')), [onReady, send])
  return chat
}

/** The hooks alone: a page that shows the text of the last answer. */
export function CandorAnswer(props: ContenderProps): ReactElement {
  return (
    <CandorProvider>
      <Answer {...props} />
    </CandorProvider>
  )
}

function Answer(props: ContenderProps): ReactElement {
  const { answer } = useBenchmarkChat(props)
  return <article>{answer?.choice.message.content}</article>
}

/** The hooks with a plain list, as their README shows: every message on the page. */
export function CandorList(props: ContenderProps): ReactElement {
  return (
    <CandorProvider>
      <List {...props} />
    </CandorProvider>
  )
}

function List(props: ContenderProps): ReactElement {
  const { store } = useBenchmarkChat(props)
  const [input, setInput] = useState('')
  return (
    <div className="list">
      <Messages store={store} />
      <textarea onChange={(event) => setInput(event.target.value)} value={input} />
    </div>
  )
}

const Messages = memo(function Messages({ store }: { store: ChatStateSource }) {
  return useMessageIds(store).map((id) => <Message id={id} key={id} store={store} />)
})

const Message = memo(function Message({ id, store }: { id: string; store: ChatStateSource }) {
  const message = useMessage(id, store)
  if (message === undefined) return null
  if (message.role !== 'assistant') {
    const { content } = message.message
    return <article>{typeof content === 'string' && <Part key="text" text={content} />}</article>
  }
  const { content, tool_calls = [] } = message.choice.message
  return (
    <article>
      {message.reasoning !== '' && <Part key="reasoning" text={message.reasoning} />}
      {tool_calls.map(
        (call) => call.type === 'function' && <Part key={call.id} text={call.function.arguments} />,
      )}
      <Part key="text" text={content ?? ''} />
    </article>
  )
})
