import { createClient } from '@candor/core'
import { describe, expect, it, vi } from 'vitest'

import { createChat } from './createChat.ts'
import { answered, chatOn, until, type WatchedChat } from './testing/chatOn.ts'
import { createScriptedServer } from './testing/createScriptedServer.ts'

/** A chat whose first turn was stopped, with two inputs behind it. */
async function afterStop() {
  const server = createScriptedServer()
  const chat = chatOn(server)
  const turn = chat.actions.send('One')
  const waiting = [chat.actions.send('Two'), chat.actions.send('Three')]
  await server.next()
  chat.actions.stop()
  expect(await turn).toBe('stopped')
  return { server, chat, waiting }
}

describe('stopping', () => {
  it('keeps what arrived and is no error', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('Count to ten.')
    const exchange = await server.next()
    exchange.delta({ content: 'One, two' })
    await until(chat, (state) => state.status === 'streaming')
    chat.actions.stop()
    expect(await turn).toBe('stopped')
    expect(exchange.signal.aborted).toBe(true)
    expect(chat.state()).toMatchObject({ status: 'idle', error: null, stopReason: 'stopped' })
    expect(chat.lines()[1]).toBe('assistant (stopped): One, two')
  })

  it('before the first token leaves the question, and the next request has no empty answer in it', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('Hello?')
    chat.actions.stop()
    expect(await turn).toBe('stopped')
    expect(chat.lines()).toEqual(['user: Hello?', 'assistant (stopped):'])
    const next = chat.actions.send('Hello!')
    let exchange = await server.next()
    while (exchange.signal.aborted) exchange = await server.next()
    exchange.answer('Hi.')
    await next
    expect(server.requests.at(-1)?.messages).toEqual([
      { role: 'user', content: 'Hello?' },
      { role: 'user', content: 'Hello!' },
    ])
  })

  it('between an answer and its tools ends the calls, and runs none', async () => {
    const server = createScriptedServer()
    const execute = vi.fn<() => string>()
    const chat: WatchedChat = chatOn(server, {
      tools: [{ name: 'look', parameters: {}, execute }],
      middleware: [() => ({ onEnd: () => chat.actions.stop() })],
    })
    const turn = chat.actions.send('Look.')
    const exchange = await server.next()
    exchange.call('call_1', 'look', {})
    exchange.finish('tool_calls')
    expect(await turn).toBe('stopped')
    expect(chat.lines().slice(1)).toEqual([
      'assistant (finished): [call_1: aborted]',
      expect.stringMatching(/^tool: /),
    ])
    expect(execute).not.toHaveBeenCalled()
  })

  it('does nothing when no turn runs', () => {
    const chat = chatOn(createScriptedServer())
    chat.actions.stop()
    expect(chat.state().status).toBe('idle')
  })

  it('is not held up by a middleware that never answers', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { middleware: [() => ({ onRequest: () => new Promise(() => {}) })] })
    const turn = chat.actions.send('Hello')
    chat.actions.stop()
    expect(await turn).toBe('stopped')
    expect(chat.state()).toMatchObject({ status: 'idle', error: null })
    expect(chat.lines()).toEqual(['user: Hello', 'assistant (stopped):'])
    expect(server.requests).toHaveLength(0)
  })

  it.each<[string, () => Promise<Response>]>([
    ['never answers', () => new Promise(() => {})],
    [
      'never ends its answer',
      () =>
        Promise.resolve(
          new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } }),
        ),
    ],
  ])('is not held up by a `fetch` that ignores its signal and %s', async (_, fetch) => {
    const client = createClient({ baseURL: 'http://model.test/v1', fetch })
    const chat = createChat({ client, request: { model: 'm' } })
    const turn = chat.actions.send('Hello')
    await until(chat, ({ status }) => status === 'submitted')
    chat.actions.stop()
    expect(await turn).toBe('stopped')
  })
})

describe('what waits in the queue when the user stops', () => {
  it('is held, and nothing goes out', async () => {
    const { server, chat } = await afterStop()
    expect(chat.state()).toMatchObject({ status: 'idle', queue: ['Two', 'Three'] })
    expect(server.requests).toHaveLength(1)
  })

  it('goes out in its order when the user says so', async () => {
    const { server, chat, waiting } = await afterStop()
    chat.actions.sendQueued()
    ;(await server.next()).answer('Second.')
    ;(await server.next()).answer('Third.')
    expect(await Promise.all(waiting)).toEqual(['finished', 'finished'])
    expect(chat.lines().filter((line) => line.startsWith('user'))).toEqual([
      'user: One',
      'user: Two',
      'user: Three',
    ])
  })

  it('goes out before what is sent next', async () => {
    const { server, chat, waiting } = await afterStop()
    const last = chat.actions.send('Four')
    for (const _ of [...waiting, last]) (await server.next()).answer('Yes.')
    expect(await last).toBe('finished')
    expect(server.requests.map(({ messages }) => messages.at(-1)?.content)).toEqual([
      'One',
      'Two',
      'Three',
      'Four',
    ])
  })

  it('goes out after a turn that ends well', async () => {
    const { server, chat, waiting } = await afterStop()
    const again = chat.actions.retry()
    for (const _ of [again, ...waiting]) (await server.next()).answer('Yes.')
    expect(await Promise.all([again, ...waiting])).toEqual(['finished', 'finished', 'finished'])
  })

  it('can be taken back, and the chat is as free as before', async () => {
    const { server, chat, waiting } = await afterStop()
    chat.actions.unqueue(0)
    chat.actions.unqueue(0)
    expect(await Promise.all(waiting)).toEqual(['discarded', 'discarded'])
    await answered(server, chat, 'Five', 'Yes.')
    expect(server.requests.map(({ messages }) => messages.at(-1)?.content)).toEqual(['One', 'Five'])
  })

  it('does not hold what is sent right after the stop', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const first = chat.actions.send('One')
    await server.next()
    chat.actions.stop()
    const second = chat.actions.send('Two')
    expect(await first).toBe('stopped')
    ;(await server.next()).answer('Second.')
    expect(await second).toBe('finished')
  })
})
