import type { ToolCall } from '@candor/core'
import { memo, Profiler, useEffect } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { ChatHandle, ChatStateSource } from './ChatHandle.ts'
import type { ChatOptions } from './ChatOptions.ts'
import { createScriptedServer, type ScriptedServer } from './testing/createScriptedServer.ts'
import { useChatCompletion } from './useChatCompletion.ts'
import { useMessage } from './useMessage.ts'
import { useMessageIds } from './useMessageIds.ts'

/** How often what was rendered. */
interface Counts {
  commits: number
  onCommit: () => void
  parts: Map<string, number>
}

const TextPart = memo(({ id, text, counts }: { id: string; text: string; counts: Counts }) => {
  counts.parts.set(id, (counts.parts.get(id) ?? 0) + 1)
  return <p>{text}</p>
})

const CallPart = memo(({ call, counts }: { call: ToolCall; counts: Counts }) => {
  counts.parts.set(call.id, (counts.parts.get(call.id) ?? 0) + 1)
  return <pre>{call.type === 'function' ? call.function.arguments : call.custom.input}</pre>
})

const Message = memo(({ id, store, counts }: { id: string; store: ChatStateSource; counts: Counts }) => {
  const message = useMessage(id, store)
  if (message === undefined) return null
  counts.parts.set(id, (counts.parts.get(id) ?? 0) + 1)
  if (message.role !== 'assistant') return <p>{JSON.stringify(message.message.content)}</p>
  const { content, tool_calls = [] } = message.choice.message
  return (
    <article>
      <TextPart id="reasoning" text={message.reasoning} counts={counts} />
      {tool_calls.map((call) => (
        <CallPart key={call.id} call={call} counts={counts} />
      ))}
      <TextPart id="content" text={content ?? ''} counts={counts} />
    </article>
  )
})

function List({ store, counts }: { store: ChatStateSource; counts: Counts }) {
  return useMessageIds(store).map((id) => <Message key={id} id={id} store={store} counts={counts} />)
}

function Host({
  server,
  counts,
  options = {},
  onChat,
}: {
  server: ScriptedServer
  counts: Counts
  options?: Partial<ChatOptions>
  onChat: (chat: ChatHandle) => void
}) {
  const chat = useChatCompletion({ client: server.client, request: { model: 'scripted' }, ...options })
  useEffect(() => onChat(chat))
  return (
    <Profiler id="list" onRender={counts.onCommit}>
      <List store={chat.store} counts={counts} />
    </Profiler>
  )
}

let root: Root | undefined
afterEach(() => root?.unmount())

/** Mounts a chat as an app does: without test helpers that gather updates. */
async function mountChat(options?: Partial<ChatOptions>) {
  Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', false)
  const server = createScriptedServer()
  const counts: Counts = { commits: 0, onCommit: () => (counts.commits += 1), parts: new Map() }
  const container = document.createElement('div')
  document.body.append(container)
  root = createRoot(container)
  const chat = await new Promise<ChatHandle>((resolve) =>
    root?.render(<Host server={server} counts={counts} onChat={resolve} {...(options && { options })} />),
  )
  return { chat, server, counts, container }
}

/** The next task: what came in between has been handled. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => resolve(), { once: true })
    port1.start()
    port2.postMessage(null)
  })
}

/** Resolves as soon as the answer says a text. */
function shows({ store }: ChatHandle, text: string): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = store.subscribe(() => {
      const { messages, messageIds } = store.getState()
      const message = messages[messageIds.at(-1) ?? '']
      if (message?.role !== 'assistant' || !message.choice.message.content?.includes(text)) return
      unsubscribe()
      resolve()
    })
  })
}

/** Counts the frames that the page has until it is stopped. */
function countFrames(): { frames: () => number; stop: () => void } {
  let frames = 0
  let handle = requestAnimationFrame(function count() {
    frames += 1
    handle = requestAnimationFrame(count)
  })
  return { frames: () => frames, stop: () => cancelAnimationFrame(handle) }
}

/** Runs `step` 1,000 times a second. */
async function everyMillisecond(times: number, step: (index: number) => void): Promise<void> {
  const start = performance.now()
  for (let index = 0; index < times; index++) {
    while (performance.now() < start + index) await nextTask()
    step(index)
  }
}

describe('2,000 spaced deltas into a message with 22 parts', () => {
  it('commit at most once a frame, render the growing part once a commit and no other part at all', async () => {
    const { chat, server, counts, container } = await mountChat()
    const turn = chat.send('Go.')
    const exchange = await server.next()
    exchange.delta({ reasoning_content: 'I will call twenty tools.' })
    for (let call = 0; call < 20; call++) exchange.call(`call_${call}`, 'look_up', { call }, call)
    exchange.delta({ content: '0' })
    await vi.waitFor(() => expect(counts.parts.size).toBe(24))

    counts.commits = 0
    counts.parts.clear()
    const clock = countFrames()
    await everyMillisecond(2000, (index) => exchange.delta({ content: ` ${index + 1}` }))
    await shows(chat, ' 1999 2000')
    await vi.waitFor(() => expect(container.textContent).toContain(' 1999 2000'))
    const { commits, parts } = counts
    clock.stop()
    expect(commits).toBeGreaterThan(10)
    expect(commits).toBeLessThanOrEqual(clock.frames())
    const answerId = chat.messageIds[1]
    expect(Object.fromEntries(parts)).toEqual({ [answerId!]: commits, content: commits })
    exchange.finish()
    await turn
  })
})

describe('a burst of 10,000 chunks in one task', () => {
  it('arrives whole in few commits', async () => {
    const { chat, server, counts, container } = await mountChat()
    const turn = chat.send('Go.')
    const exchange = await server.next()
    const clock = countFrames()
    for (let index = 0; index < 10_000; index++) exchange.delta({ content: `${index} ` })
    exchange.finish()
    expect(await turn).toBe('finished')
    await vi.waitFor(() => expect(container.textContent).toContain(' 9998 9999'))
    clock.stop()
    // Two more than frames: the question, and the end, which does not wait for a frame.
    expect(counts.commits).toBeLessThanOrEqual(clock.frames() + 2)
  })

  it('leaves the page room between stretches of work', async () => {
    const { chat, server } = await mountChat()
    const turn = chat.send('Go.')
    const exchange = await server.next()
    for (let index = 0; index < 10_000; index++) exchange.delta({ content: `${index} ` })
    exchange.finish()
    let tasks = 0
    while ((await Promise.race([turn, nextTask()])) === undefined) tasks += 1
    expect(tasks).toBeGreaterThan(1)
  })
})
