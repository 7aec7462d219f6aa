import type { RequestIssue } from './request/RequestIssue.ts'

/**
 * What kind of failure it was:
 * - `network`: no answer came at all (address, name, refused connection, CORS, offline);
 * - `http`: the server answered with an error status;
 * - `server`: an error inside a stream or inside a 200 answer;
 * - `not-an-api`: something answered that does not speak the protocol (an HTML page, an empty body);
 * - `timeout`: connect, first byte, idle or total time-out;
 * - `request`: the request was wrong and was not sent.
 */
export type CompletionErrorType = 'network' | 'http' | 'server' | 'not-an-api' | 'timeout' | 'request'

/** What is left of an allowance, as the server's `x-ratelimit-*` headers tell it. */
export interface RateLimit {
  /** How much is allowed in one period. */
  limit?: number
  /** How much of it is left. */
  remaining?: number
  /** How long until it is full again, in milliseconds. */
  resetMs?: number
}

/** Allowances by what they count. */
export interface RateLimits {
  requests?: RateLimit
  tokens?: RateLimit
}

/** The facts of a failed completion, as plain data: what a store keeps and a view shows. */
export interface CompletionErrorData {
  /** What kind of failure it was. */
  type: CompletionErrorType
  /** What happened, why it matters and what to do, in the reader's terms. */
  message: string
  /** The server's own words, when it said any. */
  serverMessage?: string
  /** HTTP status, when there was an answer. */
  status?: number
  /** The server's `error.code`, a name or a number; of a time-out what was waited for: `connect`, `first-byte`, `idle`, `total`. */
  code?: string | number
  /** The server's `error.type`. */
  serverType?: string
  /** The parameter that the server complains about. */
  param?: string
  /** The id under which the server logged the request. */
  requestId?: string
  /** How long the server asked to wait, in milliseconds. */
  retryAfterMs?: number
  /** What is left of the server's allowances, when it told. */
  rateLimits?: RateLimits
  /** Whether the same request may succeed when it is sent again. */
  retryable: boolean
  /** The body or frame as it came: parsed JSON where it was JSON, else the first 2,000 characters. */
  raw?: unknown
  /** What is wrong with the request, with type `request`. */
  issues?: readonly RequestIssue[]
}

/** The one error class of requests and streams. What had arrived before it is in the snapshot, not lost. */
export class CompletionError extends Error implements CompletionErrorData {
  override readonly name: string = 'CompletionError'
  declare readonly type: CompletionErrorType
  declare readonly serverMessage?: string
  declare readonly status?: number
  declare readonly code?: string | number
  declare readonly serverType?: string
  declare readonly param?: string
  declare readonly requestId?: string
  declare readonly retryAfterMs?: number
  declare readonly rateLimits?: RateLimits
  declare readonly retryable: boolean
  declare readonly raw?: unknown
  declare readonly issues?: readonly RequestIssue[]
  readonly #data: CompletionErrorData

  constructor(data: CompletionErrorData, options?: ErrorOptions) {
    super(data.message, options)
    this.#data = data
    // Not `message`, which stays an error's own: not enumerable.
    const { message: _, ...facts } = data
    Object.assign(this, facts)
  }

  /** The same facts without the class, for state that must be plain data. */
  toData(): CompletionErrorData {
    return { ...this.#data }
  }
}
