import { CompletionError } from '../CompletionError.ts'
import type { CompletionSnapshot } from '../CompletionSnapshot.ts'
import { serializeRequest } from '../request/serializeRequest.ts'
import type { ChatCompletionParams } from '../wire.ts'
import { AnswerReader } from './AnswerReader.ts'
import type { CompletionEvent } from './CompletionEvent.ts'
import { createAccumulator, type Accumulator } from './createAccumulator.ts'
import type { ChatClient, Endpoint } from './createClient.ts'
import { createPlainLogprobs } from './createPlainLogprobs.ts'
import { createWatch, type Watch } from './createWatch.ts'
import { describeFailure } from './describeFailure.ts'
import { flattenBatches } from './flattenBatches.ts'
import { describeCause, openStream, type OpenedStream, type Retry } from './openStream.ts'
import type { StreamIssueCode } from './streamIssues.ts'
import { readTimeouts, timeoutError, type Timeouts } from './timeouts.ts'

/** How a completion is asked for, besides the request itself. */
export interface CompletionSettings {
  /** Stops the answer; what had arrived stays in the snapshot. */
  signal?: AbortSignal | undefined
  /** How long to wait for what. */
  timeouts?: Partial<Timeouts> | undefined
  /** How often to send the request again when it fails before the first byte of the answer. @default 2 */
  retries?: number | undefined
  /** Called before each wait for another attempt. */
  onRetry?: ((retry: Retry) => void) | undefined
  /**
   * Whether thinking stands as `<think>…</think>` at the beginning of the content, and is to be taken out of it; `open`
   * when the model's prompt has opened the tag already.
   *
   * @default false
   */
  thinkTags?: boolean | 'open' | undefined
  /** Takes down the answer as it comes, to be replayed later. */
  recorder?: CompletionRecorder | undefined
}

/** What is told to a recorder: `createRecorder` makes one. */
export interface CompletionRecorder {
  /** The request that is sent: address and body, never its headers. */
  onRequest(body: string): void
  /** The head of an answer. */
  onHead(status: number, headers: { readonly [name: string]: string }): void
  /** A piece of the body, `atMs` since the request was sent. */
  onBytes(bytes: Uint8Array, atMs: number): void
}

/** Where to ask and how. */
export type CompletionOptions = CompletionSettings & (Endpoint | { client: ChatClient })

/** An answer while it comes in: iterate it once for its events, read it at any time. */
export interface CompletionStream extends AsyncIterable<CompletionEvent> {
  [Symbol.asyncIterator](): AsyncIterator<CompletionEvent, void>
  /** The answer so far. Cheap, immutable; the same object until something changes. */
  snapshot: () => CompletionSnapshot
}

/**
 * Asks for a completion and tells what happens, however the server answers: as a stream, as one JSON object, or as
 * something in between. The request is sent when iteration begins.
 *
 * A stop by `signal`, or leaving the loop, ends the iteration quietly. It throws a `CompletionError` when the request
 * fails, when the connection breaks, when nothing comes for too long or when the server says that it failed; what had
 * arrived is in `snapshot()` in any case. A stream that was cut off does not throw: see `ending`.
 *
 * The request goes out as it is. `buildRequest` checks it first.
 */
export function streamCompletion(
  request: ChatCompletionParams,
  options: CompletionOptions,
): CompletionStream {
  const run = createRun(request, options, true)
  const iterator = flattenBatches(run.batches, run.stop)
  return { [Symbol.asyncIterator]: () => iterator, snapshot: run.snapshot }
}

/**
 * Asks for a completion and resolves when it has ended, with the same answer that `streamCompletion` gathers. Asks for
 * one JSON object unless the request says `stream: true`. Rejects with a `CompletionError` where iteration would throw.
 */
export async function createCompletion(
  request: ChatCompletionParams,
  options: CompletionOptions,
): Promise<CompletionSnapshot> {
  const run = createRun({ ...request, stream: request.stream ?? false }, options, false)
  for await (const events of run.batches) void events
  return run.snapshot()
}

interface Run {
  /** What happens, a list for each piece that comes. */
  batches: AsyncGenerator<CompletionEvent[], void>
  stop: () => void
  snapshot: () => CompletionSnapshot
}

function createRun(request: ChatCompletionParams, options: CompletionOptions, wantsEvents: boolean): Run {
  const endpoint = 'client' in options ? options.client : options
  const isStream = request.stream ?? true
  const timeouts = readTimeouts(options.timeouts, isStream)
  const startedAt = Date.now()
  const accumulator = createAccumulator(startedAt, options.thinkTags)
  let watch: Watch | undefined
  let sentAt = performance.now()
  const now = (): number => performance.now() - sentAt

  async function* run(): AsyncGenerator<CompletionEvent[], void> {
    sentAt = performance.now()
    watch = createWatch(options.signal, timeouts.totalMs)
    try {
      const body = serializeRequest({ ...request, stream: isStream })
      options.recorder?.onRequest(body)
      const columns = request.logprobs ? loadLogprobs() : undefined
      const opened = yield* openStream(body, {
        endpoint,
        timeouts,
        retries: options.retries ?? 2,
        onRetry: options.onRetry,
        watch,
        onHead(head) {
          accumulator.start(head, now())
          options.recorder?.onHead(head.status, head.headers)
        },
      })
      if (opened === undefined) {
        accumulator.end('stopped', now())
        return
      }
      if (columns !== undefined) accumulator.createLogprobs = await columns
      yield* readStream(opened, {
        accumulator,
        watch,
        timeouts,
        isStream,
        wantsEvents,
        now,
        choices: request.n ?? 1,
        recorder: options.recorder,
      })
    } catch (caught) {
      const error = asCompletionError(caught)
      accumulator.end(error.type === 'timeout' ? 'timed-out' : 'error', now(), { error: error.toData() })
      throw error
    } finally {
      accumulator.end('stopped', now())
      watch.close()
    }
  }

  function stop(): void {
    accumulator.end('stopped', now())
    watch?.stop()
  }

  return { batches: run(), stop, snapshot: () => accumulator.snapshot() }
}

/**
 * Columns for logprobs, a tenth of the memory of their objects: loaded beside the request, and only by those who ask for
 * logprobs. Where they cannot be loaded the objects do as well.
 */
async function loadLogprobs(): Promise<Accumulator['createLogprobs']> {
  try {
    const { createChoiceLogprobs } = await import('../logprobs/choiceLogprobs.ts')
    return createChoiceLogprobs
  } catch {
    return createPlainLogprobs
  }
}

interface ReadOptions {
  accumulator: Accumulator
  watch: Watch
  timeouts: Timeouts
  isStream: boolean
  wantsEvents: boolean
  now: () => number
  /** How many choices were asked for. */
  choices: number
  recorder: CompletionRecorder | undefined
}

/** Reads an opened answer to its end, and says how it ended. */
async function* readStream(
  { first, body }: OpenedStream,
  { accumulator, watch, timeouts, isStream, wantsEvents, now, choices, recorder }: ReadOptions,
): AsyncGenerator<CompletionEvent[], void> {
  const reader = new AnswerReader(accumulator, wantsEvents)
  let piece: Uint8Array | undefined = first
  let broken: unknown
  watch.expect('idle', timeouts.idleMs)
  while (piece !== undefined) {
    const atMs = now()
    const chunksBefore = accumulator.chunks
    recorder?.onBytes(piece, atMs)
    reader.push(piece, atMs)
    const events = reader.takeEvents()
    if (events !== undefined) yield events
    if (reader.isOver || body === undefined) break
    if (accumulator.chunks === chunksBefore) watch.touch()
    else if (hasFinished(accumulator, choices)) watch.expect('grace', timeouts.graceMs)
    else watch.expect('idle', timeouts.idleMs)
    try {
      const { done, value }: ReadableStreamReadResult<Uint8Array> = await body.read()
      piece = done ? undefined : value
    } catch (cause) {
      piece = undefined
      broken = cause
    }
    if (watch.outcome !== undefined) break
  }

  const { outcome } = watch
  body?.cancel().catch(() => {})
  if (outcome?.type === 'stopped') {
    accumulator.end('stopped', now())
    return
  }
  reader.end()
  const events = reader.takeEvents()
  if (events !== undefined) yield events

  const { isDone, isWhole, failure, strayText } = reader
  if (failure !== undefined) throw failure
  if (isDone || isWhole || hasFinished(accumulator, 0)) {
    const issues: StreamIssueCode[] = []
    if (outcome !== undefined) issues.push('left-open')
    else if (broken !== undefined) issues.push('broken-after-finish')
    else if (!isDone && !isWhole) issues.push('missing-done')
    if (isWhole && isStream) issues.push('not-streamed')
    if (!isWhole && !isStream) issues.push('streamed-unasked')
    const { finished } = accumulator.progress()
    // A stream that is closed by [DONE] is whole when any choice says why it ended: LiteLLM loses some of them.
    accumulator.end(isWhole || finished > 0 ? 'finished' : 'cut-off', now(), { issues })
    return
  }
  if (outcome !== undefined) throw timeoutError(outcome)
  if (broken !== undefined) throw brokenError(broken)
  if (accumulator.chunks === 0) throw notAnAnswer(strayText, first === undefined)
  accumulator.end('cut-off', now())
}

/** Whether as many choices as expected came, and every one that came said why it ended. */
function hasFinished(accumulator: Accumulator, expected: number): boolean {
  const { choices, finished } = accumulator.progress()
  return choices > 0 && finished === choices && choices >= expected
}

function brokenError(cause: unknown): CompletionError {
  return new CompletionError(
    {
      type: 'network',
      message: `The connection broke in the middle of the answer${describeCause(cause)}. What had arrived is kept; send it again.`,
      retryable: true,
    },
    { cause },
  )
}

function notAnAnswer(text: string, isEmpty: boolean): CompletionError {
  if (text !== '') return new CompletionError(describeFailure(text, { type: 'not-an-api' }))
  const message = isEmpty
    ? 'The server took the request and closed the answer without a word: it probably failed after it had begun to answer. Ask again without streaming to see its reason.'
    : 'The server closed the answer before it had said anything. Send it again.'
  return new CompletionError({ type: 'not-an-api', message, retryable: true })
}

function asCompletionError(error: unknown): CompletionError {
  if (error instanceof CompletionError) return error
  return new CompletionError(
    { type: 'request', message: error instanceof Error ? error.message : String(error), retryable: false },
    { cause: error },
  )
}
