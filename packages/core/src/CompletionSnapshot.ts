import type { CompletionErrorData } from './CompletionError.ts'
import type { ResponseHead } from './stream/CompletionEvent.ts'
import type { StreamIssue } from './StreamIssue.ts'
import type { ChatCompletion } from './wire.ts'

/**
 * How an answer stands:
 * - `open`: more may come;
 * - `finished`: it ended and every choice said why, or `[DONE]` closed it;
 * - `stopped`: the caller stopped it;
 * - `cut-off`: it ended without any finish reason, however cleanly the connection closed;
 * - `timed-out`: nothing came for too long;
 * - `error`: the server said so, or the connection broke.
 */
export type CompletionEnding = 'open' | 'finished' | 'stopped' | 'cut-off' | 'timed-out' | 'error'

/** When what happened, in milliseconds since the request was sent. */
export interface CompletionTimings {
  /** Unix milliseconds at which the request was sent. */
  startedAt: number
  /** Until the answer's head came. */
  headersMs?: number
  /** Until the first token of any kind came: the time to first token. */
  firstTokenMs?: number
  /** Until the last chunk so far. */
  lastTokenMs?: number
  /** Until the end. */
  endedMs?: number
}

/**
 * An answer as far as it came: the wire's own shape, and beside it what the wire does not have. Immutable; what did
 * not change since the last snapshot is the same object.
 */
export interface CompletionSnapshot {
  /** The answer, in the shape that a non-streamed answer has. */
  readonly completion: ChatCompletion
  /** The thinking of each choice (position as in `completion.choices`), gathered from its many spellings; '' when none. */
  readonly reasoning: readonly string[]
  /** How the answer stands. */
  readonly ending: CompletionEnding
  /** The failure, with `ending: 'error' | 'timed-out'` or a server that reported one. */
  readonly error?: CompletionErrorData
  /** Everything in which the server deviated from the protocol, in order. */
  readonly issues: readonly StreamIssue[]
  /** When what happened. */
  readonly timings: CompletionTimings
  /** The head of the answer, once it came: status, headers, the server's name for the request. */
  readonly response?: ResponseHead
}
