import { CompletionError } from '../CompletionError.ts'
import type { CompletionEvent, ResponseHead } from './CompletionEvent.ts'
import { endpointHeaders, endpointURL, type Endpoint } from './createClient.ts'
import { onAbort, type Watch } from './createWatch.ts'
import { failureOf } from './failureOf.ts'
import { loadSoon } from './loadSoon.ts'
import { readResponseHead } from './readResponseHead.ts'
import type { Timeouts } from './timeouts.ts'

/** A request that is about to be sent again. */
export interface Retry {
  /** Why the last attempt failed. */
  readonly error: CompletionError
  /** The number of the attempt that comes, from 2. */
  readonly attempt: number
  /** How long until then, in milliseconds. */
  readonly delayMs: number
}

/** How a request is sent. */
export interface OpenOptions {
  endpoint: Endpoint
  timeouts: Timeouts
  retries: number
  onRetry?: ((retry: Retry) => void) | undefined
  watch: Watch
  /** Called when the head of an answer came, with the address. */
  onHead(head: ResponseHead): void
  /** Called with the pieces of the body of an error. */
  onBytes: (bytes: Uint8Array) => void
}

/** An answer whose first byte has come. */
export interface OpenedStream {
  /** The first piece of the body; `undefined` when the body is empty. */
  first: Uint8Array | undefined
  body: ReadableStreamDefaultReader<Uint8Array> | undefined
}

/** An error body is not read further than this (in UTF-16 units), nor waited for any longer. */
const maxErrorBody = 256 * 1024
const maxErrorBodyMs = 10_000

/**
 * Sends the request and waits for the first byte of the answer's body. Failures before it are tried again where that can
 * help. Yields what happens meanwhile; returns `undefined` when the caller stopped it; throws a `CompletionError`.
 */
export async function* openStream(
  body: string,
  options: OpenOptions,
): AsyncGenerator<CompletionEvent[], OpenedStream | undefined> {
  const { watch, timeouts, endpoint } = options
  for (let attempt = 1; ; attempt++) {
    let error: CompletionError
    let hasHead = false
    watch.beginAttempt()
    try {
      const response = await send(body, options)
      const head = readResponseHead(response, attempt)
      hasHead = true
      options.onHead(head)
      yield [{ type: 'response-start', response: head }]
      if (response.ok) return await readFirst(response, watch, timeouts.firstByteMs)
      throw await failureOf({ type: 'http', body: await readErrorBody(response, options), head })
    } catch (caught) {
      const { outcome } = watch
      if (outcome?.type === 'stopped') return undefined
      if (caught instanceof CompletionError) error = caught
      else if (outcome !== undefined) error = await failureOf({ type: 'timeout', outcome })
      else {
        const url = hasHead ? undefined : endpoint.baseURL
        error = await failureOf({ type: 'network', url, cause: caught })
      }
    }
    const isWorthwhile = (error.type !== 'timeout' || error.code === 'connect') && attempt <= options.retries
    // Loaded with the words of the error. Where they cannot be, asking again is in vain too.
    const loaded = isWorthwhile ? await loadSoon(import('./explainFailure.ts')) : undefined
    const delayMs = loaded?.retryDelay(error, attempt)
    if (delayMs === undefined) throw error
    const retry: Retry = { error, attempt: attempt + 1, delayMs }
    options.onRetry?.(retry)
    yield [{ type: 'retry', retry }]
    watch.beginAttempt()
    await wait(delayMs, watch)
    if (watch.outcome?.type === 'stopped') return undefined
    if (watch.outcome !== undefined) throw await failureOf({ type: 'timeout', outcome: watch.outcome })
  }
}

async function send(body: string, { endpoint, timeouts, watch }: OpenOptions): Promise<Response> {
  const url = endpointURL(endpoint, 'chat/completions')
  watch.expect('connect', timeouts.connectMs)
  let headers: Headers
  try {
    headers = await endpointHeaders(endpoint)
    headers.set('content-type', 'application/json')
  } catch (cause) {
    throw await failureOf({ type: 'request', cause })
  }
  const { signal } = watch
  signal.throwIfAborted()
  const fetch = endpoint.fetch ?? globalThis.fetch
  // Not every fetch heeds the signal.
  return new Promise((resolve, reject) => {
    onAbort(signal, () => reject(signal.reason))
    fetch(url, { method: 'POST', headers, body, signal }).then(resolve, reject)
  })
}

/** Begins to read the body; on an abort of the attempt it ends. */
async function readFirst(response: Response, watch: Watch, ms: number): Promise<OpenedStream> {
  if (!response.body) {
    // No streams here (React Native): the body as a whole.
    const bytes = new TextEncoder().encode(await response.text())
    return { first: bytes.length === 0 ? undefined : bytes, body: undefined }
  }
  const body = response.body.getReader()
  onAbort(watch.signal, () => void body.cancel().catch(() => {}))
  watch.expect('first-byte', ms)
  for (;;) {
    const { done, value } = await body.read()
    watch.signal.throwIfAborted()
    if (done || value.length > 0) return { first: value, body }
  }
}

/** The body of an error as far as it comes: the status alone says much already. */
async function readErrorBody(response: Response, { watch, onBytes }: OpenOptions): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    const { first, body } = await readFirst(response, watch, maxErrorBodyMs)
    for (let piece = first; piece && text.length < maxErrorBody; piece = (await body?.read())?.value) {
      onBytes(piece)
      text += decoder.decode(piece, { stream: true })
    }
    body?.cancel().catch(() => {})
  } catch {
    // What came of it is enough.
  }
  return text
}

function wait(ms: number, { signal }: Watch): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    onAbort(signal, () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
