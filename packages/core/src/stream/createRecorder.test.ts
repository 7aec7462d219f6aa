import { afterEach, describe, expect, it, vi } from 'vitest'

import { createFakeFetch, joinBytes, readRecording, recordings, replayResponse } from '../testing/index.ts'
import { createRecorder } from './createRecorder.ts'
import { createCompletion } from './streamCompletion.ts'

const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }], stream: true }
const encoder = new TextEncoder()

function bodyOf(recording: string): string {
  return new TextDecoder().decode(joinBytes(readRecording(recording).pieces.map((piece) => piece.bytes)))
}

describe('createRecorder', () => {
  it('writes what a replay plays again, byte for byte', async () => {
    const recorder = createRecorder('a tool call')
    const options = { baseURL: 'http://localhost/v1', apiKey: 'sk-secret', recorder }
    const live = await createCompletion(request, { ...options, fetch: createFakeFetch(recordings.toolCall) })
    const recording = recorder.text()
    expect(recording).toMatch(
      /^: a tool call\n: request: {"method":"POST","path":"\/v1\/chat\/completions","body":{"model":"m"/,
    )
    expect(recording).not.toContain('sk-secret')
    expect(bodyOf(recording)).toBe(bodyOf(recordings.toolCall))

    const replayed = await createCompletion(request, {
      baseURL: 'http://localhost/v1',
      fetch: createFakeFetch(recording),
    })
    expect(replayed.completion).toEqual(live.completion)
    expect(replayed.response?.headers).toEqual(live.response?.headers)
  })

  it('notes for each record when it was whole, however it was cut', () => {
    const recorder = createRecorder()
    recorder.onRequest('{}')
    recorder.onHead(200, { 'content-type': 'text/event-stream' })
    recorder.onBytes(encoder.encode('data: 1\n'), 100)
    recorder.onBytes(encoder.encode('\ndata: 2\r\n\r'), 250)
    recorder.onBytes(encoder.encode('\ndata: 3\r\rdata: 4'), 1000)
    expect(recorder.text()).toBe(
      ': request: {"method":"POST","path":"/v1/chat/completions","body":{}}\n: status: 200\n: content-type: text/event-stream\n\n' +
        ': t=0.250\ndata: 1\n\n: t=1.000\ndata: 2\r\n\r\n: t=1.000\ndata: 3\r\r: t=1.000\ndata: 4',
    )
  })

  it('writes a title of many lines as one, so that the head stays a head', () => {
    const recorder = createRecorder('one\n\ntwo')
    recorder.onRequest('{}')
    recorder.onHead(201, {})
    recorder.onBytes(encoder.encode('data: 1\n\n'), 0)
    expect(recorder.text()).toMatch(/^: one two\n: request/)
    expect(readRecording(recorder.text()).status).toBe(201)
    expect(bodyOf(recorder.text())).toBe('data: 1\n\n')
  })

  it('keeps only the last attempt', async () => {
    const recorder = createRecorder()
    const fetch = createFakeFetch([
      new Response('busy', { status: 503, headers: { 'retry-after-ms': '0' } }),
      recordings.text,
    ])
    await createCompletion(request, { baseURL: 'http://localhost/v1', fetch, recorder })
    expect(recorder.text()).not.toContain('503')
    expect(bodyOf(recorder.text())).toBe(bodyOf(recordings.text))
  })

  it('leaves a body that is no event stream as it is', async () => {
    const recorder = createRecorder()
    await createCompletion(request, {
      baseURL: 'http://localhost/v1',
      fetch: createFakeFetch(recordings.textJson),
      recorder,
    })
    expect(recorder.text()).not.toContain(': t=')
    expect(JSON.parse(bodyOf(recorder.text()))).toEqual(JSON.parse(bodyOf(recordings.textJson)))
  })

  it('takes down what a server says when it refuses the request', async () => {
    const recorder = createRecorder()
    const fetch = createFakeFetch(new Response('{"error":{"message":"no such model"}}', { status: 404 }))
    await expect(
      createCompletion(request, { baseURL: 'http://localhost/v1', fetch, recorder }),
    ).rejects.toThrow('no such model')
    expect(readRecording(recorder.text()).status).toBe(404)
    expect(bodyOf(recorder.text())).toBe('{"error":{"message":"no such model"}}')
  })
})

/** When the pieces of a body come, in milliseconds. */
async function arrivals(response: Response): Promise<number[]> {
  const startedAt = performance.now()
  const times: number[] = []
  const reader = response.body!.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read())
    times.push(performance.now() - startedAt)
  return times
}

afterEach(() => void vi.useRealTimers())

describe('replayResponse', () => {
  it('plays at the speed at which it was recorded, faster, or at once', async () => {
    vi.useFakeTimers()
    const recording = ': t=0.1\ndata: 1\n\n: t=0.3\ndata: 2\n\n'
    for (const [speed, expected] of [
      [1, [100, 300]],
      [4, [25, 75]],
      [0, [0, 0]],
    ] as const) {
      const times = arrivals(replayResponse(recording, { speed }))
      await vi.runAllTimersAsync()
      expect(await times).toEqual(expected)
    }
  })

  it('plays step by step', async () => {
    const steps: (() => void)[] = []
    const response = replayResponse(': t=1\ndata: 1\n\n: t=2\ndata: 2\n\n', {
      speed: 'step',
      next: () => new Promise<void>((resolve) => steps.push(resolve)),
    })
    const reader = response.body!.getReader()
    let read = ''
    const reading = (async () => {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        read += new TextDecoder().decode(piece.value)
      }
    })()
    await new Promise((resolve) => setImmediate(resolve))
    expect(read).toBe('')
    steps[0]!()
    await new Promise((resolve) => setImmediate(resolve))
    expect(read).toBe('data: 1\n\n')
    steps[1]!()
    await reading
    expect(read).toBe('data: 1\n\ndata: 2\n\n')
  })

  it('has the status and the headers of the recording', async () => {
    const response = replayResponse(recordings.error401Json)
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toMatchObject({ error: { code: 401 } })
  })
})
