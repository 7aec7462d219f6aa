import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'

import { chunkOf } from '../src/generateStream.ts'

/** An answer that a scenario writes piece by piece, in the protocol that it was asked in. */
export interface Answer {
  /** Thinking, so many tool calls, and the first words: a message with that many parts and two more. */
  head(calls: number): void
  /** Writes pieces of the text, `perSecond` of them a second; resolves when the last is written. */
  pace(pieces: readonly string[], perSecond: number): Promise<void>
  /** Writes all pieces at once. */
  burst(pieces: readonly string[]): void
  finish(): void
}

/** The benchmark's own server: the page, and a model in both protocols. */
export interface BenchmarkServer {
  readonly origin: string
  /** The next answer that is asked for. */
  next(): Promise<Answer>
  close(): void
}

/** How a protocol writes what an answer says. */
interface Wire {
  readonly headers: Record<string, string>
  readonly start: () => object[]
  readonly reasoning: (text: string) => object[]
  readonly call: (place: number) => object[]
  /** The first piece of the text. */
  readonly textStart: () => object[]
  readonly text: (piece: string) => object
  readonly finish: () => object[]
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

export async function serve(folder: string, port: number): Promise<BenchmarkServer> {
  const answers: Answer[] = []
  const waiting: ((answer: Answer) => void)[] = []

  function answer(wire: Wire, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', ...wire.headers })
    const opened = writeAnswer(wire, response)
    const waiter = waiting.shift()
    if (waiter === undefined) answers.push(opened)
    else waiter(opened)
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://benchmark').pathname
    if (request.method === 'POST') {
      // Read to its end: a conversation of 10,000 messages is sent with each question.
      request.resume()
      answer(path.startsWith('/openai') ? openai : aiSdk, response)
      return
    }
    try {
      const file = path === '/' ? '/index.html' : path
      const content = await readFile(join(folder, file))
      response.writeHead(200, { 'content-type': contentTypes[extname(file)] ?? 'application/octet-stream' })
      response.end(content)
    } catch {
      response.writeHead(404).end()
    }
  }

  const server = createServer((request, response) => void respond(request, response))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    next() {
      const answered = answers.shift()
      return answered === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(answered)
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function writeAnswer(wire: Wire, response: ServerResponse): Answer {
  // A record that waits for the one before to be acknowledged comes late, and two at a time.
  response.socket?.setNoDelay(true)
  const write = (parts: readonly object[]): void => void response.write(encode(parts))
  return {
    head(calls) {
      write([...wire.start(), ...wire.reasoning('I will look it all up.')])
      for (let place = 0; place < calls; place++) write(wire.call(place))
      write(wire.textStart())
    },
    pace(pieces, perSecond) {
      const startedAt = performance.now()
      let written = 0
      return new Promise((resolve) => {
        const timer = setInterval(() => {
          const due = Math.min(pieces.length, ((performance.now() - startedAt) * perSecond) / 1000)
          for (; written < due; written++) write([wire.text(pieces[written]!)])
          if (written < pieces.length && !response.destroyed) return
          clearInterval(timer)
          resolve()
        }, 1)
      })
    },
    burst(pieces) {
      write(pieces.map((piece) => wire.text(piece)))
    },
    finish() {
      response.end(`${encode(wire.finish())}data: [DONE]\n\n`)
    },
  }
}

function encode(parts: readonly object[]): string {
  return parts.map((part) => `data: ${JSON.stringify(part)}\n\n`).join('')
}

function chunk(delta: object, finish_reason: string | null = null): object {
  return chunkOf({ index: 0, delta, logprobs: null, finish_reason })
}

/** Chat Completions. */
const openai: Wire = {
  headers: {},
  start: () => [chunk({ role: 'assistant', content: '', refusal: null })],
  reasoning: (text) => [chunk({ reasoning_content: text })],
  call: (index) => [
    chunk({
      tool_calls: [
        {
          index,
          id: `call_${index}`,
          type: 'function',
          function: { name: 'look_up', arguments: `{"place":${index}}` },
        },
      ],
    }),
  ],
  textStart: () => [chunk({ content: 'So:' })],
  text: (content) => chunk({ content }),
  finish: () => [chunk({}, 'stop')],
}

/** The AI SDK's UI message stream, as its server part makes it of the same answer. */
const aiSdk: Wire = {
  headers: { 'x-vercel-ai-ui-message-stream': 'v1' },
  start: () => [{ type: 'start', messageId: 'answer' }, { type: 'start-step' }],
  reasoning: (delta) => [
    { type: 'reasoning-start', id: 'r' },
    { type: 'reasoning-delta', id: 'r', delta },
    { type: 'reasoning-end', id: 'r' },
  ],
  call: (place) => [
    { type: 'tool-input-start', toolCallId: `call_${place}`, toolName: 'look_up' },
    { type: 'tool-input-available', toolCallId: `call_${place}`, toolName: 'look_up', input: { place } },
  ],
  textStart: () => [
    { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', delta: 'So:' },
  ],
  text: (delta) => ({ type: 'text-delta', id: 't', delta }),
  finish: () => [{ type: 'text-end', id: 't' }, { type: 'finish-step' }, { type: 'finish' }],
}
