import { act, cleanup, render, screen } from '@testing-library/react'
import { startTransition, Suspense, useEffect, useState, type ReactNode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { CandorProvider } from './CandorProvider.tsx'
import type { ChatHandle } from './ChatHandle.ts'
import type { ChatOptions } from './ChatOptions.ts'
import { createScriptedServer, type Exchange, type ScriptedServer } from './testing/createScriptedServer.ts'
import { useChatCompletion } from './useChatCompletion.ts'

const request = { model: 'scripted' }

function Chat({
  server,
  onChat,
  options,
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
    <output>
      {chat.status}: {chat.answer?.choice.message.content ?? ''}
    </output>
  )
}

function Threads({
  server,
  id,
  onChat,
}: {
  server: ScriptedServer
  id: string
  onChat: (chat: ChatHandle) => void
}) {
  return (
    <CandorProvider keepChats>
      {id !== '' && <Chat key={id} server={server} options={{ id }} onChat={onChat} />}
    </CandorProvider>
  )
}

/** Lets what came reach the screen. */
async function shown(): Promise<void> {
  await act(async () => {
    // More than one, for a machine on which a chunk is late for its frame.
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
  })
}

async function begin(chat: ChatHandle, server: ScriptedServer): Promise<Exchange> {
  let exchange!: Exchange
  await act(async () => {
    void chat.send('Hello')
    exchange = await server.next()
  })
  return exchange
}

const text = (): string | null => screen.getByRole('status').textContent

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

describe('a stream', () => {
  it('goes on while a transition waits for something else', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    let goElsewhere!: () => void
    let arrive!: () => void
    const elsewhere = new Promise<void>((resolve) => (arrive = resolve))
    let hasArrived = false
    function Elsewhere(): ReactNode {
      if (!hasArrived) throw elsewhere
      return <p>elsewhere</p>
    }
    function Page() {
      const [isElsewhere, setElsewhere] = useState(false)
      useEffect(() => {
        goElsewhere = () => startTransition(() => setElsewhere(true))
      }, [])
      return (
        <Suspense fallback={<p>loading</p>}>
          <Chat server={server} onChat={(next) => (chat = next)} />
          {isElsewhere && <Elsewhere />}
        </Suspense>
      )
    }
    render(<Page />)
    const exchange = await begin(chat, server)
    exchange.delta({ content: 'One' })
    await shown()
    act(() => goElsewhere())
    exchange.delta({ content: ', two' })
    await shown()
    expect(screen.queryByText('loading')).toBeNull()
    expect(text()).toBe('streaming: One, two')
    exchange.delta({ content: ', three' })
    exchange.finish()
    await shown()
    expect(text()).toBe('idle: One, two, three')
    await act(async () => {
      hasArrived = true
      arrive()
      await elsewhere
    })
    expect(await screen.findByText('elsewhere')).toBeTruthy()
  })

  it('goes on while its boundary shows a fallback', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    let suspend!: (isSuspended: boolean) => void
    const never = new Promise<void>(() => {})
    function Sleeper({ isAsleep }: { isAsleep: boolean }): ReactNode {
      if (isAsleep) throw never
      return null
    }
    function Page() {
      const [isAsleep, setAsleep] = useState(false)
      useEffect(() => {
        suspend = setAsleep
      }, [])
      return (
        <Suspense fallback={<p>loading</p>}>
          <Chat server={server} onChat={(next) => (chat = next)} />
          <Sleeper isAsleep={isAsleep} />
        </Suspense>
      )
    }
    render(<Page />)
    const exchange = await begin(chat, server)
    exchange.delta({ content: 'One' })
    await shown()
    act(() => suspend(true))
    expect(screen.getByText('loading')).toBeTruthy()
    exchange.delta({ content: ', two' })
    exchange.finish()
    await shown()
    act(() => suspend(false))
    expect(text()).toBe('idle: One, two')
  })

  it('goes on in a hidden tab, which has no frames, and shows all of it in one render when it is seen again', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    render(<Chat server={server} onChat={(next) => (chat = next)} />)
    const exchange = await begin(chat, server)
    const frames: FrameRequestCallback[] = []
    vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback))
    vi.stubGlobal('cancelAnimationFrame', () => {})
    let changes = 0
    chat.store.subscribe(() => (changes += 1))
    for (let index = 0; index < 1000; index++) exchange.delta({ content: `${index} ` })
    exchange.finish()
    await act(() => vi.waitFor(() => expect(chat.store.getState().status).toBe('idle')))
    expect(frames.length).toBeLessThan(10)
    expect(changes).toBeLessThan(10)
    expect(text()).toMatch(/^idle: 0 1 2 .* 998 999 $/)
  })
})

describe('below a provider that keeps chats', () => {
  it('an answer goes on while its thread is not on screen, and is there when it is again', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    const onChat = (next: ChatHandle): void => void (chat = next)
    const { rerender } = render(<Threads server={server} id="a" onChat={onChat} />)
    const exchange = await begin(chat, server)
    exchange.delta({ content: 'One' })
    await shown()
    rerender(<Threads server={server} id="b" onChat={onChat} />)
    expect(text()).toBe('idle: ')
    exchange.delta({ content: ', two' })
    await shown()
    rerender(<Threads server={server} id="a" onChat={onChat} />)
    expect(text()).toBe('streaming: One, two')
    exchange.finish()
    await shown()
    expect(text()).toBe('idle: One, two')
  })

  it('all turns stop when the provider goes', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    const { rerender, unmount } = render(<Threads server={server} id="a" onChat={(next) => (chat = next)} />)
    const exchange = await begin(chat, server)
    rerender(<Threads server={server} id="" onChat={() => {}} />)
    expect(exchange.signal.aborted).toBe(false)
    unmount()
    expect(exchange.signal.aborted).toBe(true)
  })

  it('two components with one id show one chat', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    render(
      <CandorProvider keepChats>
        <Chat server={server} options={{ id: 'a' }} onChat={(next) => (chat = next)} />
        <Chat server={server} options={{ id: 'a' }} />
      </CandorProvider>,
    )
    ;(await begin(chat, server)).answer('Hi.')
    await shown()
    expect(screen.getAllByRole('status').map((output) => output.textContent)).toEqual([
      'idle: Hi.',
      'idle: Hi.',
    ])
    expect(server.requests).toHaveLength(1)
  })
})
