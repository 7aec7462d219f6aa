import { createClient, type ChatClient, type ChatCompletionParams, type ChoiceDelta } from '@candor/core'

/** One request, and the answer that the test writes to it piece by piece. */
export interface Exchange {
  /** The body as it was sent. */
  readonly request: ChatCompletionParams
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal
  /** One chunk with one choice. */
  delta(delta: ChoiceDelta, choice?: { index?: number; finish_reason?: string | null }): void
  /** One chunk as it is. */
  chunk(chunk: unknown): void
  /** Text, then its end, then `[DONE]`. */
  answer(text: string): void
  /** A call of a function with whole arguments. */
  call(id: string, name: string, args: unknown, index?: number): void
  /** The last chunk of a choice, then `[DONE]`. */
  finish(reason?: string): void
  /** `[DONE]`. */
  done(): void
  /** Closes the connection as it is. */
  close(): void
  /** Breaks the connection. */
  break(): void
}

/** A server in the test's hands. */
export interface ScriptedServer {
  readonly client: ChatClient
  /** Every request so far. */
  readonly requests: readonly ChatCompletionParams[]
  /** The next request that was not taken yet, as soon as it comes, with the head of its answer sent. */
  next(): Promise<Exchange>
  /** Answers the next request with an error status and a body. */
  refuseNext(status: number, body: unknown): Promise<ChatCompletionParams>
}

interface Arrival {
  request: ChatCompletionParams
  signal: AbortSignal
  readonly respond: (response: Response) => void
}

/** Creates a server that answers what the test says, when the test says it. */
export function createScriptedServer(): ScriptedServer {
  const requests: ChatCompletionParams[] = []
  const arrived: Arrival[] = []
  const awaited: ((arrival: Arrival) => void)[] = []

  const client = createClient({
    baseURL: 'http://model.test/v1',
    fetch: (_, init) =>
      new Promise((respond, reject) => {
        const request: ChatCompletionParams = JSON.parse(typeof init?.body === 'string' ? init.body : '{}')
        const signal = init?.signal ?? new AbortController().signal
        signal.addEventListener('abort', () => reject(signal.reason))
        requests.push(request)
        const arrival: Arrival = { request, signal, respond }
        const waiter = awaited.shift()
        if (waiter === undefined) arrived.push(arrival)
        else waiter(arrival)
      }),
  })

  function nextArrival(): Promise<Arrival> {
    const arrival = arrived.shift()
    return arrival === undefined ? new Promise((resolve) => awaited.push(resolve)) : Promise.resolve(arrival)
  }

  return {
    client,
    requests,
    async next() {
      const { request, signal, respond } = await nextArrival()
      const encoder = new TextEncoder()
      let controller!: ReadableStreamDefaultController<Uint8Array>
      const body = new ReadableStream<Uint8Array>({
        start(started) {
          controller = started
          // As a real `fetch` does: who aborts the request also ends its body.
          signal.addEventListener('abort', () => started.error(signal.reason))
        },
      })
      respond(new Response(body, { headers: { 'content-type': 'text/event-stream' } }))
      const write = (data: string): void => controller.enqueue(encoder.encode(`data: ${data}\n\n`))
      const exchange: Exchange = {
        request,
        signal,
        chunk: (chunk) => write(JSON.stringify(chunk)),
        delta(delta, { index = 0, finish_reason = null } = {}) {
          exchange.chunk({
            id: 'chatcmpl-1',
            object: 'chat.completion.chunk',
            created: 1700000000,
            model: 'scripted',
            choices: [{ index, delta, finish_reason, logprobs: null }],
          })
        },
        answer(text) {
          exchange.delta({ role: 'assistant', content: text })
          exchange.finish('stop')
        },
        call(id, name, args, index = 0) {
          const text = typeof args === 'string' ? args : JSON.stringify(args)
          exchange.delta({
            tool_calls: [{ index, id, type: 'function', function: { name, arguments: text } }],
          })
        },
        finish(reason = 'stop') {
          exchange.delta({}, { finish_reason: reason })
          exchange.done()
        },
        done() {
          write('[DONE]')
          controller.close()
        },
        close: () => controller.close(),
        break: () => controller.error(new TypeError('network error')),
      }
      return exchange
    },
    async refuseNext(status, body) {
      const { request, respond } = await nextArrival()
      respond(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }))
      return request
    },
  }
}
