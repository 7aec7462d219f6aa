import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { CompletionEvent } from './CompletionEvent.ts'
import { chunk, delta, stop } from './quirkHarness.ts'

const call = delta(
  '{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}',
)

/** Which parts were loaded, and which of them cannot be. */
const loaded: string[] = []
const missing = new Set<string>()

function mockPart(path: string, load: () => Promise<object>): void {
  vi.doMock(path, async () => {
    if (missing.has(path)) throw new TypeError(`Failed to fetch ${path}`)
    loaded.push(path)
    return load()
  })
}

beforeEach(() => {
  vi.resetModules()
  loaded.length = 0
  missing.clear()
  mockPart('./beyondText.ts', () => vi.importActual('./beyondText.ts'))
  mockPart('./explainFailure.ts', () => vi.importActual('./explainFailure.ts'))
  mockPart('./issueSentences.ts', () => vi.importActual('./issueSentences.ts'))
  mockPart('../logprobs/choiceLogprobs.ts', () => vi.importActual('../logprobs/choiceLogprobs.ts'))
})
afterEach(() => void vi.restoreAllMocks())

async function play(body: string | Response, request: object = {}) {
  const { streamCompletion } = await import('./streamCompletion.ts')
  const fetch = (): Promise<Response> => Promise.resolve(new Response(body instanceof Response ? null : body))
  const stream = streamCompletion(
    { model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...request },
    {
      baseURL: 'http://localhost/v1',
      retries: 0,
      fetch: body instanceof Response ? () => Promise.resolve(body) : fetch,
    },
  )
  const events: CompletionEvent[] = []
  let error: unknown
  try {
    for await (const event of stream) events.push(event)
  } catch (caught) {
    error = caught
  }
  return { events, error, snapshot: stream.snapshot() }
}

function types(events: readonly CompletionEvent[]): CompletionEvent['type'][] {
  return events.map(({ type }) => type)
}

describe('what an answer loads', () => {
  it('is nothing when it is text as the protocol has it', async () => {
    const { snapshot } = await play(delta('{"role":"assistant","content":"Hi"}') + stop)
    expect(snapshot.completion.choices[0]?.message.content).toBe('Hi')
    expect(loaded).toEqual([])
  })

  it('is what gathers tool calls when one comes that nobody asked for; the order of events is the same', async () => {
    const body = delta('{"content":"a"}') + call + delta('{"content":"b"}') + stop
    const { events } = await play(body)
    expect(loaded).toEqual(['./beyondText.ts'])
    const asked = await play(body, { tools: [{ type: 'function', function: { name: 'f' } }] })
    expect(types(events)).toEqual(types(asked.events))
    expect(types(events)).toEqual([
      'response-start',
      'chunk',
      'text-delta',
      'chunk',
      'tool-call-start',
      'tool-call-delta',
      'chunk',
      'text-delta',
      'chunk',
      'choice-end',
    ])
  })

  it('is the words for issues with the first issue', async () => {
    const { events, snapshot } = await play(chunk('"choices":[{"delta":{"content":"a"}}]') + stop)
    expect(loaded).toEqual(['./issueSentences.ts'])
    expect(snapshot.issues).toMatchObject([
      { code: 'choice-index-missing', message: expect.stringContaining('no usable index') as string },
    ])
    expect(events.find(({ type }) => type === 'issue')).toMatchObject({ issue: snapshot.issues[0] })
  })

  it('is the words for failures with a failure', async () => {
    const { error } = await play(new Response('{"error":{"message":"no"}}', { status: 401 }))
    expect(loaded).toEqual(['./explainFailure.ts'])
    expect(error).toMatchObject({ type: 'http', status: 401, serverMessage: 'no' })
  })

  it('is the columns of logprobs when they are asked for', async () => {
    await play(delta('{"content":"a"}', ',"logprobs":{"content":[]}') + stop, { logprobs: true })
    expect(loaded).toEqual(['../logprobs/choiceLogprobs.ts'])
  })
})

describe('where the network is gone and a part cannot be loaded', () => {
  it('an issue has its code for words, and the answer is whole', async () => {
    missing.add('./issueSentences.ts')
    const { snapshot } = await play(delta('{"content":"a"}', ',"finish_reason":"stop"'))
    expect(snapshot.ending).toBe('finished')
    expect(snapshot.issues).toMatchObject([{ code: 'missing-done', message: 'missing-done' }])
  })

  it('a failure has its bare facts', async () => {
    missing.add('./explainFailure.ts')
    const { error, snapshot } = await play(new Response('{"error":{"message":"no"}}', { status: 503 }))
    expect(error).toMatchObject({ name: 'CompletionError', type: 'http', raw: '{"error":{"message":"no"}}' })
    expect(snapshot).toMatchObject({ ending: 'error', error: { type: 'http' } })
  })

  it('a tool call fails the answer, and the text before it is kept', async () => {
    missing.add('./beyondText.ts')
    const { error, snapshot } = await play(delta('{"content":"a"}') + call + stop)
    expect(error).toMatchObject({
      name: 'CompletionError',
      message: expect.stringContaining('Reload the page') as string,
    })
    expect(snapshot.completion.choices[0]?.message.content).toBe('a')
  })

  it('logprobs are gathered as they come', async () => {
    missing.add('../logprobs/choiceLogprobs.ts')
    const logprobs = '{"content":[{"token":"a","logprob":-0.5,"bytes":null,"top_logprobs":[]}]}'
    const { snapshot } = await play(delta('{"content":"a"}', `,"logprobs":${logprobs}`) + stop, {
      logprobs: true,
    })
    expect(snapshot.completion.choices[0]?.logprobs?.content).toHaveLength(1)
  })
})
