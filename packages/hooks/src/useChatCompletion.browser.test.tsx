import { QueryClient, QueryClientProvider, useIsMutating } from '@tanstack/react-query'
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { memo, Profiler, StrictMode, useEffect, type ReactNode } from 'react'
import { renderToString } from 'react-dom/server'

import { CandorProvider } from './CandorProvider.tsx'
import type { ChatHandle, ChatStateSource } from './ChatHandle.ts'
import type { ChatOptions } from './ChatOptions.ts'
import { createScriptedServer, type Exchange, type ScriptedServer } from './testing/createScriptedServer.ts'
import { useChatCompletion } from './useChatCompletion.ts'
import { useChatStatus } from './useChatStatus.ts'
import { useMessage } from './useMessage.ts'
import { useMessageIds } from './useMessageIds.ts'

const request = { model: 'scripted' }

function Line({
  id,
  store,
  onRender,
}: {
  id: string
  store?: ChatStateSource
  onRender?: (id: string) => void
}) {
  const message = useMessage(id, store)
  onRender?.(id)
  if (message === undefined) return null
  const content = message.role === 'assistant' ? message.choice.message.content : message.message.content
  return (
    <p>
      {message.role}: {typeof content === 'string' ? content : ''}
    </p>
  )
}
const MemoLine = memo(Line)

/** A chat that shows its messages and hands its handle out. */
function Chat({
  server,
  onChat,
  options = {},
}: {
  server: ScriptedServer
  onChat?: (chat: ChatHandle) => void
  options?: Partial<ChatOptions>
}) {
  const chat = useChatCompletion({ client: server.client, request, ...options })
  useEffect(() => {
    onChat?.(chat)
  })
  return (
    <div>
      <output>{chat.status}</output>
      {chat.messages.map((message) => (
        <Line key={message.id} id={message.id} store={chat.store} />
      ))}
    </div>
  )
}

function Busy() {
  return <p>{useIsMutating({ mutationKey: ['candor', 'turn'] })} running</p>
}

function Status() {
  return <output>{useChatStatus()}</output>
}

/** Lets what came reach the screen: the stream's own tasks, then a frame. */
async function shown(): Promise<void> {
  await act(async () => {
    // More than one, for a machine on which a chunk is late for its frame.
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
  })
}

async function begin(chat: ChatHandle, server: ScriptedServer, input = 'Hello'): Promise<Exchange> {
  let exchange!: Exchange
  await act(async () => {
    void chat.send(input)
    exchange = await server.next()
  })
  return exchange
}

/** Renders a host that reads what `read` reads, streams an answer of ten frames, and counts the host's renders. */
async function rendersWhileReading(read: (chat: ChatHandle) => unknown): Promise<number> {
  const server = createScriptedServer()
  const onRender = vi.fn<() => void>()
  let chat!: ChatHandle
  function Host() {
    const handle = useChatCompletion({ client: server.client, request })
    read(handle)
    useEffect(() => void (chat = handle))
    return null
  }
  render(
    <Profiler id="host" onRender={onRender}>
      <Host />
    </Profiler>,
  )
  const exchange = await begin(chat, server)
  exchange.delta({ content: '0 ' })
  await shown()
  onRender.mockClear()
  for (let frame = 1; frame <= 10; frame++) {
    exchange.delta({ content: `${frame} ` })
    await shown()
  }
  const renders = onRender.mock.calls.length
  exchange.finish()
  await shown()
  return renders
}

afterEach(cleanup)

describe('useChatCompletion', () => {
  it('shows the question, the first token, and the whole answer', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    render(<Chat server={server} onChat={(next) => (chat = next)} />)
    expect(screen.getByRole('status').textContent).toBe('idle')
    const exchange = await begin(chat, server, 'What is the capital of France?')
    expect(screen.getByRole('status').textContent).toBe('submitted')
    expect(screen.getByText('user: What is the capital of France?')).toBeTruthy()

    exchange.delta({ content: 'Par' })
    await shown()
    expect(screen.getByRole('status').textContent).toBe('streaming')
    expect(screen.getByText('assistant: Par')).toBeTruthy()

    exchange.delta({ content: 'is' })
    exchange.finish()
    await shown()
    expect(screen.getByRole('status').textContent).toBe('idle')
    expect(screen.getByText('assistant: Paris')).toBeTruthy()
  })

  it('works without any provider', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    render(<Chat server={server} onChat={(next) => (chat = next)} />)
    ;(await begin(chat, server)).answer('Hi.')
    await shown()
    expect(screen.getByText('assistant: Hi.')).toBeTruthy()
  })

  it('takes options that change while an answer streams, for the next request', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    const onChat = (next: ChatHandle): void => void (chat = next)
    const { rerender } = render(<Chat server={server} onChat={onChat} />)
    const exchange = await begin(chat, server)
    exchange.delta({ content: 'Hi' })
    await shown()
    rerender(<Chat server={server} onChat={onChat} options={{ request: { model: 'other' } }} />)
    exchange.delta({ content: ' there' })
    exchange.finish()
    await shown()
    expect(screen.getByText('assistant: Hi there')).toBeTruthy()
    ;(await begin(chat, server, 'Again')).answer('Hi again.')
    await shown()
    expect(server.requests.map(({ model }) => model)).toEqual(['scripted', 'other'])
  })

  it('calls the callback of the latest render', async () => {
    const server = createScriptedServer()
    const first = vi.fn<() => void>()
    const second = vi.fn<() => void>()
    let chat!: ChatHandle
    const onChat = (next: ChatHandle): void => void (chat = next)
    const { rerender } = render(<Chat server={server} onChat={onChat} options={{ onFinish: first }} />)
    const exchange = await begin(chat, server)
    rerender(<Chat server={server} onChat={onChat} options={{ onFinish: second }} />)
    exchange.answer('Hi.')
    await shown()
    expect(first).not.toHaveBeenCalled()
    expect(second).toHaveBeenCalledOnce()
  })

  it('stops its turn when the component goes', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    const { unmount } = render(<Chat server={server} onChat={(next) => (chat = next)} />)
    const exchange = await begin(chat, server)
    unmount()
    expect(exchange.signal.aborted).toBe(true)
  })

  it('sends nothing more when the component goes: what waits behind the turn waits in vain', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    const { unmount } = render(<Chat server={server} onChat={(next) => (chat = next)} />)
    const { signal } = await begin(chat, server)
    void chat.send('Two')
    unmount()
    await vi.waitFor(() => expect(signal.aborted).toBe(true))
    await shown()
    expect(server.requests).toHaveLength(1)
  })

  it('is a conversation of its own for each of two components with one id, and neither waits for the other', async () => {
    const server = createScriptedServer()
    const chats: ChatHandle[] = []
    const chatOf = (place: number): ReactNode => (
      <Chat server={server} options={{ id: 'same' }} onChat={(next) => (chats[place] = next)} />
    )
    render(
      <CandorProvider>
        {chatOf(0)}
        {chatOf(1)}
      </CandorProvider>,
    )
    await begin(chats[0]!, server, 'One')
    const second = await begin(chats[1]!, server, 'Two')
    second.answer('Second.')
    await shown()
    expect(screen.getAllByRole('status').map(({ textContent }) => textContent)).toEqual(['submitted', 'idle'])
  })

  it('streams in StrictMode as anywhere, with one request', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    render(
      <StrictMode>
        <Chat server={server} onChat={(next) => (chat = next)} />
      </StrictMode>,
    )
    ;(await begin(chat, server)).answer('Hi.')
    await shown()
    expect(screen.getByText('assistant: Hi.')).toBeTruthy()
    expect(server.requests).toHaveLength(1)
  })

  it('is another conversation under another id, and the old one stops', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    const onChat = (next: ChatHandle): void => void (chat = next)
    const { rerender } = render(<Chat server={server} onChat={onChat} options={{ id: 'a' }} />)
    const exchange = await begin(chat, server, 'Hello, a')
    rerender(<Chat server={server} onChat={onChat} options={{ id: 'b' }} />)
    expect(screen.queryByText('user: Hello, a')).toBeNull()
    expect(chat.id).toBe('b')
    expect(exchange.signal.aborted).toBe(true)
    ;(await begin(chat, server, 'Hello, b')).answer('Hi, b.')
    await shown()
    expect(screen.getByText('assistant: Hi, b.')).toBeTruthy()
  })

  it('keeps two chats of one page apart', async () => {
    const server = createScriptedServer()
    const chats: ChatHandle[] = []
    render(
      <>
        <Chat server={server} onChat={(chat) => (chats[0] = chat)} />
        <Chat server={server} onChat={(chat) => (chats[1] = chat)} />
      </>,
    )
    const left = await begin(chats[0]!, server, 'left')
    const right = await begin(chats[1]!, server, 'right')
    right.answer('to the right')
    left.answer('to the left')
    await shown()
    expect(chats[0]!.messages).toHaveLength(2)
    expect(screen.getAllByText(/^assistant: to the/).map((line) => line.textContent)).toEqual([
      'assistant: to the left',
      'assistant: to the right',
    ])
  })

  it('counts as a running mutation in the app’s own QueryClient', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    render(
      <QueryClientProvider client={new QueryClient()}>
        <Chat server={server} onChat={(next) => (chat = next)} />
        <Busy />
      </QueryClientProvider>,
    )
    const exchange = await begin(chat, server)
    expect(screen.getByText('1 running')).toBeTruthy()
    exchange.answer('Hi.')
    await shown()
    expect(screen.getByText('0 running')).toBeTruthy()
  })

  it('renders on a server, and the browser takes the page over without a difference', async () => {
    const server = createScriptedServer()
    const initialMessages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', content: 'How can I help?' },
    ] as const
    const warnings = vi.spyOn(console, 'error').mockImplementation(() => {})
    const page = <Chat server={server} options={{ initialMessages: [...initialMessages] }} />
    const html = renderToString(page)
    expect(html).toContain('How can I help?')
    const container = document.createElement('div')
    document.body.append(container)
    container.innerHTML = html
    const before = container.firstElementChild
    render(page, { container, hydrate: true })
    await shown()
    expect(container.firstElementChild).toBe(before)
    expect(warnings).not.toHaveBeenCalled()
    warnings.mockRestore()
  })
})

describe('what a component reads', () => {
  it('decides when it renders: never for `send`, `messageIds` and `status` while an answer grows', async () => {
    expect(await rendersWhileReading((chat) => chat.send)).toBe(0)
    expect(await rendersWhileReading((chat) => [chat.messageIds, chat.status, chat.error])).toBe(0)
  })

  it('is the last answer and its choices, usage and times', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    render(<Chat server={server} onChat={(next) => (chat = next)} />)
    expect(chat).toMatchObject({ answer: null, choices: [], usage: null, timings: null, finishReason: null })
    const exchange = await begin(chat, server)
    exchange.delta({ content: 'One' }, { index: 0, finish_reason: 'stop' })
    exchange.delta({ content: 'Two' }, { index: 1, finish_reason: 'length' })
    exchange.chunk({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } })
    exchange.done()
    await shown()
    expect(chat.choices.map(({ choice }) => choice.message.content)).toEqual(['One', 'Two'])
    expect(chat.answer).toBe(chat.choices[0])
    expect(chat).toMatchObject({ usage: { total_tokens: 5 }, finishReason: 'stop', issues: [] })
    expect(chat.timings?.firstTokenMs).toBeLessThanOrEqual(chat.timings?.endedMs ?? 0)
    const { choices } = chat
    act(() => chat.selectChoice(1))
    expect(chat.finishReason).toBe('length')
    expect(chat.choices).toEqual(choices)
  })

  it('decides when it renders: once a frame for `messages`', async () => {
    expect(await rendersWhileReading((chat) => chat.messages)).toBe(10)
  })
})

describe('selectors', () => {
  it('render the growing message alone, below a host that reads no messages', async () => {
    const server = createScriptedServer()
    const rendered: string[] = []
    let chat!: ChatHandle
    const onRender = (id: string): void => void rendered.push(id)
    function List({ store }: { store: ChatStateSource }) {
      return useMessageIds(store).map((id) => <MemoLine key={id} id={id} store={store} onRender={onRender} />)
    }
    function Host() {
      const handle = useChatCompletion({ client: server.client, request })
      useEffect(() => void (chat = handle))
      return <List store={handle.store} />
    }
    render(<Host />)
    const exchange = await begin(chat, server)
    exchange.delta({ content: 'One' })
    await shown()
    rendered.length = 0
    exchange.delta({ content: ', two' })
    await shown()
    expect(screen.getByText('assistant: One, two')).toBeTruthy()
    expect(rendered).toEqual([chat.messageIds[1]])
    exchange.finish()
    await shown()
  })

  it('read the chat of the nearest provider', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    function Host({ children }: { children: ReactNode }) {
      const handle = useChatCompletion({ client: server.client, request })
      useEffect(() => void (chat = handle))
      return <CandorProvider chat={handle}>{children}</CandorProvider>
    }
    render(
      <CandorProvider>
        <Host>
          <Status />
        </Host>
      </CandorProvider>,
    )
    expect(screen.getByRole('status').textContent).toBe('idle')
    const exchange = await begin(chat, server)
    expect(screen.getByRole('status').textContent).toBe('submitted')
    exchange.answer('Hi.')
    await shown()
    expect(screen.getByRole('status').textContent).toBe('idle')
  })

  it('say what to do when there is no chat to read from', () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(() => render(<Status />)).toThrow(/wrap the component in <CandorProvider chat=\{chat\}>/)
    errors.mockRestore()
  })
})
