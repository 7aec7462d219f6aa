import type { ChatMessage } from '@candor/core'
import { cleanup, render, screen } from '@testing-library/react'
import { StrictMode, useEffect } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { ChatHandle } from './ChatHandle.ts'
import type { ChatStorage } from './ChatStorage.ts'
import { indexedDbChats } from './indexedDbChats.ts'
import { localStorageChats } from './localStorageChats.ts'
import { persistChat } from './persistChat.ts'
import { answered, chatOn, until, type WatchedChat } from './testing/chatOn.ts'
import { createScriptedServer } from './testing/createScriptedServer.ts'
import { useChatCompletion } from './useChatCompletion.ts'
import { useThreads } from './useThreads.ts'

let names = 0
/** A name that no other test uses, so that nothing is left from one to the next. */
const freshName = (): string => `test-${Date.now()}-${names++}`

/** A chat that is kept, as it is once it has been loaded. */
async function keptChat(
  storage: ChatStorage,
  server = createScriptedServer(),
): Promise<{ chat: WatchedChat; close: () => void }> {
  const chat = chatOn(server, { id: 'thread-1' })
  const close = persistChat(chat, storage)
  await until(chat, ({ isRestoring }) => !isRestoring)
  return { chat, close }
}

/** Resolves as soon as a storage's thread is as wanted. */
async function untilKept(
  storage: ChatStorage,
  isThere: (messages: readonly ChatMessage[]) => boolean,
): Promise<void> {
  await vi.waitFor(async () => {
    const saved = await storage.readThread('thread-1')
    expect(saved !== undefined && isThere(saved.messages)).toBe(true)
  })
}

/** Two storages of one name, as two tabs have them: separate objects that hear of each other through the browser. */
async function twoTabs() {
  const name = freshName()
  const server = createScriptedServer()
  const left = await keptChat(indexedDbChats(name), server)
  await answered(server, left.chat, 'One', 'First.')
  await untilKept(indexedDbChats(name), (messages) => messages.length === 2)
  const right = await keptChat(indexedDbChats(name), server)
  const close = (): void => [left, right].forEach((tab) => tab.close())
  return { left: left.chat, right: right.chat, server, name, close }
}

function Kept({ storage, id }: { storage: ChatStorage; id?: string }) {
  const chat = useChatCompletion({
    client: createScriptedServer().client,
    storage,
    ...(id !== undefined && { id }),
  })
  return <output>{chat.messages.length} messages</output>
}

function Threads({ storage }: { storage: ChatStorage }) {
  return useThreads(storage).data?.map((thread) => <li key={thread.id}>{thread.title}</li>)
}

afterEach(cleanup)
beforeEach(() => localStorage.clear())

describe.each([
  ['localStorage', localStorageChats],
  ['IndexedDB', indexedDbChats],
])('a conversation kept in %s', (_, createStorage) => {
  it('comes back after a reload, with its branches', async () => {
    const name = freshName()
    const server = createScriptedServer()
    const { chat, close } = await keptChat(createStorage(name), server)
    await answered(server, chat, 'A number?', 'One.')
    const again = chat.actions.regenerate()
    ;(await server.next()).answer('Two.')
    await again
    chat.actions.selectChoice(0)
    chat.actions.selectBranch(chat.state().branches[chat.state().messageIds[0]!]!.ids[0]!)
    close()
    const storage = createStorage(name)
    await untilKept(storage, (messages) => messages.length === 3)
    await vi.waitFor(async () => {
      expect(Object.keys((await storage.readThread('thread-1'))?.shown ?? {})).toHaveLength(1)
    })
    const reloaded = await keptChat(storage)
    expect(reloaded.chat.lines()).toEqual(['user: A number?', 'assistant (finished): One.'])
    expect(reloaded.chat.state().branches[reloaded.chat.state().messageIds[0]!]?.ids).toHaveLength(2)
    reloaded.close()
  })

  it('comes back interrupted when the page goes in the middle of an answer', async () => {
    const name = freshName()
    const server = createScriptedServer()
    const { chat, close } = await keptChat(createStorage(name), server)
    void chat.actions.send('Hello')
    const exchange = await server.next()
    exchange.delta({ content: 'Hi, my na' })
    await until(chat, ({ status }) => status === 'streaming')
    dispatchEvent(new PageTransitionEvent('pagehide'))
    await untilKept(createStorage(name), (messages) => messages.length === 2)
    const reloaded = await keptChat(createStorage(name))
    expect(reloaded.chat.lines()).toEqual(['user: Hello', 'assistant (interrupted): Hi, my na'])
    expect(reloaded.chat.state().status).toBe('interrupted')
    reloaded.close()
    chat.actions.stop()
    close()
  })

  it('is empty again after a reset', async () => {
    const name = freshName()
    const server = createScriptedServer()
    const { chat, close } = await keptChat(createStorage(name), server)
    await answered(server, chat, 'Hello', 'Hi.')
    chat.actions.reset()
    close()
    await untilKept(createStorage(name), (messages) => messages.length === 0)
    const reloaded = await keptChat(createStorage(name))
    expect(reloaded.chat.lines()).toEqual([])
    reloaded.close()
  })

  it('is in the list of threads under its first words, until it is removed', async () => {
    const storage = createStorage(freshName())
    const server = createScriptedServer()
    const { chat, close } = await keptChat(storage, server)
    expect(await storage.listThreads()).toEqual([])
    await answered(server, chat, 'What is the capital of France?\nPlease.', 'Paris.')
    await vi.waitFor(async () => {
      expect(await storage.listThreads()).toEqual([
        { id: 'thread-1', title: 'What is the capital of France?', updatedAt: expect.any(Number) },
      ])
    })
    close()
    await storage.removeThread('thread-1')
    expect(await storage.listThreads()).toEqual([])
    expect(await storage.readThread('thread-1')).toBeUndefined()
  })

  it('is not written again after it was removed, until something is said in it: then whole', async () => {
    const storage = createStorage(freshName())
    const server = createScriptedServer()
    const { chat, close } = await keptChat(storage, server)
    await answered(server, chat, 'One', 'First.')
    await untilKept(storage, (messages) => messages.length === 2)
    await storage.removeThread('thread-1')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(await storage.listThreads()).toEqual([])
    await answered(server, chat, 'Two', 'Second.')
    await untilKept(storage, (messages) => messages.length === 4)
    close()
  })

  it('lets what is sent while it loads wait, and then follow what was loaded', async () => {
    const name = freshName()
    const server = createScriptedServer()
    const { chat, close } = await keptChat(createStorage(name), server)
    await answered(server, chat, 'One', 'First.')
    close()
    await untilKept(createStorage(name), (messages) => messages.length === 2)
    const reloaded = chatOn(server, { id: 'thread-1' })
    const closeAgain = persistChat(reloaded, createStorage(name))
    expect(reloaded.state().isRestoring).toBe(true)
    await answered(server, reloaded, 'Two', 'Second.')
    expect(reloaded.lines()).toEqual([
      'user: One',
      'assistant (finished): First.',
      'user: Two',
      'assistant (finished): Second.',
    ])
    closeAgain()
  })
})

describe('two tabs on one thread', () => {
  it('see each other’s turns', async () => {
    const { left, right, server, close } = await twoTabs()
    await answered(server, left, 'Two', 'Second.')
    await until(right, () => right.lines().length === 4)
    await vi.waitFor(() => expect(right.lines()).toEqual(left.lines()))
    close()
  })

  it('lose neither turn when both send at once: they are branches of each other', async () => {
    const { left, right, server, name, close } = await twoTabs()
    const turns = [left.actions.send('From the left'), right.actions.send('From the right')]
    const exchanges = [await server.next(), await server.next()]
    for (const exchange of exchanges) exchange.answer('Hello.')
    await Promise.all(turns)
    expect(left.lines().slice(2)).toEqual(['user: From the left', 'assistant (finished): Hello.'])
    expect(right.lines().slice(2)).toEqual(['user: From the right', 'assistant (finished): Hello.'])
    for (const tab of [left, right]) {
      await vi.waitFor(() => expect(tab.state().branches[tab.state().messageIds[1]!]?.ids).toHaveLength(2))
    }
    close()
    await untilKept(indexedDbChats(name), (messages) => messages.length === 6)
  })

  it('see an answer of the other one grow, and its end', async () => {
    const { left, right, server, close } = await twoTabs()
    const turn = left.actions.send('Two')
    const exchange = await server.next()
    exchange.delta({ content: 'Sec' })
    await vi.waitFor(() => expect(right.lines().at(-1)).toBe('assistant (streaming): Sec'), { timeout: 3000 })
    exchange.delta({ content: 'ond.' })
    exchange.finish()
    await turn
    await vi.waitFor(() => expect(right.lines().at(-1)).toBe('assistant (finished): Second.'))
    close()
  })

  it('keep a turn that runs in one while the other empties the conversation', async () => {
    const { left, right, server, name, close } = await twoTabs()
    const turn = left.actions.send('Two')
    const exchange = await server.next()
    exchange.delta({ content: 'Sec' })
    await until(right, () => right.lines().length === 4)
    const removed = new Promise<void>((resolve) => {
      indexedDbChats(name).subscribe(({ change }) => {
        if (change?.removedIds.length === 4) resolve()
      })
    })
    right.actions.reset()
    await removed
    exchange.delta({ content: 'ond.' })
    exchange.finish()
    await turn
    expect(left.lines()).toHaveLength(4)
    await untilKept(indexedDbChats(name), (messages) => messages.length === 4)
    close()
  })
})

describe('localStorage', () => {
  it('keeps words and no files', async () => {
    const storage = localStorageChats(freshName())
    const server = createScriptedServer()
    const { chat, close } = await keptChat(storage, server)
    const turn = chat.actions.send([
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
      { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
      { type: 'file', file: { filename: 'report.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
    ])
    ;(await server.next()).answer('A picture.')
    await turn
    close()
    const saved = await storage.readThread('thread-1')
    expect(saved?.messages[0]).toMatchObject({
      message: {
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'text', text: '[picture: not kept in this browser]' },
          { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
          { type: 'text', text: '[report.pdf: not kept in this browser]' },
        ],
      },
    })
    expect(JSON.stringify(localStorage)).not.toContain('base64')
  })

  it('that is full is told, and the conversation goes on', async () => {
    const storage = localStorageChats(freshName())
    const server = createScriptedServer()
    const { chat, close } = await keptChat(storage, server)
    await answered(server, chat, 'x'.repeat(6_000_000), 'That is long.')
    await until(chat, ({ storageError }) => storageError !== null)
    expect(chat.state().storageError).toContain('no room left')
    await answered(server, chat, 'And now?', 'Fine.')
    expect(chat.lines().at(-1)).toBe('assistant (finished): Fine.')
    close()
  })
})

describe('a browser that keeps nothing', () => {
  it('because IndexedDB is switched off says so; the conversation goes on, and is kept as soon as it can be', async () => {
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('The user denied permission to access the database.', 'SecurityError')
    })
    const storage = indexedDbChats(freshName())
    const server = createScriptedServer()
    const { chat, close } = await keptChat(storage, server)
    expect(chat.state().storageError).toContain('could not be read')
    await answered(server, chat, 'One', 'First.')
    await until(chat, ({ storageError }) => storageError?.includes('could not be kept') === true)
    open.mockRestore()
    await answered(server, chat, 'Two', 'Second.')
    await untilKept(storage, (messages) => messages.length === 4)
    expect(chat.state().storageError).toBeNull()
    close()
  })

  it('because localStorage is switched off says so, and the conversation goes on', async () => {
    const denied = vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
      throw new DOMException('Access is denied for this document.', 'SecurityError')
    })
    const server = createScriptedServer()
    const { chat, close } = await keptChat(localStorageChats(freshName()), server)
    expect(chat.state().storageError).toContain('switched off')
    await answered(server, chat, 'One', 'First.')
    expect(chat.lines().at(-1)).toBe('assistant (finished): First.')
    close()
    denied.mockRestore()
  })
})

describe('in a component', () => {
  it('a chat with a storage shows what was kept', async () => {
    const storage = indexedDbChats(freshName())
    const server = createScriptedServer()
    const { chat, close } = await keptChat(storage, server)
    await answered(server, chat, 'One', 'First.')
    close()
    await untilKept(storage, (messages) => messages.length === 2)
    render(<Kept storage={storage} id="thread-1" />)
    expect(await screen.findByText('2 messages')).toBeTruthy()
  })

  it('a chat with a storage is loaded and kept in StrictMode as anywhere', async () => {
    const storage = indexedDbChats(freshName())
    const server = createScriptedServer()
    const { chat, close } = await keptChat(storage, server)
    await answered(server, chat, 'One', 'First.')
    close()
    await untilKept(storage, (messages) => messages.length === 2)
    let send!: ChatHandle['send']
    function Sending() {
      const strict = useChatCompletion({
        client: server.client,
        request: { model: 'm' },
        storage,
        id: 'thread-1',
      })
      useEffect(() => void (send = strict.send))
      return <output>{strict.messages.length} messages</output>
    }
    render(
      <StrictMode>
        <Sending />
      </StrictMode>,
    )
    expect(await screen.findByText('2 messages')).toBeTruthy()
    void send('Two')
    ;(await server.next()).answer('Second.')
    await untilKept(storage, (messages) => messages.length === 4)
    expect(server.requests).toHaveLength(2)
    expect(await screen.findByText('4 messages')).toBeTruthy()
  })

  it('a chat with a storage and no id says what is missing', () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(() => render(<Kept storage={localStorageChats()} />)).toThrow(/needs an `id`/)
    errors.mockRestore()
  })

  it('a list of threads follows what is written', async () => {
    const storage = indexedDbChats(freshName())
    const server = createScriptedServer()
    render(<Threads storage={storage} />)
    const { chat, close } = await keptChat(storage, server)
    await answered(server, chat, 'A new thread', 'Hi.')
    expect(await screen.findByText('A new thread')).toBeTruthy()
    close()
  })
})
