import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import { CompletionError } from '../CompletionError.ts'
import type { CompletionSnapshot } from '../CompletionSnapshot.ts'
import { createFakeFetch, type FakeAnswer } from '../testing/index.ts'
import type { Retry } from './openStream.ts'
import { chunk, delta, stop } from './quirkHarness.ts'
import { retryDelay } from './retryDelay.ts'
import { createCompletion, streamCompletion, type CompletionOptions } from './streamCompletion.ts'

const answer = delta('{"content":"Hi"}') + stop
const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] }

function failure(status: number, headers: { [name: string]: string } = {}, body = '{}'): Response {
  return new Response(body, { status, headers })
}

// Loaded before time stands still: what loads on the way would not come in time.
beforeAll(async () => {
  await Promise.all([import('./explainFailure.ts'), import('./issueSentences.ts'), import('./beyondText.ts')])
})
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Asks, lets all time pass that is waited for, and tells how it went. */
async function ask(
  answers: readonly FakeAnswer[],
  settings: Partial<CompletionOptions> = {},
): Promise<{ snapshot: CompletionSnapshot; error: unknown; delays: number[]; attempts: number }> {
  const fetch = createFakeFetch(answers)
  const delays: number[] = []
  const stream = streamCompletion(request, {
    ...settings,
    baseURL: 'http://localhost/v1',
    fetch,
    onRetry: ({ delayMs }: Retry) => delays.push(delayMs),
  })
  const run = (async () => {
    for await (const event of stream) void event
  })()
  const error = run.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  await vi.runAllTimersAsync()
  return { snapshot: stream.snapshot(), error: await error, delays, attempts: fetch.requests.length }
}

describe('retries', () => {
  it('sends the request twice more when the server is too busy, and then has the answer', async () => {
    const { snapshot, attempts, error } = await ask([failure(503), failure(429), answer])
    expect(error).toBeUndefined()
    expect(attempts).toBe(3)
    expect(snapshot.completion.choices[0]?.message.content).toBe('Hi')
    expect(snapshot.response?.attempts).toBe(3)
  })

  it('gives up after two retries with the last error', async () => {
    const { error, attempts, snapshot } = await ask([failure(500), failure(502), failure(503), answer])
    expect(attempts).toBe(3)
    expect(error).toMatchObject({ name: 'CompletionError', status: 503 })
    expect(snapshot).toMatchObject({ ending: 'error', error: { status: 503 } })
  })

  it('sends the request once with retries: 0', async () => {
    expect((await ask([failure(500), answer], { retries: 0 })).attempts).toBe(1)
  })

  it('does not repeat what cannot succeed', async () => {
    expect((await ask([failure(400), answer])).attempts).toBe(1)
    expect((await ask([failure(401), answer])).attempts).toBe(1)
    const quota = '{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}'
    const { error, attempts } = await ask([failure(429, {}, quota), answer])
    expect(attempts).toBe(1)
    expect(error).toMatchObject({ retryable: false, code: 'insufficient_quota' })
  })

  it('does as x-should-retry says', async () => {
    expect((await ask([failure(400, { 'x-should-retry': 'true' }), answer])).attempts).toBe(2)
    expect((await ask([failure(429, { 'x-should-retry': 'false' }), answer])).attempts).toBe(1)
  })

  it('repeats a request that no answer came to', async () => {
    const { snapshot, attempts } = await ask([new TypeError('fetch failed'), answer])
    expect(attempts).toBe(2)
    expect(snapshot.ending).toBe('finished')
  })

  it('waits as long as the server asks: retry-after-ms, seconds, or a date', async () => {
    vi.setSystemTime(new Date('2026-11-23T12:00:00Z'))
    expect(
      (await ask([failure(429, { 'retry-after-ms': '1500.5', 'retry-after': '9' }), answer])).delays,
    ).toEqual([1500.5])
    expect((await ask([failure(429, { 'retry-after': '2' }), answer])).delays).toEqual([2000])
    vi.setSystemTime(new Date('2026-11-23T12:00:00Z'))
    const date = 'Mon, 23 Nov 2026 12:00:30 GMT'
    expect((await ask([failure(429, { 'retry-after': date }), answer])).delays).toEqual([30_000])
  })

  it('does not wait for more than a minute, and says how long the server asks for', async () => {
    const { error, attempts } = await ask([failure(429, { 'retry-after': '120' }), answer])
    expect(attempts).toBe(1)
    expect(error).toMatchObject({ retryable: true, retryAfterMs: 120_000 })
  })

  it('otherwise waits half a second, then a second, up to eight, less up to a quarter', () => {
    const delays = [1, 2, 3, 4, 5, 6].map((attempt) => retryDelay({ retryable: true }, attempt, () => 0))
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 8000])
    expect(retryDelay({ retryable: true }, 1, () => 1)).toBe(375)
  })

  it('stops waiting when the caller does', async () => {
    const controller = new AbortController()
    const fetch = createFakeFetch([failure(429, { 'retry-after': '50' }), answer])
    const stream = streamCompletion(request, {
      baseURL: 'http://localhost/v1',
      fetch,
      signal: controller.signal,
    })
    const run = (async () => {
      for await (const event of stream) if (event.type === 'retry') setTimeout(() => controller.abort(), 10)
    })()
    await vi.advanceTimersByTimeAsync(10)
    await run
    expect(stream.snapshot().ending).toBe('stopped')
    expect(fetch.requests).toHaveLength(1)
  })

  it('does not repeat an answer that has begun', async () => {
    const fetch = createFakeFetch(delta('{"content":"Hi"}'), { breakWith: new TypeError('terminated') })
    const completion = createCompletion(request, { baseURL: 'http://localhost/v1', fetch })
    await expect(completion).rejects.toMatchObject({ type: 'network', retryable: true })
    expect(fetch.requests).toHaveLength(1)
  })
})

/** A server that never answers. */
function hang(signal?: AbortSignal | null): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
}

/** Asks, and tells how it stands just before and just after `ms`. */
async function waitFor(
  fetch: typeof globalThis.fetch,
  settings: Partial<CompletionOptions>,
  ms: number,
): Promise<{ before: string; snapshot: CompletionSnapshot; error: unknown }> {
  const stream = streamCompletion(request, {
    retries: 0,
    ...settings,
    baseURL: 'http://localhost/v1',
    fetch,
  })
  const run = (async () => {
    for await (const event of stream) void event
  })()
  const error = run.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  await vi.advanceTimersByTimeAsync(ms - 10)
  const before = stream.snapshot().ending
  await vi.advanceTimersByTimeAsync(20)
  return { before, error: await error, snapshot: stream.snapshot() }
}

describe('time-outs', () => {
  it('connect: no head within two minutes', async () => {
    const { before, error, snapshot } = await waitFor((_, init) => hang(init?.signal), {}, 120_000)
    expect(before).toBe('open')
    expect(error).toMatchObject({ type: 'timeout', code: 'connect', retryable: true })
    expect(snapshot.ending).toBe('timed-out')
  })

  it('connect: a server that ignores the abort is left behind all the same', async () => {
    const { error } = await waitFor(() => new Promise(() => {}), { timeouts: { connectMs: 1000 } }, 1000)
    expect(error).toMatchObject({ type: 'timeout', code: 'connect' })
  })

  it('connect: is tried again, since nothing was answered yet', async () => {
    let attempts = 0
    const fetch: typeof globalThis.fetch = (_, init) => {
      attempts++
      return attempts === 1 ? hang(init?.signal) : Promise.resolve(new Response(answer))
    }
    const stream = streamCompletion(request, {
      baseURL: 'http://localhost/v1',
      fetch,
      timeouts: { connectMs: 1000 },
    })
    const run = (async () => {
      for await (const event of stream) void event
    })()
    await vi.advanceTimersByTimeAsync(1000)
    await vi.advanceTimersByTimeAsync(500)
    await run
    expect(stream.snapshot().ending).toBe('finished')
  })

  it('connect: an attempt after a first one that hung ends as well', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>((_, init) => hang(init?.signal))
    const settings = { retries: 1, timeouts: { connectMs: 1000 } }
    const { error } = await waitFor(fetch, settings, 2600)
    expect(fetch).toHaveBeenCalledTimes(2)
    expect(error).toMatchObject({ type: 'timeout', code: 'connect' })
  })

  it('connect: does not apply to an answer that comes whole', async () => {
    const stream = streamCompletion(
      { ...request, stream: false },
      { baseURL: 'http://localhost/v1', fetch: (_, init) => hang(init?.signal) },
    )
    void stream[Symbol.asyncIterator]().next()
    await vi.advanceTimersByTimeAsync(500_000)
    expect(stream.snapshot().ending).toBe('open')
  })

  it('first byte: a head and then nothing within five minutes', async () => {
    const fetch = createFakeFetch('', { stayOpen: true })
    const { before, error, snapshot } = await waitFor(fetch, {}, 300_000)
    expect(before).toBe('open')
    expect(error).toMatchObject({ type: 'timeout', code: 'first-byte' })
    expect(error).not.toHaveProperty('message', expect.stringContaining('arrived'))
    expect(snapshot.timings.headersMs).toBeDefined()
  })

  it('idle: nothing within two minutes after a piece; the piece is kept', async () => {
    const fetch = createFakeFetch(delta('{"content":"Hi"}'), { stayOpen: true })
    const { before, error, snapshot } = await waitFor(fetch, {}, 120_000)
    expect(before).toBe('open')
    expect(error).toMatchObject({ type: 'timeout', code: 'idle' })
    expect(error).toHaveProperty('message', expect.stringContaining('timeouts.idleMs'))
    expect(snapshot).toMatchObject({ ending: 'timed-out', error: { type: 'timeout' } })
    expect(snapshot.completion.choices[0]?.message.content).toBe('Hi')
  })

  it('idle: comments prove that the server lives', async () => {
    const recording = ': t=0\n: wait\n\n: t=90\n: wait\n\n: t=180\n: wait\n\n: t=181\n'.concat(answer)
    const stream = streamCompletion(request, {
      baseURL: 'http://localhost/v1',
      fetch: createFakeFetch(recording, { speed: 1 }),
    })
    const run = (async () => {
      for await (const event of stream) void event
    })()
    await vi.advanceTimersByTimeAsync(181_000)
    await run
    expect(stream.snapshot().ending).toBe('finished')
  })

  it('total: counts from the first attempt, pieces or not', async () => {
    const fetch = createFakeFetch(delta('{"content":"Hi"}'), { stayOpen: true })
    const { error } = await waitFor(fetch, { timeouts: { totalMs: 5000 } }, 5000)
    expect(error).toMatchObject({ type: 'timeout', code: 'total' })
  })

  it('12: OCI and vllm-mlx send no [DONE] and leave the line open: two seconds after the last finish reason it is enough', async () => {
    const finished = delta('{"content":"Hi"}') + delta('{}', ',"finish_reason":"stop"')
    const fetch = createFakeFetch(finished, { stayOpen: true })
    const { before, error, snapshot } = await waitFor(fetch, {}, 2000)
    expect(before).toBe('open')
    expect(error).toBeUndefined()
    expect(snapshot.ending).toBe('finished')
    expect(snapshot.issues.map((issue) => issue.code)).toEqual(['left-open'])
  })

  it('12: with n = 2 one finished choice is not enough', async () => {
    const one = chunk('"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]')
    const stream = streamCompletion(
      { ...request, n: 2 },
      { baseURL: 'http://localhost/v1', fetch: createFakeFetch(one, { stayOpen: true }) },
    )
    const run = (async () => {
      for await (const event of stream) void event
    })()
    await vi.advanceTimersByTimeAsync(100_000)
    expect(stream.snapshot().ending).toBe('open')
    await vi.advanceTimersByTimeAsync(20_001)
    await run
    expect(stream.snapshot().ending).toBe('finished')
  })

  it('leaves no timer behind', async () => {
    await createCompletion(request, { baseURL: 'http://localhost/v1', fetch: createFakeFetch(answer) })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('errors before the stream', () => {
  it('115: llama.cpp refuses tools with stream and logprobs', async () => {
    const body =
      '{"error":{"code":400,"message":"logprobs is not supported with tools + stream","type":"invalid_request_error"}}'
    const { error } = await ask([failure(400, {}, body)])
    expect(error).toMatchObject({
      type: 'http',
      status: 400,
      code: 400,
      serverType: 'invalid_request_error',
      serverMessage: 'logprobs is not supported with tools + stream',
      retryable: false,
    })
  })

  it('116: llama.cpp answers 500 when the output does not fit the tool format', async () => {
    const body =
      '{"error":{"code":500,"message":"The model produced output that does not match the expected peg-native format","type":"server_error"}}'
    const { error } = await ask([failure(500, {}, body)], { retries: 0 })
    expect(error).toMatchObject({ type: 'http', status: 500, retryable: true })
  })

  it('120: llama.cpp tells by how much a conversation is too long', async () => {
    const body =
      '{"error":{"code":400,"message":"request (4021 tokens) exceeds the available context size (2048 tokens)","type":"exceed_context_size_error","n_prompt_tokens":4021,"n_ctx":2048}}'
    const { error } = await ask([failure(400, {}, body)])
    expect(error).toMatchObject({
      message: expect.stringContaining('longer than the model can read') as string,
    })
    expect(error).toMatchObject({ raw: { error: { n_prompt_tokens: 4021, n_ctx: 2048 } } })
  })

  it('123: llama.cpp refuses a wrong key', async () => {
    const body = '{"error":{"message":"Invalid API Key","type":"authentication_error","code":401}}'
    const { error } = await ask([failure(401, {}, body)])
    expect(error).toMatchObject({
      status: 401,
      serverType: 'authentication_error',
      serverMessage: 'Invalid API Key',
    })
  })

  it('has the request id and what is left of the allowance', async () => {
    const headers = {
      'x-request-id': 'req_1',
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '6m0s',
      'x-ratelimit-limit-tokens': '30000',
      'x-ratelimit-remaining-tokens': '29000',
      'x-ratelimit-reset-tokens': '12ms',
      'retry-after': '400',
    }
    const { error } = await ask([failure(429, headers)])
    expect(error).toMatchObject({
      requestId: 'req_1',
      retryAfterMs: 400_000,
      rateLimits: {
        requests: { limit: 500, remaining: 0, resetMs: 360_000 },
        tokens: { limit: 30_000, remaining: 29_000, resetMs: 12 },
      },
    })
  })

  it('A4: llama-cpp-python answers 200 and an empty stream where it failed after the head', async () => {
    const { error, snapshot } = await ask(['', answer])
    expect(error).toMatchObject({
      type: 'not-an-api',
      message: expect.stringContaining('without streaming') as string,
    })
    expect(snapshot.ending).toBe('error')
  })

  it('says which address gave no answer, and why as far as it can be known', async () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    const { error } = await ask([new TypeError('fetch failed', { cause: refused })], { retries: 0 })
    expect(error).toMatchObject({ type: 'network', retryable: true })
    expect(error).toHaveProperty('message', expect.stringContaining('http://localhost/v1'))
    expect(error).toHaveProperty('message', expect.stringContaining('ECONNREFUSED'))
  })

  it('does not say that no answer came when its head did and the connection broke then', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) })
    const { error, snapshot } = await ask([new Response(body)], { retries: 0 })
    expect(error).toMatchObject({
      type: 'network',
      retryable: true,
      message: expect.stringContaining('broke in the middle of the answer') as string,
    })
    expect(snapshot.response?.status).toBe(200)
  })

  it('does not send a request whose key cannot stand in a header', async () => {
    const fetch = createFakeFetch(answer)
    const completion = createCompletion(request, { baseURL: 'http://localhost/v1', apiKey: 'sk-…', fetch })
    await expect(completion).rejects.toMatchObject({
      type: 'request',
      message: expect.stringContaining('API key') as string,
    })
    expect(fetch.requests).toHaveLength(0)
  })

  it('is a CompletionError with plain data', async () => {
    const { error, snapshot } = await ask([failure(404, {}, '{"error":"no such model"}')])
    expect(error).toBeInstanceOf(CompletionError)
    expect(structuredClone(snapshot.error)).toEqual((error as CompletionError).toData())
  })
})
