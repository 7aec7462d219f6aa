import type { ChatCompletionParams } from '@candor/core'

/** One record of a stream, as it came: the text between two blank lines. */
export interface StreamRecord {
  /** Milliseconds since the request was sent, when its last byte came. */
  ms: number
  bytes: number
  text: string
}

/** One request and everything that came back, byte for byte as the page saw it. */
export interface Exchange {
  /** Counts from 1 within the thread. */
  number: number
  /** Unix milliseconds. */
  startedAt: number
  method: string
  /** Everything before `/chat/completions`, as another program would have to call it. */
  baseUrl: string
  /** Everything after that. */
  path: string
  /** Whether a key goes along. */
  hasKey: boolean
  /** The body as it was sent. */
  body: string
  status?: number
  /** Milliseconds until the answer's head came. */
  headersMs?: number
  records: readonly StreamRecord[]
  /** Milliseconds until the answer was whole, cut off or stopped; absent while it streams. */
  endedMs?: number
}

/** What a thread sent and got, for the inspector: a fetch that keeps a copy, and where the copies are. */
export interface ExchangeLog {
  fetch: typeof fetch
  /** Newest last. The same array until something changes. */
  getSnapshot: () => readonly Exchange[]
  subscribe: (listener: () => void) => () => void
}

/** More would fill the memory of a tab that is left open all day. */
const KEPT_EXCHANGES = 20
const KEPT_BYTES = 2_000_000

export function createExchangeLog(): ExchangeLog {
  let exchanges: readonly Exchange[] = []
  let counted = 0
  let frame: number | undefined
  const listeners = new Set<() => void>()
  const current = new Map<number, Exchange>()
  // What arrived since the last frame: a stream of thousands of records must not copy its list for each.
  const arrived = new Map<number, StreamRecord[]>()

  function publish() {
    frame = undefined
    for (const [number, records] of arrived) {
      const exchange = current.get(number)
      if (exchange) current.set(number, { ...exchange, records: [...exchange.records, ...records] })
    }
    arrived.clear()
    exchanges = [...current.values()]
    for (const listener of listeners) listener()
  }

  function change(number: number, changed: Partial<Exchange>) {
    const exchange = current.get(number)
    if (exchange === undefined) return
    current.set(number, { ...exchange, ...changed })
    frame ??= requestAnimationFrame(publish)
  }

  function append(number: number, record: StreamRecord) {
    const records = arrived.get(number) ?? []
    records.push(record)
    arrived.set(number, records)
    frame ??= requestAnimationFrame(publish)
  }

  async function loggedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const number = ++counted
    const sentAt = performance.now()
    const since = () => performance.now() - sentAt
    const { pathname } = new URL(input instanceof Request ? input.url : input, location.href)
    const headers = new Headers(init?.headers)
    const path = pathname.replace(/^\/candor\/(v1|relay)/, '')
    current.set(number, {
      number,
      startedAt: Date.now(),
      method: init?.method ?? 'GET',
      baseUrl: headers.get('x-candor-base-url') ?? `${location.origin}/candor/v1`,
      path,
      hasKey: headers.has('authorization'),
      body: typeof init?.body === 'string' ? init.body : '',
      records: [],
    })
    const oldest = current.keys().next().value
    if (current.size > KEPT_EXCHANGES && oldest !== undefined) current.delete(oldest)
    change(number, {})

    let response: Response
    try {
      response = await fetch(input, init)
    } catch (error) {
      change(number, { endedMs: since() })
      throw error
    }
    change(number, { status: response.status, headersMs: since() })
    if (response.body === null) {
      change(number, { endedMs: since() })
      return response
    }

    const reader = response.body.getReader()
    const decoder = new TextDecoder()
    const encoder = new TextEncoder()
    let pending = ''
    let kept = 0
    const keep = (text: string) => {
      if (text === '' || kept > KEPT_BYTES) return
      kept += text.length
      append(number, { ms: since(), bytes: encoder.encode(text).length, text })
    }
    const end = () => {
      keep(pending.trim())
      pending = ''
      change(number, { endedMs: since() })
    }
    const copied = new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (done) {
            end()
            controller.close()
            return
          }
          const parts = (pending + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/)
          pending = parts.pop() ?? ''
          for (const part of parts) keep(part.trim())
          controller.enqueue(value)
        } catch (error) {
          end()
          controller.error(error)
        }
      },
      cancel(reason) {
        end()
        return reader.cancel(reason)
      },
    })
    return new Response(copied, {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    })
  }

  return {
    fetch: loggedFetch,
    getSnapshot: () => exchanges,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The exchange whose answer a message is: the one that was sent when the message says that its request was. */
export function exchangeOf(exchanges: readonly Exchange[], startedAt: number): Exchange | undefined {
  return exchanges
    .filter((exchange) => Math.abs(exchange.startedAt - startedAt) < 1_000)
    .toSorted((a, b) => Math.abs(a.startedAt - startedAt) - Math.abs(b.startedAt - startedAt))[0]
}

/** The request of an exchange as an object; `undefined` where it is not JSON. */
export function requestOf(exchange: Exchange | undefined): ChatCompletionParams | undefined {
  if (exchange === undefined) return undefined
  try {
    const request: ChatCompletionParams = JSON.parse(exchange.body)
    return request
  } catch {
    return undefined
  }
}
