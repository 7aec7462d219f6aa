import { createClient, defineTool, llamaCpp, type ChatAssistantMessage } from '@candor/core'
import { createChat, type ChatController, type ChatState, type ToolLoopOptions } from '@candor/hooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { startModelServer, type ModelServer } from './model/startModelServer.ts'

// The first start fetches the model.
const startTimeout = 300_000
const turnTimeout = 60_000

let server: ModelServer
beforeAll(async () => {
  server = await startModelServer()
}, startTimeout)
afterAll(() => server.stop())

const weather = defineTool({
  name: 'get_weather',
  description: 'Get the current weather in a city.',
  parameters: z.object({ city: z.string().describe('The city') }),
  execute: ({ city }) => `18 degrees Celsius and light rain in ${city}`,
})

const dice = defineTool({
  name: 'roll_dice',
  description: 'Roll a die.',
  parameters: z.object({ sides: z.number().int() }),
  execute() {
    throw new Error('the dice fell off the table')
  },
})

function chatOn(
  { baseURL, apiKey, modelId }: ModelServer,
  options: Partial<ToolLoopOptions> = {},
): ChatController {
  return createChat({
    client: createClient({ baseURL, ...(apiKey !== undefined && { apiKey }) }),
    ...options,
    request: { model: modelId ?? '', temperature: 0, max_tokens: 64, ...options.request },
  })
}

/** The answers of the current branch. */
function answersOf(chat: ChatController): ChatAssistantMessage[] {
  const { messages, messageIds } = chat.store.getState()
  return messageIds.flatMap((id) => {
    const message = messages[id]
    return message?.role === 'assistant' ? [message] : []
  })
}

/** Resolves as soon as the state is as wanted. */
function until(chat: ChatController, isThere: (state: ChatState) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isThere(chat.store.getState())) return
      unsubscribe()
      resolve()
    }
    const unsubscribe = chat.store.subscribe(look)
    look()
  })
}

const hasText = (chat: ChatController) => (): boolean =>
  (answersOf(chat).at(-1)?.choice.message.content ?? '').length > 0

describe('a conversation with the embedded model', { timeout: turnTimeout }, () => {
  it('streams an answer with its probabilities, usage and times', async () => {
    const chat = chatOn(server, {
      request: { logprobs: true, top_logprobs: 3, stream_options: { include_usage: true } },
    })
    const statuses = new Set<string>()
    chat.store.subscribe(() => statuses.add(chat.store.getState().status))
    expect(await chat.actions.send('What is the capital of France?')).toBe('finished')
    const [answer] = answersOf(chat)
    expect([...statuses]).toEqual(['submitted', 'streaming', 'idle'])
    expect(answer).toMatchObject({ status: 'finished', finishReason: 'stop', model: server.modelId })
    expect(answer?.choice.message.content).toContain('Paris')
    expect(answer?.choice.logprobs?.content?.length).toBeGreaterThan(3)
    expect(answer?.usage?.completion_tokens).toBeGreaterThan(3)
    expect(answer?.timings.firstTokenMs).toBeLessThanOrEqual(answer?.timings.endedMs ?? 0)
  })

  it('calls a tool by the step policy and tells its result in words', async () => {
    const chat = chatOn(server, {
      tools: [weather],
      toolChoice: (step) => (step === 0 ? 'required' : 'none'),
      request: { parallel_tool_calls: false },
    })
    expect(await chat.actions.send('What is the weather in Paris?')).toBe('finished')
    const [call, answer] = answersOf(chat)
    expect(Object.values(call?.toolRuns ?? {})).toEqual([
      expect.objectContaining({ status: 'done', arguments: { city: 'Paris' } }),
    ])
    expect(answer?.choice.message.content).toContain('Paris')
    expect(chat.store.getState().stopReason).toBe('answered')
  })

  it('goes on after a tool that fails', async () => {
    const chat = chatOn(server, {
      tools: [dice],
      toolChoice: (step) => (step === 0 ? 'required' : 'none'),
      request: { parallel_tool_calls: false },
    })
    expect(await chat.actions.send('Roll a die with 6 sides.')).toBe('finished')
    const [call, answer] = answersOf(chat)
    expect(Object.values(call?.toolRuns ?? {})).toMatchObject([{ status: 'failed' }])
    expect(answer?.choice.message.content?.length).toBeGreaterThan(0)
  })

  it('writes JSON of a schema', async () => {
    const chat = chatOn(server, {
      request: {
        response_format: {
          type: 'json_schema',
          json_schema: {
            name: 'city',
            schema: {
              type: 'object',
              properties: { city: { type: 'string' }, country: { type: 'string' } },
              required: ['city', 'country'],
              additionalProperties: false,
            },
          },
        },
      },
    })
    expect(await chat.actions.send('Name a city in France as JSON.')).toBe('finished')
    const value: unknown = JSON.parse(answersOf(chat)[0]?.choice.message.content ?? '')
    expect(value).toEqual({ city: expect.any(String), country: expect.any(String) })
  })

  it('streams several choices at once', async () => {
    const chat = chatOn(server, { request: { temperature: 1, seed: 1, n: 3, max_tokens: 12 } })
    expect(await chat.actions.send('Write a word.')).toBe('finished')
    const { branches, messageIds } = chat.store.getState()
    expect(branches[messageIds[0]!]?.ids).toHaveLength(3)
  })

  it('continues an answer that ended at its token limit, as one answer', async () => {
    const chat = chatOn(server, { profile: llamaCpp, request: { max_tokens: 4, logprobs: true } })
    expect(await chat.actions.send('What is the capital of France?')).toBe('finished')
    const [half] = answersOf(chat)
    expect(half?.finishReason).toBe('length')
    expect(await chat.actions.continue({ params: { max_tokens: 32 } })).toBe('finished')
    const [whole] = answersOf(chat)
    const text = whole?.choice.message.content ?? ''
    expect(text.startsWith(half?.choice.message.content ?? '?')).toBe(true)
    expect(text).toContain('Paris')
    expect(text.length).toBeGreaterThan(half?.choice.message.content?.length ?? 0)
    const tokens = whole?.choice.logprobs?.content ?? []
    expect(tokens.slice(0, 4)).toEqual(half?.choice.logprobs?.content)
    expect(tokens.map(({ token }) => token).join('')).toBe(text)
  })

  it('goes on from another beginning of its answer', async () => {
    const chat = chatOn(server, { profile: llamaCpp })
    await chat.actions.send('What is the capital of France?')
    await chat.actions.continue({ prefix: 'The capital of Italy is', params: { max_tokens: 8 } })
    expect(answersOf(chat)[0]?.choice.message.content).toMatch(/^The capital of Italy is.+/)
  })

  it('comes back from its saved form and remembers', async () => {
    const chat = chatOn(server)
    await chat.actions.send('What is the capital of France?')
    const later = chatOn(server)
    later.actions.load(JSON.parse(JSON.stringify(chat.actions.toJSON())))
    expect(await later.actions.send('Say that again.')).toBe('finished')
    expect(answersOf(later)).toHaveLength(2)
  })

  it('stops in the middle of an answer and goes on from there', async () => {
    const chat = chatOn(server, { request: { max_tokens: 512 } })
    const turn = chat.actions.send('Write a long story about a lighthouse.')
    await until(chat, hasText(chat))
    chat.actions.stop()
    expect(await turn).toBe('stopped')
    expect(answersOf(chat)[0]).toMatchObject({ status: 'stopped' })
    expect(await chat.actions.send('What is the capital of France?', { max_tokens: 32 })).toBe('finished')
  })

  it('holds what waits when the user stops, and sends it when told to', async () => {
    const chat = chatOn(server, { request: { max_tokens: 512 } })
    const turn = chat.actions.send('Write a long story about a lighthouse.')
    const waiting = chat.actions.send('What is the capital of France?', { max_tokens: 32 })
    await until(chat, hasText(chat))
    chat.actions.stop()
    expect(await turn).toBe('stopped')
    expect(chat.store.getState()).toMatchObject({ status: 'idle', queue: ['What is the capital of France?'] })
    chat.actions.sendQueued()
    expect(await waiting).toBe('finished')
    expect(answersOf(chat)).toHaveLength(2)
  })

  it('tells why when the key is wrong, and keeps the question', async () => {
    const chat = chatOn({ ...server, apiKey: 'wrong' })
    expect(await chat.actions.send('Hello?')).toBe('failed')
    const { error, messages, messageIds } = chat.store.getState()
    expect(error).toMatchObject({ type: 'http', status: 401 })
    expect(messages[messageIds[0]!]).toMatchObject({ message: { content: 'Hello?' } })
  })

  it('keeps what arrived when the server goes in the middle, and can be asked again later', async () => {
    const mortal = await startModelServer()
    const chat = chatOn(mortal, { request: { max_tokens: 512 } })
    const turn = chat.actions.send('Write a long story about a lighthouse.')
    await until(chat, hasText(chat))
    await mortal.stop()
    expect(['failed', 'cut-off']).toContain(await turn)
    const [story] = answersOf(chat)
    expect(story?.choice.message.content?.length).toBeGreaterThan(0)
    expect(['error', 'cut-off']).toContain(story?.status)

    expect(await chat.actions.retry()).toBe('failed')
    expect(chat.store.getState().error).toMatchObject({ type: 'network', retryable: true })

    const client = createClient({ baseURL: server.baseURL, apiKey: server.apiKey ?? '' })
    chat.setOptions({ client, request: { model: server.modelId ?? '', temperature: 0, max_tokens: 16 } })
    expect(await chat.actions.retry()).toBe('finished')
  })
})
