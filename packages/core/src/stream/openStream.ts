import { CompletionError } from '../CompletionError.ts'
import type { CompletionEvent, ResponseHead } from './CompletionEvent.ts'
import { endpointHeaders, endpointURL, type Endpoint } from './createClient.ts'
import type { Watch } from './createWatch.ts'
import { describeFailure, readBody } from './describeFailure.ts'
import { readResponseHead, readRetryAfter } from './responseHead.ts'
import { retryDelay } from './retryDelay.ts'
import { timeoutError, type Timeouts } from './timeouts.ts'

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
}

/** An answer whose first byte has come. */
export interface OpenedStream {
  /** The first piece of the body; `undefined` when the body is empty. */
  first: Uint8Array | undefined
  body: ReadableStreamDefaultReader<Uint8Array> | undefined
}

/** An error body is not read further than this. */
const maxErrorBody = 256 * 1024

/**
 * Sends the request and waits for the first byte of the answer's body. Failures before it are tried again where that can
 * help. Yields what happens meanwhile; returns `undefined` when the caller stopped it; throws a `CompletionError`.
 */
export async function* openStream(
  body: string,
  options: OpenOptions,
): AsyncGenerator<CompletionEvent[], OpenedStream | undefined> {
  const { watch } = options
  for (let attempt = 1; ; attempt++) {
    let error: CompletionError
    try {
      const response = await send(body, options)
      if (response === undefined) return undefined
      const head = readResponseHead(response, attempt)
      options.onHead(head)
      yield [{ type: 'response-start', response: head }]
      if (!response.ok) throw await httpError(response, head, watch)
      return await readFirst(response, options)
    } catch (caught) {
      if (watch.outcome?.type === 'stopped') return undefined
      if (caught instanceof CompletionError) error = caught
      else if (watch.outcome !== undefined) error = timeoutError(watch.outcome)
      else error = networkError(caught, options.endpoint)
    }
    const isWorthwhile = error.type !== 'timeout' || error.code === 'connect'
    const delayMs = isWorthwhile && attempt <= options.retries ? retryDelay(error, attempt) : undefined
    if (delayMs === undefined) throw error
    const retry: Retry = { error, attempt: attempt + 1, delayMs }
    options.onRetry?.(retry)
    yield [{ type: 'retry', retry }]
    await wait(delayMs, watch)
    throwTimeout(watch)
    if (isOver(watch)) return undefined
  }
}

async function send(body: string, { endpoint, timeouts, watch }: OpenOptions): Promise<Response | undefined> {
  const url = endpointURL(endpoint, 'chat/completions')
  const signal = watch.beginAttempt()
  watch.expect('connect', timeouts.connectMs)
  let headers: Headers
  try {
    headers = await endpointHeaders(endpoint)
    headers.set('content-type', 'application/json')
  } catch (cause) {
    throw new CompletionError(
      {
        type: 'request',
        message: `The request was not sent: its headers cannot be written (${String(cause)}). Check the API key and the extra headers for characters that are not allowed there.`,
        retryable: false,
      },
      { cause },
    )
  }
  if (isOver(watch)) return undefined
  const fetch = endpoint.fetch ?? globalThis.fetch
  const answer = fetch(url, { method: 'POST', headers, body, signal })
  answer.catch(() => {}) // Told below, or no longer of interest.
  const response = await Promise.race([answer, watch.ended])
  if (response) return response
  throwTimeout(watch)
  return undefined
}

// Functions, since the outcome changes while something is awaited, which narrowing does not see.
function isOver(watch: Watch): boolean {
  return watch.outcome !== undefined
}

function throwTimeout({ outcome }: Watch): void {
  if (outcome?.type === 'timed-out') throw timeoutError(outcome)
}

async function readFirst(response: Response, { timeouts, watch }: OpenOptions): Promise<OpenedStream> {
  if (response.body === null || response.body === undefined) {
    // No streams here (React Native): the body as a whole.
    const bytes = new TextEncoder().encode(await response.text())
    return { first: bytes.length === 0 ? undefined : bytes, body: undefined }
  }
  const body = response.body.getReader()
  watch.onOutcome(() => void body.cancel().catch(() => {}))
  watch.expect('first-byte', timeouts.firstByteMs)
  for (;;) {
    const { done, value } = await body.read()
    throwTimeout(watch)
    if (done) return { first: undefined, body }
    if (value.length > 0) return { first: value, body }
  }
}

async function httpError(response: Response, head: ResponseHead, watch: Watch): Promise<CompletionError> {
  watch.expect('idle', 10_000)
  const text = await readErrorBody(response, watch)
  const asked = response.headers.get('x-should-retry')
  const retryAfterMs = readRetryAfter(response.headers)
  return new CompletionError(
    describeFailure(readBody(text), {
      type: 'http',
      status: head.status,
      ...(head.requestId !== undefined && { requestId: head.requestId }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(head.rateLimits && { rateLimits: head.rateLimits }),
      ...((asked === 'true' || asked === 'false') && { shouldRetry: asked === 'true' }),
    }),
  )
}

/** The body of an error as far as it comes: the status alone says much already. */
async function readErrorBody(response: Response, watch: Watch): Promise<string> {
  if (!response.body) return response.text().catch(() => '')
  const body = response.body.getReader()
  watch.onOutcome(() => void body.cancel().catch(() => {}))
  const decoder = new TextDecoder()
  let text = ''
  try {
    while (text.length < maxErrorBody) {
      const { done, value } = await body.read()
      if (done) break
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    // What came of it is enough.
  }
  body.cancel().catch(() => {})
  return text
}

export function networkError(cause: unknown, endpoint: Endpoint): CompletionError {
  return new CompletionError(
    {
      type: 'network',
      message: `No answer came from ${endpointURL(endpoint, '')}${describeCause(cause)}. Check the address and that the server runs; in a page, also that the server allows it (CORS). diagnoseConnection() finds out which.`,
      retryable: true,
    },
    { cause },
  )
}

/** The words of an error and of what is behind it, such as `ECONNREFUSED`, which Node hides in `cause`. */
export function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return ''
  const inner: unknown = cause.cause
  const code = inner instanceof Error && 'code' in inner ? inner.code : undefined
  const words = [
    cause.message,
    typeof code === 'string' ? code : inner instanceof Error && inner.message,
  ].filter(Boolean)
  return words.length === 0 ? '' : ` (${words.join(': ')})`
}

function wait(ms: number, watch: Watch): Promise<void> {
  return new Promise((resolve) => {
    watch.beginAttempt()
    const timer = setTimeout(resolve, ms)
    void watch.ended.then(() => {
      clearTimeout(timer)
      return resolve()
    })
  })
}
