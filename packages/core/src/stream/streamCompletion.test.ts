import { describe, expect, it } from 'vitest'

import { CompletionError } from '../CompletionError.ts'
import { tokenSeries } from '../logprobs/choiceLogprobs.ts'
import { createFakeFetch, recordings } from '../testing/index.ts'
import type { CompletionEvent } from './CompletionEvent.ts'
import { createClient } from './createClient.ts'
import { listModels } from './listModels.ts'
import { chunk, delta, play, stop } from './quirkHarness.ts'
import {
  createCompletion,
  streamCompletion,
  type CompletionOptions,
  type CompletionStream,
} from './streamCompletion.ts'

const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] }

function stream(body: string, settings: Partial<CompletionOptions> = {}): CompletionStream {
  return streamCompletion(request, {
    ...settings,
    baseURL: 'http://localhost/v1',
    fetch: createFakeFetch(body),
  })
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

async function eventsOf(completion: CompletionStream): Promise<CompletionEvent[]> {
  const events: CompletionEvent[] = []
  for await (const event of completion) events.push(event)
  return events
}

/** A whole tool call as a delta has it. */
function call(index: number): string {
  return `{"index":${index},"id":"c${index}","type":"function","function":{"name":"f","arguments":"{}"}}`
}

/** A server that sends a piece when it is told to. */
function createServer(): {
  fetch: typeof fetch
  send: (text: string) => void
  close: () => void
  signal: () => AbortSignal | undefined
} {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let signal: AbortSignal | undefined
  const body = new ReadableStream<Uint8Array>({
    start(opened) {
      controller = opened
    },
  })
  return {
    fetch: (_, init) => {
      signal = init?.signal ?? undefined
      return Promise.resolve(new Response(body))
    },
    send: (text) => controller?.enqueue(new TextEncoder().encode(text)),
    close: () => controller?.close(),
    signal: () => signal,
  }
}

describe('events', () => {
  it('say what each chunk added, in order', async () => {
    const body =
      ': hello\n\n' +
      delta('{"role":"assistant","reasoning_content":"hm"}') +
      delta('{"content":"Hi"}') +
      delta(
        '{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{"}}]}',
      ) +
      delta('{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]}') +
      delta('{"refusal":"No"}') +
      delta('{}', ',"finish_reason":"stop"') +
      'data: [DONE]\n\n'
    const events = await eventsOf(stream(body))
    expect(events.filter((event) => event.type !== 'chunk')).toEqual([
      {
        type: 'response-start',
        response: { status: 200, headers: { 'content-type': 'text/event-stream' }, attempts: 1 },
      },
      { type: 'heartbeat', text: 'hello' },
      { type: 'reasoning-delta', choice: 0, text: 'hm' },
      { type: 'text-delta', choice: 0, text: 'Hi' },
      { type: 'tool-call-start', choice: 0, position: 0, id: 'a', name: 'f' },
      { type: 'tool-call-delta', choice: 0, position: 0, text: '{' },
      { type: 'tool-call-delta', choice: 0, position: 0, text: '}' },
      { type: 'refusal-delta', choice: 0, text: 'No' },
      { type: 'choice-end', choice: 0, finishReason: 'stop' },
    ])
    const chunks = events.filter((event) => event.type === 'chunk')
    expect(chunks.map((event) => event.number)).toEqual([0, 1, 2, 3, 4, 5])
    expect(chunks[1]?.chunk.choices?.[0]?.delta).toEqual({ content: 'Hi' })
  })

  it('tell the first of each kind of issue', async () => {
    const body =
      delta('{"content":"a"}', ',"finish_reason":""') + delta('{"content":"b"}', ',"finish_reason":""') + stop
    const completion = stream(body)
    const issues = (await eventsOf(completion)).filter((event) => event.type === 'issue')
    expect(issues).toMatchObject([{ issue: { code: 'finish-reason-empty', chunk: 0, count: 1 } }])
    expect(completion.snapshot().issues).toMatchObject([{ code: 'finish-reason-empty', chunk: 0, count: 2 }])
  })

  it('add up to the text of the answer', async () => {
    const completion = stream(recordings.markdown)
    let text = ''
    for await (const event of completion) if (event.type === 'text-delta') text += event.text
    expect(text.length).toBeGreaterThan(100)
    expect(completion.snapshot().completion.choices[0]?.message.content).toBe(text)
  })

  it('come one by one also when they are asked for all at once', async () => {
    const completion = stream(delta('{"content":"a"}') + stop)[Symbol.asyncIterator]()
    const results = await Promise.all(Array.from({ length: 8 }, () => completion.next()))
    expect(results.map((result) => (result.done ? 'end' : result.value.type))).toEqual([
      'response-start',
      'chunk',
      'text-delta',
      'chunk',
      'choice-end',
      'end',
      'end',
      'end',
    ])
  })

  it('tell of a deviation where it is seen, in the framing too', async () => {
    const body = `${delta('{"content":"a"}')}oops\n${delta('{"content":"b"}')}${stop}`
    const events = await eventsOf(stream(body))
    const place = events.findIndex(({ type }) => type === 'issue')
    expect(events[place]).toMatchObject({ issue: { code: 'unknown-line', raw: 'oops', chunk: 0 } })
    expect(events.slice(0, place).filter(({ type }) => type === 'chunk')).toHaveLength(1)
  })
})

describe('snapshots', () => {
  it('show nothing, then the first token, then the end', async () => {
    const server = createServer()
    const completion = streamCompletion(request, { baseURL: 'http://localhost/v1', fetch: server.fetch })
    expect(completion.snapshot()).toMatchObject({ ending: 'open', completion: { choices: [] } })

    const events = completion[Symbol.asyncIterator]()
    await events.next()
    expect(completion.snapshot()).toMatchObject({ ending: 'open', response: { status: 200 } })

    server.send(delta('{"role":"assistant","content":""}'))
    await events.next()
    expect(completion.snapshot().completion.choices[0]?.message.content).toBe('')
    expect(completion.snapshot().timings.firstTokenMs).toBeUndefined()

    server.send(delta('{"content":"Hi"}'))
    await events.next()
    await events.next()
    expect(completion.snapshot().completion.choices[0]?.message.content).toBe('Hi')
    expect(completion.snapshot().timings.firstTokenMs).toBeGreaterThanOrEqual(0)
    expect(completion.snapshot().timings.endedMs).toBeUndefined()

    server.send(stop)
    await events.next()
    await events.next()
    expect(await events.next()).toEqual({ value: undefined, done: true })
    expect(completion.snapshot().ending).toBe('finished')
    expect(completion.snapshot().timings.endedMs).toBeGreaterThanOrEqual(0)
  })

  it('are the same object until something changes, and share what did not', async () => {
    const body =
      chunk(
        `"choices":[{"index":0,"delta":{"content":"a","tool_calls":[${call(0)}]}},{"index":1,"delta":{"content":"b"}}]`,
      ) +
      chunk(
        '"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}}]}}]',
      ) +
      delta('{}', ',"finish_reason":"tool_calls"') +
      chunk('"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}') +
      'data: [DONE]\n\n'
    const completion = stream(body)
    const snapshots = []
    for await (const event of completion) {
      if (event.type === 'chunk') snapshots.push(completion.snapshot())
      expect(completion.snapshot()).toBe(completion.snapshot())
    }
    const [first, second, third, fourth] = snapshots.map((snapshot) => snapshot.completion)
    // All chunks came in one read, so each snapshot shows the whole answer: the last three changed nothing more.
    expect(second).toBe(first)
    expect(third).toBe(first)
    expect(fourth).toBe(first)
  })

  it('keep choices, messages and tool calls that a chunk did not touch', async () => {
    const server = createServer()
    const completion = streamCompletion(
      { ...request, n: 2 },
      { baseURL: 'http://localhost/v1', fetch: server.fetch },
    )
    const events = completion[Symbol.asyncIterator]()
    await events.next()
    const after = async (text: string, count: number): Promise<ReturnType<typeof completion.snapshot>> => {
      server.send(text)
      for (let at = 0; at < count; at++) await events.next()
      return completion.snapshot()
    }
    const both = await after(
      chunk(
        `"choices":[{"index":0,"delta":{"content":"a","tool_calls":[${call(0)}]}},{"index":1,"delta":{"content":"b"}}]`,
      ),
      5,
    )
    const text = await after(chunk('"choices":[{"index":1,"delta":{"content":"B"}}]'), 2)
    expect(text.completion.choices[0]).toBe(both.completion.choices[0])
    expect(text.completion.choices[1]).not.toBe(both.completion.choices[1])
    expect(both.completion.choices[1]?.message.content).toBe('b')

    const calls = await after(delta(`{"tool_calls":[${call(1)}]}`), 3)
    expect(calls.completion.choices[0]?.message.tool_calls?.[0]).toBe(
      both.completion.choices[0]?.message.tool_calls?.[0],
    )
    expect(calls.completion.choices[0]?.message.tool_calls).toHaveLength(2)
    expect(both.completion.choices[0]?.message.tool_calls).toHaveLength(1)

    const finished = await after(delta('{}', ',"finish_reason":"stop"'), 2)
    expect(finished.completion.choices[0]).not.toBe(calls.completion.choices[0])
    expect(finished.completion.choices[0]?.message).toBe(calls.completion.choices[0]?.message)

    const counted = await after(
      chunk('"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}'),
      1,
    )
    expect(counted.completion).not.toBe(finished.completion)
    expect(counted.completion.choices).toBe(finished.completion.choices)
    expect(counted.issues).toBe(finished.issues)
    expect(counted.reasoning).toBe(both.reasoning)
  })

  it('keep each part of a message and each field of the answer that a chunk did not touch', async () => {
    const server = createServer()
    const completion = streamCompletion(
      { ...request, logprobs: true },
      { baseURL: 'http://localhost/v1', fetch: server.fetch },
    )
    const events = completion[Symbol.asyncIterator]()
    await events.next()
    const after = async (text: string): Promise<ReturnType<typeof completion.snapshot>> => {
      server.send(text)
      await events.next()
      return completion.snapshot()
    }
    const message = JSON.stringify({
      audio: { id: 'a', data: 'UklG', transcript: 'Hi' },
      annotations: [{ type: 'url_citation' }],
      images: [{ type: 'image_url', image_url: { url: 'data:a' } }],
      reasoning_details: [{ type: 'reasoning.text', text: 'hm', index: 0 }],
      channel: { name: 'final' },
    })
    const logprobs = '{"content":[{"token":"a","logprob":-1,"bytes":[97],"top_logprobs":[]}],"refusal":null}'
    const full = await after(
      chunk(
        `"service_tier":"flex","system_fingerprint":"fp","citations":["a"],"timings":{"n":1},"usage":{"total_tokens":2},"choices":[{"index":0,"delta":${message},"logprobs":${logprobs},"content_filter_results":{"hate":{}}}]`,
      ),
    )
    server.send(chunk('"choices":[{"index":0,"delta":{"refusal":"No"}}]'))
    let refused = full
    for (let next = await events.next(); !next.done; next = await events.next()) {
      refused = completion.snapshot()
      if (next.value.type === 'refusal-delta') break
    }
    const [before, now] = [full.completion, refused.completion]
    const [choiceBefore, choiceNow] = [before.choices[0], now.choices[0]]
    expect(choiceNow?.message.refusal).toBe('No')
    expect(choiceNow).not.toBe(choiceBefore)
    for (const field of ['audio', 'annotations', 'images', 'reasoning_details', 'channel']) {
      expect(choiceNow?.message[field]).toBe(choiceBefore?.message[field])
      expect(choiceNow?.message[field]).toBeDefined()
    }
    for (const field of ['logprobs', 'content_filter_results']) {
      expect(choiceNow?.[field]).toBe(choiceBefore?.[field])
      expect(choiceNow?.[field]).toBeDefined()
    }
    for (const field of ['service_tier', 'system_fingerprint', 'citations', 'timings', 'usage']) {
      expect(now[field]).toBe(before[field])
      expect(now[field]).toBeDefined()
    }
    expect(refused.reasoning).toBe(full.reasoning)
    expect(refused.response).toBe(full.response)
    expect(refused.issues).toBe(full.issues)
  })

  it('are plain data', async () => {
    const completion = stream(recordings.choicesLogprobs)
    await eventsOf(completion)
    const snapshot = completion.snapshot()
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot)
    expect(structuredClone(snapshot)).toEqual(snapshot)
  })
})

describe('stopping', () => {
  it('ends the iteration quietly, aborts the request and keeps what arrived', async () => {
    const server = createServer()
    const controller = new AbortController()
    const completion = streamCompletion(request, {
      baseURL: 'http://localhost/v1',
      fetch: server.fetch,
      signal: controller.signal,
    })
    server.send(delta('{"content":"Hi"}'))
    const types: string[] = []
    for await (const event of completion) {
      types.push(event.type)
      if (event.type === 'text-delta') controller.abort()
    }
    expect(types).toEqual(['response-start', 'chunk', 'text-delta'])
    expect(completion.snapshot()).toMatchObject({
      ending: 'stopped',
      completion: { choices: [{ message: { content: 'Hi' } }] },
    })
    expect(completion.snapshot().error).toBeUndefined()
    expect(server.signal()?.aborted).toBe(true)
  })

  it('works while nothing comes', async () => {
    const server = createServer()
    const controller = new AbortController()
    const completion = streamCompletion(request, {
      baseURL: 'http://localhost/v1',
      fetch: server.fetch,
      signal: controller.signal,
    })
    const events = completion[Symbol.asyncIterator]()
    await events.next()
    const waiting = events.next()
    controller.abort()
    expect(await waiting).toEqual({ value: undefined, done: true })
    expect(completion.snapshot().ending).toBe('stopped')
  })

  it('before the start sends nothing', async () => {
    const fetch = createFakeFetch(stop)
    const completion = streamCompletion(request, {
      baseURL: 'http://localhost/v1',
      fetch,
      signal: AbortSignal.abort(),
    })
    expect(await eventsOf(completion)).toEqual([])
    expect(completion.snapshot().ending).toBe('stopped')
    expect(fetch.requests).toHaveLength(0)
  })

  it('by leaving the loop aborts the request', async () => {
    const server = createServer()
    const completion = streamCompletion(request, { baseURL: 'http://localhost/v1', fetch: server.fetch })
    server.send(delta('{"content":"Hi"}'))
    for await (const event of completion) if (event.type === 'text-delta') break
    expect(completion.snapshot().ending).toBe('stopped')
    expect(server.signal()?.aborted).toBe(true)
  })

  it('leaves no listener on the caller’s signal', async () => {
    const controller = new AbortController()
    let listeners = 0
    const { signal } = controller
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++
      add(...given)
    }
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--
      remove(...given)
    }
    await createCompletion(request, {
      baseURL: 'http://localhost/v1',
      signal,
      fetch: () => Promise.resolve(new Response(stop)),
    })
    expect(listeners).toBe(0)
  })
})

describe('endings', () => {
  it('keeps the partial answer when the connection breaks', async () => {
    const fetch = createFakeFetch(delta('{"content":"Hi"}'), { breakWith: new TypeError('terminated') })
    const completion = streamCompletion(request, { baseURL: 'http://localhost/v1', fetch })
    await expect(eventsOf(completion)).rejects.toMatchObject({ type: 'network', retryable: true })
    expect(completion.snapshot()).toMatchObject({
      ending: 'error',
      error: { type: 'network' },
      completion: { choices: [{ message: { content: 'Hi' }, finish_reason: null }] },
    })
  })

  it('is finished when the connection breaks only after the last choice had ended', async () => {
    const fetch = createFakeFetch(delta('{"content":"Hi"}', ',"finish_reason":"stop"'), {
      breakWith: new TypeError('terminated'),
    })
    const completion = streamCompletion(request, { baseURL: 'http://localhost/v1', fetch })
    await eventsOf(completion)
    expect(completion.snapshot()).toMatchObject({
      ending: 'finished',
      issues: [{ code: 'broken-after-finish' }],
    })
  })

  it('is cut off, without an error, when the stream ends in the middle of a record', async () => {
    const completion = stream(delta('{"content":"Hi"}') + delta('{"content":" there"}').slice(0, 60))
    await eventsOf(completion)
    expect(completion.snapshot().ending).toBe('cut-off')
    expect(completion.snapshot().issues.map((issue) => issue.code)).toEqual([
      'unterminated-record',
      'cut-chunk',
      'finish-reason-missing',
    ])
  })

  it('is the error, whatever stands behind it in the same piece', async () => {
    const error = 'data: {"error":{"message":"out of memory"}}\n\n'
    const completion = stream(
      delta('{"content":"Hi"}') + error + ': still here\n\nnonsense\n\n' + delta('{"content":"!"}'),
    )
    const types: string[] = []
    const run = (async () => {
      for await (const event of completion) types.push(event.type)
    })()
    await expect(run).rejects.toMatchObject({ type: 'server', serverMessage: 'out of memory' })
    expect(types).toEqual(['response-start', 'chunk', 'text-delta', 'chunk'])
    expect(completion.snapshot().completion.choices[0]?.message.content).toBe('Hi')
    expect(completion.snapshot().issues).toEqual([])
  })

  it('of a spoken answer comes without finish_reason', async () => {
    const body =
      delta('{"role":"assistant","audio":{"id":"audio_1","transcript":"Hi"}}') +
      delta('{"audio":{"data":"AAAA"}}') +
      delta('{"audio":{"transcript":" there","data":"BBBB"}}') +
      delta('{"audio":{"expires_at":1700000000}}') +
      'data: [DONE]\n\n'
    const completion = stream(body)
    await eventsOf(completion)
    expect(completion.snapshot().ending).toBe('finished')
    expect(completion.snapshot().completion.choices[0]?.message.audio).toEqual({
      id: 'audio_1',
      transcript: 'Hi there',
      data: 'AAAABBBB',
      expires_at: 1_700_000_000,
    })
  })

  it('is cut-off, without an error, when the first record breaks off in the middle', async () => {
    const snapshot = await play([bytes(delta('{"content":"Hi"}').slice(0, 60))])
    expect(snapshot.error).toBeUndefined()
    expect(snapshot).toMatchObject({
      ending: 'cut-off',
      issues: [{ code: 'unterminated-record' }, { code: 'cut-chunk' }],
    })
  })

  it('keeps what came of a JSON answer that breaks off, but for the name in whose middle it did', async () => {
    const whole =
      '{"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"total_tokens":5}}'
    const cutAfter = (text: string): ReturnType<typeof play> => {
      const came = whole.slice(0, whole.indexOf(text) + text.length)
      return play([bytes(came)], { request: { stream: false } })
    }
    expect(await cutAfter('Hel')).toMatchObject({
      ending: 'cut-off',
      completion: { choices: [{ message: { content: 'Hel' }, finish_reason: null }] },
      issues: [{ code: 'cut-answer' }, { code: 'finish-reason-missing' }],
    })
    expect(await cutAfter('finish_reason":"st')).toMatchObject({
      ending: 'cut-off',
      completion: { choices: [{ message: { content: 'Hello' }, finish_reason: null }] },
    })
    expect(await cutAfter('total_tokens":5')).toMatchObject({
      ending: 'finished',
      completion: { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] },
      issues: [{ code: 'cut-answer' }],
    })
  })

  it('is an error that says so when nothing but [DONE] comes', async () => {
    const { error } = await play([bytes('data: [DONE]\n\n')])
    expect(error).toMatchObject({
      type: 'not-an-api',
      message: expect.stringContaining('without streaming') as string,
    })
  })
})

describe('the same answer, in whichever way it comes', () => {
  const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 }
  const entry = { token: 'Hi', logprob: -0.5, bytes: [72, 105], top_logprobs: [] }
  const envelope = {
    id: 'c',
    created: 1,
    model: 'm',
    service_tier: 'flex',
    system_fingerprint: 'fp',
    region: 'eu',
  }
  const toolCall = { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }
  const whole = {
    ...envelope,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Hi',
          refusal: null,
          reasoning_content: 'hm',
          annotations: [{ type: 'url_citation' }],
          tool_calls: [toolCall],
        },
        logprobs: { content: [entry], refusal: null },
        finish_reason: 'tool_calls',
      },
      {
        index: 1,
        message: { role: 'assistant', content: null, refusal: 'No.' },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage,
  }
  const chunks = [
    [{ index: 0, delta: { role: 'assistant', content: '', reasoning_content: 'h' } }],
    [{ index: 1, delta: { role: 'assistant', content: null, refusal: 'N' } }],
    [{ index: 0, delta: { reasoning_content: 'm', annotations: [{ type: 'url_citation' }] } }],
    [{ index: 0, delta: { content: 'Hi' }, logprobs: { content: [entry], refusal: null } }],
    [{ index: 1, delta: { refusal: 'o.' } }],
    [
      {
        index: 0,
        delta: { tool_calls: [{ index: 0, ...toolCall, function: { name: 'f', arguments: '{"x"' } }] },
      },
    ],
    [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] } }],
    [{ index: 1, delta: {}, finish_reason: 'stop' }],
    [{ index: 0, delta: {}, finish_reason: 'tool_calls' }],
    [],
  ].map((choices) =>
    JSON.stringify({
      ...envelope,
      object: 'chat.completion.chunk',
      choices,
      ...(choices.length === 0 && { usage }),
    }),
  )
  const streamed = `${chunks.map((json) => `data: ${json}\n\n`).join('')}data: [DONE]\n\n`
  const written = JSON.stringify(whole)

  it.each([
    ['a stream', true, streamed],
    ['a stream that nobody asked for', false, streamed],
    ['one JSON object', false, written],
    ['one JSON object in place of a stream', true, written],
    ['a chunk on each line', true, `${chunks.join('\n')}\n`],
    ['one JSON object and [DONE]', true, `${written}\n\ndata: [DONE]\n\n`],
    ['one JSON object and [DONE] that nobody asked for', false, `${written}\n\ndata: [DONE]\n\n`],
  ])('%s (stream: %s)', async (_, isStream, body) => {
    const asked = { ...request, n: 2, logprobs: true, stream: isStream }
    for (const pieceBytes of [body.length, 1, 100]) {
      const options = { baseURL: 'http://localhost/v1', fetch: createFakeFetch(body, { pieceBytes }) }
      const iterated = streamCompletion(asked, options)
      await eventsOf(iterated)
      for (const snapshot of [iterated.snapshot(), await createCompletion(asked, options)]) {
        expect(JSON.parse(JSON.stringify(snapshot.completion))).toEqual(whole)
        expect(snapshot.reasoning).toEqual(['hm', ''])
        expect(snapshot.ending).toBe('finished')
      }
    }
  })
})

describe('createCompletion', () => {
  it('asks for one JSON object and gathers the same answer as a stream', async () => {
    const fetch = createFakeFetch(({ body }) =>
      body.includes('"stream":true') ? recordings.text : recordings.textJson,
    )
    const options = { baseURL: 'http://localhost/v1', fetch }
    const whole = await createCompletion(request, options)
    const streamed = await createCompletion({ ...request, stream: true }, options)
    expect(JSON.parse(fetch.requests[0]!.body)).toEqual({ ...request, stream: false })
    expect(whole.completion.choices).toEqual(streamed.completion.choices)
    expect(whole.issues).toEqual([])
    expect(whole.ending).toBe('finished')
  })

  it('rejects with what the server says', async () => {
    const completion = createCompletion(request, {
      baseURL: 'http://localhost/v1',
      fetch: createFakeFetch(recordings.error404Json),
    })
    await expect(completion).rejects.toBeInstanceOf(CompletionError)
    await expect(completion).rejects.toMatchObject({ type: 'http', status: 404 })
  })

  it('resolves with what arrived when it is stopped', async () => {
    const completion = await createCompletion(request, {
      baseURL: 'http://localhost/v1',
      fetch: createFakeFetch(stop),
      signal: AbortSignal.abort(),
    })
    expect(completion.ending).toBe('stopped')
  })
})

describe('the request', () => {
  it('has the keys that were given and stream, and no header that was not asked for', async () => {
    const fetch = createFakeFetch(stop)
    await eventsOf(
      streamCompletion(
        { ...request, seed: 9_223_372_036_854_775_807n, top_k: 5 },
        { baseURL: 'http://localhost/v1/', fetch },
      ),
    )
    expect(fetch.requests).toEqual([
      {
        url: 'http://localhost/v1/chat/completions',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"model":"m","messages":[{"role":"user","content":"Hi"}],"seed":9223372036854775807,"top_k":5,"stream":true}',
      },
    ])
  })

  it.each([
    ['http://localhost:8080/v1', 'http://localhost:8080/v1/chat/completions'],
    ['http://localhost:8080/v1/', 'http://localhost:8080/v1/chat/completions'],
    ['https://example.com', 'https://example.com/chat/completions'],
    ['https://example.com/v1/chat/completions', 'https://example.com/v1/chat/completions'],
    [' /api/v1 ', '/api/v1/chat/completions'],
    [
      'https://x.openai.azure.com/openai/deployments/gpt?api-version=2024-10-21',
      'https://x.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21',
    ],
  ])('to %s goes to %s', async (baseURL, url) => {
    const fetch = createFakeFetch(stop)
    await eventsOf(streamCompletion(request, { client: createClient({ baseURL, fetch }) }))
    expect(fetch.requests[0]?.url).toBe(url)
  })

  it('takes key and headers anew for each attempt', async () => {
    let asked = 0
    const fetch = createFakeFetch([
      new Response('', { status: 503, headers: { 'retry-after-ms': '0' } }),
      stop,
    ])
    const client = createClient({
      baseURL: 'http://localhost/v1',
      apiKey: () => Promise.resolve(`key-${++asked}`),
      headers: { 'X-Own': 'yes' },
      fetch,
    })
    await eventsOf(streamCompletion(request, { client }))
    expect(fetch.requests.map(({ headers }) => headers)).toEqual([
      { authorization: 'Bearer key-1', 'content-type': 'application/json', 'x-own': 'yes' },
      { authorization: 'Bearer key-2', 'content-type': 'application/json', 'x-own': 'yes' },
    ])
  })

  it('to what is no address is refused at once', () => {
    expect(() => createClient({ baseURL: 'localhost:8080' })).toThrow(CompletionError)
    expect(() => createClient({ baseURL: '' })).toThrow('no address')
  })
})

describe('listModels', () => {
  it.each([
    [
      'OpenAI and most',
      '{"object":"list","data":[{"id":"a","object":"model","owned_by":"me"}]}',
      [{ id: 'a', object: 'model', owned_by: 'me' }],
    ],
    [
      'Ollama’s own list',
      '{"models":[{"name":"a:latest","model":"a:latest"}]}',
      [{ name: 'a:latest', model: 'a:latest', id: 'a:latest' }],
    ],
    ['Together: a bare list', '[{"id":"a"}]', [{ id: 'a' }]],
    ['names alone', '{"data":["a"]}', [{ id: 'a' }]],
  ])('reads the list of %s', async (_, body, models) => {
    const fetch = createFakeFetch(new Response(body))
    expect(await listModels({ baseURL: 'http://localhost/v1', apiKey: 'k', fetch })).toEqual(models)
    expect(fetch.requests[0]).toMatchObject({
      url: 'http://localhost/v1/models',
      headers: { authorization: 'Bearer k' },
    })
  })

  it.each([
    [
      '123: llama.cpp refuses a wrong key here too',
      401,
      '{"error":{"message":"Invalid API Key","code":401}}',
      'http',
    ],
    ['transformers serve fails without a network', 500, 'Internal Server Error', 'http'],
    ['a page is no list', 200, '<!doctype html><title>Sign in</title>', 'not-an-api'],
    ['mlx-lm sends nothing under application/json', 200, '', 'not-an-api'],
  ])('%s', async (_, status, body, type) => {
    const fetch = createFakeFetch(new Response(body, { status }))
    await expect(listModels({ baseURL: 'http://localhost/v1', fetch })).rejects.toMatchObject({
      type,
      status,
    })
  })

  it('rejects with the reason of an abort, and with a CompletionError when nothing answers', async () => {
    const fetch = createFakeFetch(new TypeError('fetch failed'))
    await expect(listModels({ baseURL: 'http://localhost/v1', fetch })).rejects.toMatchObject({
      type: 'network',
    })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(listModels({ baseURL: 'http://localhost/v1', fetch }, { signal })).rejects.toThrow('enough')
  })
})

describe('logprobs', () => {
  const recording = recordings.choicesLogprobs

  it('are kept in columns where they were asked for, as objects where they came unasked: the same to read', async () => {
    const fetch = createFakeFetch(recording)
    const asked = await createCompletion({ ...request, n: 2, logprobs: true }, { baseURL: '/v1', fetch })
    const unasked = await createCompletion({ ...request, n: 2 }, { baseURL: '/v1', fetch })
    expect(asked.completion.choices[1]?.logprobs?.content).toHaveLength(24)
    expect(unasked.completion).toEqual(asked.completion)
    const [first, second] = asked.completion.choices
    expect(tokenSeries(first?.logprobs)?.entry(0)).toEqual(first?.logprobs?.content?.[0])
    expect(second?.logprobs?.content).toBe(second?.logprobs?.content)
  })

  it('share what did not change between snapshots', async () => {
    const body = delta('{"content":"a"}', ',"logprobs":{"content":[{"token":"a","logprob":-1}]}')
    const more = delta('{"content":"b"}', ',"logprobs":{"content":[{"token":"b","logprob":-2}]}')
    for (const logprobs of [true, false]) {
      const server = createServer()
      const completion = streamCompletion({ ...request, logprobs }, { baseURL: '/v1', fetch: server.fetch })
      const events = completion[Symbol.asyncIterator]()
      await events.next()
      server.send(body)
      await events.next()
      const first = completion.snapshot().completion.choices[0]?.logprobs?.content
      server.send(more)
      await events.next()
      await events.next()
      const second = completion.snapshot().completion.choices[0]?.logprobs?.content
      expect(first?.map((entry) => entry.token)).toEqual(['a'])
      expect(second?.map((entry) => entry.token)).toEqual(['a', 'b'])
      expect(second?.[0]).toBe(first?.[0])
      await events.return?.()
    }
  })
})
