import { defineTool, type ChoiceDelta } from '@candor/core'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

import type { WatchedChat } from './testing/chatOn.ts'
import type { AnyChatOptions } from './ChatOptions.ts'
import type { ScriptedServer } from './testing/createScriptedServer.ts'

/** What was loaded beyond what a text needs. */
let loaded: string[] = []

/** A chat in a page that was just opened; what reads calls loads when `reader` has settled. */
async function newPage(
  options: Partial<AnyChatOptions> = {},
  reader: Promise<void> = Promise.resolve(),
): Promise<{ server: ScriptedServer; chat: WatchedChat } & typeof import('./testing/chatOn.ts')> {
  vi.resetModules()
  loaded = []
  const note =
    <Module>(name: string, until?: Promise<void>) =>
    async (original: () => Promise<Module>): Promise<Module> => {
      loaded.push(name)
      await until
      return original()
    }
  vi.doMock(import('./fullRequest.ts'), note('fullRequest'))
  vi.doMock(import('./toolCalls.ts'), note('toolCalls'))
  vi.doMock(import('./toolRuns.ts'), note('toolRuns', reader))
  const { createScriptedServer } = await import('./testing/createScriptedServer.ts')
  const helpers = await import('./testing/chatOn.ts')
  const server = createScriptedServer()
  return { server, chat: helpers.chatOn(server, options), ...helpers }
}

const weather = defineTool({
  name: 'get_weather',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `sunny in ${city}`,
})

describe('a conversation of text', () => {
  it('loads neither the check of requests nor anything of tools, however long it gets', async () => {
    const { server, chat, answered } = await newPage({
      instructions: 'Be brief.',
      request: { model: 'scripted', temperature: 0.5, max_tokens: 100 },
    })
    chat.preload()
    await answered(server, chat, 'Hello', 'Hi.')
    await answered(server, chat, 'And now?', 'Bye.')
    const regenerated = chat.actions.regenerate()
    ;(await server.next()).answer('Farewell.')
    await regenerated
    await answered(server, chat, 'Still there?', 'Yes.')
    expect(loaded).toEqual([])
    expect(server.requests.at(-1)).toEqual({
      model: 'scripted',
      stream: true,
      temperature: 0.5,
      max_tokens: 100,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi.' },
        { role: 'user', content: 'And now?' },
        { role: 'assistant', content: 'Farewell.' },
        { role: 'user', content: 'Still there?' },
      ],
    })
  })

  it('is checked in full where a first look is not sure: what is wrong is told, and nothing is sent', async () => {
    const { server, chat } = await newPage({ request: { model: 'scripted', temperature: 3 } })
    expect(await chat.actions.send('Hello')).toBe('failed')
    expect(loaded).toEqual(['fullRequest'])
    expect(chat.state().error?.message).toContain('temperature: 3 is too high.')
    expect(server.requests).toEqual([])
  })

  it('is checked after the middleware has changed it', async () => {
    const { server, chat } = await newPage({
      middleware: [() => ({ onRequest: (request) => ({ ...request, n: 0 }) })],
    })
    expect(await chat.actions.send('Hello')).toBe('failed')
    expect(chat.state().error?.message).toContain('n: 0 is too low.')
    expect(server.requests).toEqual([])
  })

  it('leaves out an answer that never came, and loads for that what knows of it', async () => {
    const { server, chat, answered } = await newPage()
    const turn = chat.actions.send('Hello')
    await server.next()
    chat.actions.stop()
    await turn
    await answered(server, chat, 'Hello?', 'Hi.')
    expect(loaded).toEqual(['fullRequest'])
    expect(server.requests.at(-1)?.messages).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'user', content: 'Hello?' },
    ])
  })
})

describe('what the first turn will need is loaded before it', () => {
  it.each<[string, Partial<AnyChatOptions>, string[]]>([
    ['nothing more for text', {}, []],
    ['all of tools', { tools: [weather] }, ['fullRequest', 'toolCalls', 'toolRuns']],
    ['the check, for parameters that are not usual', { request: { model: 'm', top_k: 5 } }, ['fullRequest']],
    ['the check, for middleware, which may ask for anything', { middleware: [() => ({})] }, ['fullRequest']],
    [
      'the check, for a conversation with pictures',
      {
        initialMessages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://a.test/b.png' } }] },
        ],
      },
      ['fullRequest'],
    ],
  ])('%s', async (_name, options, expected) => {
    const { chat } = await newPage(options)
    chat.preload()
    await vi.dynamicImportSettled()
    expect(loaded.toSorted()).toEqual(expected)
  })
})

const argumentsDelta = (text: string): ChoiceDelta => ({
  tool_calls: [{ index: 0, function: { arguments: text } }],
})

describe('a call that comes before what reads it', () => {
  it('shows as it came, and as a value as soon as that is loaded, without another word of the server', async () => {
    let resolve!: () => void
    const reader = new Promise<void>((settle) => (resolve = settle))
    const { server, chat, until } = await newPage({}, reader)
    const turn = chat.actions.send('Weather?')
    const exchange = await server.next()
    exchange.call('call_1', 'get_weather', '{"city":"Par')
    await until(chat, () => chat.answer().toolRuns.call_1 !== undefined)
    expect(chat.answer().toolRuns.call_1).toEqual({ status: 'arguments-streaming' })
    expect(chat.answer().choice.message.tool_calls?.[0]).toMatchObject({
      function: { name: 'get_weather', arguments: '{"city":"Par' },
    })
    expect(loaded).toEqual(['toolRuns'])

    resolve()
    await until(chat, () => chat.answer().toolRuns.call_1?.arguments !== undefined)
    expect(chat.answer().toolRuns.call_1?.arguments).toEqual({ city: 'Par' })

    exchange.delta(argumentsDelta('is"'))
    await until(chat, () => JSON.stringify(chat.answer().toolRuns.call_1?.arguments) === '{"city":"Paris"}')
    exchange.delta(argumentsDelta('}'))
    exchange.finish('tool_calls')
    await turn
    expect(chat.answer().toolRuns.call_1).toEqual({
      status: 'waiting-for-result',
      arguments: { city: 'Paris' },
    })
  })

  it.each<[string, (settle: Settle, chat: WatchedChat) => void]>([
    ['comes when the answer is over', (settle) => settle()],
    ['never comes', (settle) => settle(new TypeError('Failed to fetch'))],
    ['lets the user wait until a stop', (_, chat) => chat.actions.stop()],
  ])('has whole arguments if it %s', async (_when, end) => {
    let settle!: Settle
    const reader = new Promise<void>((resolve, reject) => {
      settle = (failure) => (failure ? reject(failure) : resolve())
    })
    reader.catch(() => {})
    const { server, chat, until } = await newPage({}, reader)
    const turn = chat.actions.send('Weather?')
    const exchange = await server.next()
    exchange.call('call_1', 'get_weather', { city: 'Paris' })
    exchange.finish('tool_calls')
    await until(chat, () => chat.answer().finishReason === 'tool_calls')
    end(settle, chat)
    await turn
    expect(chat.answer().status).toBe('finished')
    expect(chat.answer().toolRuns.call_1).toEqual({
      status: 'waiting-for-result',
      arguments: { city: 'Paris' },
    })
  })
})

type Settle = (failure?: Error) => void
