import type { ChatCompletionParams } from '../wire.ts'
import { exportedCall, hideInJson, KEY, type ExportTarget, type KeyedText } from './exportedCall.ts'
import { serializeRequest } from './serializeRequest.ts'

/** What is known of the answer, for the HAR entry. */
export interface HarAnswer {
  /** HTTP status. */
  status: number
  /** The body as it came. */
  body?: string
  /** Its headers. */
  headers?: { readonly [name: string]: string }
  /** Milliseconds from sending until the head came. */
  waitMs?: number
  /** Milliseconds from the head until the end. */
  receiveMs?: number
}

/** A request and its answer as the HAR 1.2 format holds them; browsers' developer tools and HTTP clients import it. */
export interface HarEntry {
  startedDateTime: string
  time: number
  request: {
    method: 'POST'
    url: string
    httpVersion: string
    cookies: []
    headers: { name: string; value: string }[]
    queryString: { name: string; value: string }[]
    postData: { mimeType: string; text: string }
    headersSize: number
    bodySize: number
  }
  response: {
    status: number
    statusText: string
    httpVersion: string
    cookies: []
    headers: { name: string; value: string }[]
    content: { size: number; mimeType: string; text?: string }
    redirectURL: string
    headersSize: number
    bodySize: number
  }
  cache: Record<string, never>
  timings: { send: number; wait: number; receive: number }
}

/** What the entry says beside the request. */
export interface ToHarEntryOptions extends ExportTarget {
  /** Unix milliseconds at which it was sent. @default now */
  startedAt?: number
  /** The answer, once there is one. */
  answer?: HarAnswer
}

/** A request as a HAR entry; keys stand as `${NAME}`, the name of their variable. */
export function toHarEntry(request: ChatCompletionParams, options: ToHarEntryOptions): HarEntry {
  const call = exportedCall(request, options)
  const write = (text: KeyedText): string =>
    text.map((piece) => (piece === KEY ? `\${${call.keyVariable ?? 'API_KEY'}}` : piece)).join('')
  const url = write(call.url)
  const text = write(hideInJson(serializeRequest(request), call.secrets))
  const { answer = { status: 0 }, startedAt = Date.now() } = options
  const { waitMs = 0, receiveMs = 0, body, headers = {} } = answer
  return {
    startedDateTime: new Date(startedAt).toISOString(),
    time: waitMs + receiveMs,
    request: {
      method: 'POST',
      url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: call.headers.map(([name, value]) => ({ name, value: write(value) })),
      queryString: Array.from(new URLSearchParams(url.split('?')[1]), ([name, value]) => ({ name, value })),
      postData: { mimeType: 'application/json', text },
      headersSize: -1,
      bodySize: new TextEncoder().encode(text).length,
    },
    response: {
      status: answer.status,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      content: {
        size: body === undefined ? 0 : new TextEncoder().encode(body).length,
        mimeType: headers['content-type'] ?? 'application/json',
        ...(body !== undefined && { text: body }),
      },
      redirectURL: '',
      headersSize: -1,
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: waitMs, receive: receiveMs },
  }
}

/** Entries as a whole HAR file: write it with `JSON.stringify`. */
export function toHar(entries: readonly HarEntry[]): {
  log: { version: '1.2'; creator: { name: string; version: string }; entries: readonly HarEntry[] }
} {
  return { log: { version: '1.2', creator: { name: 'Candor', version: '0.1.0' }, entries } }
}
