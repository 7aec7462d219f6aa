import { CompletionError } from '../CompletionError.ts'
import type { CompletionSnapshot } from '../CompletionSnapshot.ts'
import { serializeRequest } from '../request/serializeRequest.ts'
import type { ChatCompletionParams } from '../wire.ts'
import { AnswerReader } from './AnswerReader.ts'
import type { CompletionEvent } from './CompletionEvent.ts'
import { createAccumulator, type Accumulator } from './createAccumulator.ts'
import type { ChatClient, Endpoint } from './createClient.ts'
import { createWatch, type Watch } from './createWatch.ts'
import { failureOf } from './failureOf.ts'
import { flattenBatches } from './flattenBatches.ts'
import type { StreamIssueCode } from './issueSentences.ts'
import { openStream, type OpenedStream, type Retry } from './openStream.ts'
import { readTimeouts, type Timeouts } from './timeouts.ts'

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

function createRun(
  request: ChatCompletionParams,
  { recorder, onRetry, retries = 2, signal, ...options }: CompletionOptions,
  wantsEvents: boolean,
): Run {
  const endpoint = 'client' in options ? options.client : options
  const isStream = request.stream ?? true
  const timeouts = readTimeouts(options.timeouts, isStream)
  const accumulator = createAccumulator(Date.now(), options.thinkTags)
  let watch: Watch | undefined
  let sentAt = performance.now()
  const now = (): number => performance.now() - sentAt
  const onBytes = (bytes: Uint8Array): void => recorder?.onBytes(bytes, now())

  async function* run(): AsyncGenerator<CompletionEvent[], void> {
    sentAt = performance.now()
    watch = createWatch(signal, timeouts.totalMs)
    try {
      const body = serializeRequest({ ...request, stream: isStream })
      recorder?.onRequest(body)
      const { logprobs, tools } = request
      const needsMore = tools?.length || options.thinkTags || !isStream
      // Beside the request, by those who will need them. That they cannot be loaded is told when they are waited for.
      const parts = Promise.all([
        logprobs && loadLogprobs(accumulator),
        needsMore && loadBeyondText(accumulator),
      ])
      parts.catch(() => {})
      const opened = yield* openStream(body, {
        endpoint,
        timeouts,
        retries,
        onRetry,
        watch,
        onBytes,
        onHead(head) {
          accumulator.start(head, now())
          recorder?.onHead(head.status, head.headers)
        },
      })
      if (opened !== undefined) {
        await parts
        yield* read(opened, watch)
      }
    } catch (caught) {
      const error = asCompletionError(caught)
      accumulator.end(error.type === 'timeout' ? 'timed-out' : 'error', now(), { error: error.toData() })
      throw error
    } finally {
      accumulator.end('stopped', now())
      watch.close()
      if (accumulator.lacksWords) await accumulator.loadWords()
    }
  }

  /** Reads an opened answer to its end, and says how it ended. */
  async function* read(
    { first, body }: OpenedStream,
    currentWatch: Watch,
  ): AsyncGenerator<CompletionEvent[], void> {
    const reader = new AnswerReader(accumulator, wantsEvents)
    const choices = request.n ?? 1
    let piece = first
    let broken: unknown
    currentWatch.expect('idle', timeouts.idleMs)
    for (;;) {
      const chunksBefore = accumulator.chunks
      if (piece === undefined) reader.end()
      else {
        onBytes(piece)
        reader.push(piece, now())
      }
      if (reader.isWaiting || accumulator.lacksWords) await load(reader)
      const events = reader.takeEvents()
      if (events !== undefined) yield events
      if (reader.isOver || piece === undefined) break
      if (accumulator.chunks === chunksBefore) currentWatch.touch()
      else if (accumulator.isFinished(choices)) currentWatch.expect('grace', timeouts.graceMs)
      else currentWatch.expect('idle', timeouts.idleMs)
      piece = undefined
      try {
        piece = (await body?.read())?.value
      } catch (cause) {
        broken = cause
      }
      if (currentWatch.outcome?.type === 'stopped') return
      if (currentWatch.outcome !== undefined) piece = undefined
    }

    const { outcome } = currentWatch
    const { isDone, isWhole, failure, strayText } = reader
    const { response: head } = accumulator.snapshot()
    if (failure !== undefined) throw await failureOf({ type: 'server', body: failure, head })
    if (isWhole || accumulator.isFinished(0) || (isDone && accumulator.chunks > 0)) {
      const issues: StreamIssueCode[] = []
      if (outcome !== undefined) issues.push('left-open')
      else if (broken !== undefined) issues.push('broken-after-finish')
      else if (!isDone && !isWhole) issues.push('missing-done')
      if (isWhole && isStream) issues.push('not-streamed')
      if (!isWhole && !isStream) issues.push('streamed-unasked')
      // A stream that is closed by [DONE] is whole when any choice says why it ended: LiteLLM loses some of them.
      accumulator.end(isWhole || accumulator.hasFinish ? 'finished' : 'cut-off', now(), { issues })
      return
    }
    if (outcome !== undefined) throw await failureOf({ type: 'timeout', outcome })
    if (broken !== undefined) throw await failureOf({ type: 'network', cause: broken })
    if (accumulator.chunks === 0 && strayText !== undefined)
      throw await failureOf({ type: 'not-an-api', body: strayText, head })
    accumulator.end('cut-off', now())
  }

  /** Loads what the answer turned out to need. */
  async function load(reader: AnswerReader): Promise<void> {
    if (reader.isWaiting) {
      await loadBeyondText(accumulator)
      reader.resume()
    }
    if (accumulator.lacksWords) await accumulator.loadWords()
  }

  function stop(): void {
    accumulator.end('stopped', now())
    watch?.stop()
  }

  return { batches: run(), stop, snapshot: () => accumulator.snapshot() }
}

/** Columns for logprobs, a tenth of the memory of their objects; without a network the objects do as well. */
async function loadLogprobs(accumulator: Accumulator): Promise<void> {
  try {
    const { createChoiceLogprobs } = await import('../logprobs/choiceLogprobs.ts')
    accumulator.createLogprobs = createChoiceLogprobs
  } catch {
    // They stay as they are.
  }
}

async function loadBeyondText(accumulator: Accumulator): Promise<void> {
  try {
    accumulator.beyondText ??= await import('./beyondText.ts')
  } catch (cause) {
    throw new Error('A part of the app could not be loaded. Reload the page.', { cause })
  }
}

function asCompletionError(cause: unknown): CompletionError {
  if (cause instanceof CompletionError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  return new CompletionError({ type: 'request', message, retryable: false }, { cause })
}
