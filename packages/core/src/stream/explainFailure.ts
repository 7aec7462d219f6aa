import { CompletionError } from '../CompletionError.ts'
import type { ResponseHead } from './CompletionEvent.ts'
import type { WaitStage, WatchOutcome } from './createWatch.ts'
import { describeCause } from './describeCause.ts'
import { describeFailure, readBody } from './describeFailure.ts'
import { readRateLimits, readRetryAfter } from './rateLimits.ts'
import type { Timeouts } from './timeouts.ts'

export { retryDelay } from './retryDelay.ts'

/** What failed, as far as it is known before it is put into words. */
export type Failure =
  /** An answer with an error status, one that says in its body that it failed, or one that is none; `body` as text or JSON. */
  | {
      type: 'http' | 'server' | 'not-an-api'
      body: unknown
      head: ResponseHead | undefined
      cause?: undefined
    }
  /** No answer came from `url`; without it, the answer had begun. */
  | { type: 'network'; url?: string | undefined; cause: unknown; body?: undefined }
  /** Something took too long. */
  | { type: 'timeout'; outcome: WatchOutcome; cause?: undefined; body?: undefined }
  /** The headers of the request cannot be written. */
  | { type: 'request'; cause: unknown; body?: undefined }

/** Puts a failure into words: what happened, why, and what to do. */
export function explainFailure(failure: Failure): CompletionError {
  switch (failure.type) {
    case 'network':
      return networkFailure(failure.cause, failure.url)
    case 'timeout':
      return timeoutFailure(failure.outcome)
    case 'request':
      return headersFailure(failure.cause)
    default:
      return answerFailure(failure.type, failure.body, failure.head)
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// An answer that says so
// ---------------------------------------------------------------------------------------------------------------------

/**
 * The error of an answer: what its body says, and what its head adds. An empty body of no API says that the server failed
 * after its head was out (llama-cpp-python does so).
 */
function answerFailure(
  type: 'http' | 'server' | 'not-an-api',
  body: unknown,
  head: ResponseHead | undefined,
): CompletionError {
  const { headers = {}, status, requestId } = head ?? {}
  const facts = {
    type,
    // The status of a stream that fails later says nothing of the failure.
    ...(type !== 'server' && status !== undefined && { status }),
    ...(requestId !== undefined && { requestId }),
  }
  if (type === 'not-an-api' && body === '') {
    const message =
      'The server took the request and closed the answer before it had said anything: it probably failed after it had begun to answer. Send it again; without streaming its reason may show.'
    return new CompletionError({ ...facts, message, retryable: true })
  }
  const parsed = typeof body === 'string' ? readBody(body) : body
  if (type !== 'http') return new CompletionError(describeFailure(parsed, facts))
  const asked = headers['x-should-retry']
  const retryAfterMs = readRetryAfter(headers)
  const rateLimits = readRateLimits(headers)
  return new CompletionError(
    describeFailure(parsed, {
      ...facts,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(rateLimits !== undefined && { rateLimits }),
      ...((asked === 'true' || asked === 'false') && { shouldRetry: asked === 'true' }),
    }),
  )
}

// ---------------------------------------------------------------------------------------------------------------------
// The connection
// ---------------------------------------------------------------------------------------------------------------------

function networkFailure(cause: unknown, url: string | undefined): CompletionError {
  const reason = describeCause(cause)
  const message =
    url === undefined
      ? `The connection broke in the middle of the answer${reason}. What had arrived is kept; send it again.`
      : `No answer came from ${url}${reason}. Check the address and that the server runs; in a page, also that the server allows it (CORS). diagnoseConnection() finds out which.`
  return new CompletionError({ type: 'network', message, retryable: true }, { cause })
}

function headersFailure(cause: unknown): CompletionError {
  const message = `The request was not sent: its headers cannot be written (${String(cause)}). Check the API key and the extra headers for characters that are not allowed there.`
  return new CompletionError({ type: 'request', message, retryable: false }, { cause })
}

// ---------------------------------------------------------------------------------------------------------------------
// Time
// ---------------------------------------------------------------------------------------------------------------------

const waitedFor: Record<WaitStage, string> = {
  connect: 'The server did not begin to answer',
  'first-byte': 'The server took the request but sent nothing',
  idle: 'The server stopped sending in the middle of the answer',
  grace: 'The server did not close the stream',
  total: 'The answer was not whole',
}

const optionOf: Record<WaitStage, keyof Timeouts> = {
  connect: 'connectMs',
  'first-byte': 'firstByteMs',
  idle: 'idleMs',
  grace: 'graceMs',
  total: 'totalMs',
}

function timeoutFailure({ stage, ms }: WatchOutcome): CompletionError {
  const hasBegun = stage !== 'connect' && stage !== 'first-byte'
  return new CompletionError({
    type: 'timeout',
    code: stage,
    message: `${waitedFor[stage]} within ${ms / 1000} s. ${hasBegun ? 'What had arrived is kept. ' : ''}Send it again, or allow more time (timeouts.${optionOf[stage]}).`,
    retryable: true,
  })
}
