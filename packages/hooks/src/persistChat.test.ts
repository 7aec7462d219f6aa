import type { ChatMessage } from '@candor/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { inOrder, type ChatStorage, type ThreadUpdate } from './ChatStorage.ts'
import { persistChat } from './persistChat.ts'
import type { SavedChat } from './SavedChat.ts'
import { answered, chatOn, until, type WatchedChat } from './testing/chatOn.ts'
import { createScriptedServer } from './testing/createScriptedServer.ts'

/** A storage in memory, whose reading and writing the test can replace. */
function memoryStorage(replaced: Partial<ChatStorage> = {}) {
  const messages = new Map<string, ChatMessage>()
  const updates: ThreadUpdate[] = []
  const take = (update: ThreadUpdate): void => {
    updates.push(update)
    for (const message of update.messages) messages.set(message.id, message)
    for (const id of update.removedIds) messages.delete(id)
  }
  const read = (): SavedChat | undefined =>
    messages.size === 0 ? undefined : { version: 1, messages: inOrder([...messages.values()]), shown: {} }
  const storage: ChatStorage = {
    readThread: async () => read(),
    writeThread: async (_, update) => take(update),
    removeThread: async () => messages.clear(),
    listThreads: async () => [],
    subscribe: () => () => {},
    ...replaced,
  }
  return { storage, messages, updates, take, read }
}

function keptChat(storage: ChatStorage) {
  const server = createScriptedServer()
  const chat = chatOn(server, { id: 'thread-1' })
  return { server, chat, close: persistChat(chat, storage) }
}

const untilLoaded = (chat: WatchedChat) => until(chat, ({ isRestoring }) => !isRestoring)

/** A promise that the test settles. */
function deferred<Value>() {
  let resolve!: (value: Value) => void
  const promise = new Promise<Value>((settle) => (resolve = settle))
  return { promise, resolve }
}

/** What a storage has of a conversation with one question and its answer. */
async function oneTurn() {
  const memory = memoryStorage()
  const { server, chat, close } = keptChat(memory.storage)
  await untilLoaded(chat)
  await answered(server, chat, 'One', 'First.')
  close()
  memory.updates.length = 0
  return memory
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('a storage that does not answer', () => {
  it('holds the conversation up for 5 seconds, and then what was sent goes out', async () => {
    const { storage } = memoryStorage({ readThread: () => new Promise(() => {}) })
    const { server, chat, close } = keptChat(storage)
    const turn = chat.actions.send('Hello')
    await vi.advanceTimersByTimeAsync(4_999)
    expect(chat.state()).toMatchObject({ isRestoring: true, queue: ['Hello'], storageError: null })
    await vi.advanceTimersByTimeAsync(1)
    expect(chat.state()).toMatchObject({ isRestoring: false, queue: [] })
    expect(chat.state().storageError).toContain('takes long to load')
    ;(await server.next()).answer('Hi.')
    expect(await turn).toBe('finished')
    close()
  })

  it('and does after all loses nothing: what was kept comes beside what was said meanwhile', async () => {
    const kept = await oneTurn()
    const { promise, resolve } = deferred<SavedChat | undefined>()
    const { storage } = memoryStorage({ readThread: () => promise })
    const { server, chat, close } = keptChat(storage)
    const turn = chat.actions.send('Two')
    await vi.advanceTimersByTimeAsync(5_000)
    ;(await server.next()).answer('Second.')
    await turn
    resolve(kept.read())
    await vi.advanceTimersByTimeAsync(0)
    expect(chat.state().storageError).toBeNull()
    expect(chat.lines()).toEqual(['user: Two', 'assistant (finished): Second.'])
    chat.actions.selectBranch(chat.state().branches['']!.ids.at(-1)!)
    expect(chat.lines()).toEqual(['user: One', 'assistant (finished): First.'])
    close()
  })
})

describe('a storage that fails', () => {
  it('is tried again with the next change and not before, whatever it says', async () => {
    let attempts = 0
    const { storage } = memoryStorage({
      writeThread: async () => {
        throw new Error(`No room (attempt ${++attempts}).`)
      },
    })
    const { server, chat, close } = keptChat(storage)
    await untilLoaded(chat)
    await answered(server, chat, 'One', 'First.')
    await vi.advanceTimersByTimeAsync(60_000)
    const before = attempts
    expect(chat.state().storageError).toContain('No room')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(attempts).toBe(before)
    await answered(server, chat, 'Two', 'Second.')
    expect(attempts).toBeGreaterThan(before)
    close()
  })

  it('once still forgets what was taken out of the conversation', async () => {
    const kept = await oneTurn()
    const writeThread = vi
      .fn<ChatStorage['writeThread']>(async (_, update) => kept.take(update))
      .mockRejectedValueOnce(new Error('busy'))
    const { server, chat, close } = keptChat({ ...kept.storage, writeThread })
    await untilLoaded(chat)
    chat.actions.reset()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(chat.state().storageError).toBe('busy')
    await answered(server, chat, 'Two', 'Second.')
    close()
    await vi.advanceTimersByTimeAsync(0)
    expect(kept.read()?.messages.map(({ role }) => role)).toEqual(['user', 'assistant'])
    expect(kept.read()?.messages[0]).toMatchObject({ message: { content: 'Two' } })
  })

  it('takes nothing from a conversation that is hidden and shown again', async () => {
    const kept = await oneTurn()
    const { chat, server, close } = keptChat({
      ...kept.storage,
      writeThread: () => Promise.reject(new Error('full')),
    })
    await untilLoaded(chat)
    await answered(server, chat, 'Two', 'Second.')
    const before = chat.lines()
    close()
    const closeAgain = persistChat(chat, kept.storage)
    await untilLoaded(chat)
    expect(chat.lines()).toEqual(before)
    closeAgain()
    await vi.advanceTimersByTimeAsync(0)
    expect(kept.read()?.messages).toHaveLength(4)
  })

  it('to be read, since its form is of a later version, is not written over', async () => {
    const kept = await oneTurn()
    const later = { ...kept.read()!, version: 2 }
    const { chat, server, close } = keptChat({
      ...kept.storage,
      // A later version's object is not of this version's type.
      readThread: async () => JSON.parse(JSON.stringify(later)),
    })
    await untilLoaded(chat)
    expect(chat.state().storageError).toMatch(/saved in form 2.*is not kept/)
    await answered(server, chat, 'Two', 'Second.')
    close()
    expect(kept.updates).toEqual([])
  })
})

describe('writing', () => {
  it('has what the user says at once: a page that is left in the middle of the answer had no time to wait', async () => {
    const memory = memoryStorage()
    const { server, chat, close } = keptChat(memory.storage)
    await untilLoaded(chat)
    expect(memory.updates).toEqual([])
    const turn = chat.actions.send('Count.')
    const exchange = await server.next()
    expect(memory.read()?.messages[0]).toMatchObject({ role: 'user', message: { content: 'Count.' } })
    exchange.answer('One, two.')
    await turn
    close()
  })

  it('goes on one after another, so that a slow storage never sees the end of an answer before its middle', async () => {
    const first = deferred<void>()
    const memory = memoryStorage()
    let writes = 0
    const { server, chat, close } = keptChat({
      ...memory.storage,
      async writeThread(_, update) {
        if (++writes === 1) await first.promise
        memory.take(update)
      },
    })
    await untilLoaded(chat)
    const turn = chat.actions.send('Count.')
    const exchange = await server.next()
    exchange.delta({ content: 'One' })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(writes).toBe(1)
    exchange.answer(', two.')
    await turn
    expect(writes).toBe(1)
    first.resolve()
    await vi.advanceTimersByTimeAsync(0)
    expect(memory.read()?.messages[1]).toMatchObject({ status: 'finished' })
    close()
  })

  it('has the last words of an answer that is stopped as the conversation is left', async () => {
    const memory = memoryStorage()
    const { server, chat, close } = keptChat(memory.storage)
    await untilLoaded(chat)
    const turn = chat.actions.send('Count.')
    const exchange = await server.next()
    exchange.delta({ content: 'One' })
    await vi.waitFor(() => expect(chat.answer().choice.message.content).toBe('One'))
    exchange.delta({ content: ', two' })
    chat.actions.stop()
    close()
    await turn
    expect(memory.read()?.messages[1]).toEqual(JSON.parse(JSON.stringify(chat.answer())))
    expect(chat.answer().status).toBe('stopped')
  })

  it('does not happen when a conversation is only opened, or hidden and shown: it keeps its place among the threads', async () => {
    const kept = await oneTurn()
    const { server, chat, close } = keptChat(kept.storage)
    await untilLoaded(chat)
    await vi.advanceTimersByTimeAsync(10_000)
    close()
    expect(kept.updates).toEqual([])
    await answered(server, chat, 'Two', 'Second.')
    const closeAgain = persistChat(chat, kept.storage)
    await untilLoaded(chat)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(kept.read()?.messages).toHaveLength(4)
    kept.updates.length = 0
    closeAgain()
    const closeLast = persistChat(chat, kept.storage)
    await untilLoaded(chat)
    await vi.advanceTimersByTimeAsync(10_000)
    closeLast()
    expect(kept.updates).toEqual([])
  })
})
