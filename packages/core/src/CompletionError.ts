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
  /** The server's `error.code`: a name, a number, or absent. */
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
  readonly type: CompletionErrorType
  readonly serverMessage?: string
  readonly status?: number
  readonly code?: string | number
  readonly serverType?: string
  readonly param?: string
  readonly requestId?: string
  readonly retryAfterMs?: number
  readonly rateLimits?: RateLimits
  readonly retryable: boolean
  readonly raw?: unknown

  constructor(data: CompletionErrorData, options?: ErrorOptions) {
    super(data.message, options)
    this.type = data.type
    this.retryable = data.retryable
    if (data.serverMessage !== undefined) this.serverMessage = data.serverMessage
    if (data.status !== undefined) this.status = data.status
    if (data.code !== undefined) this.code = data.code
    if (data.serverType !== undefined) this.serverType = data.serverType
    if (data.param !== undefined) this.param = data.param
    if (data.requestId !== undefined) this.requestId = data.requestId
    if (data.retryAfterMs !== undefined) this.retryAfterMs = data.retryAfterMs
    if (data.rateLimits !== undefined) this.rateLimits = data.rateLimits
    if (data.raw !== undefined) this.raw = data.raw
  }

  /** The same facts without the class, for state that must be plain data. */
  toData(): CompletionErrorData {
    const {
      type,
      message,
      retryable,
      serverMessage,
      status,
      code,
      serverType,
      param,
      requestId,
      retryAfterMs,
      rateLimits,
      raw,
    } = this
    return {
      type,
      message,
      retryable,
      ...(serverMessage === undefined ? {} : { serverMessage }),
      ...(status === undefined ? {} : { status }),
      ...(code === undefined ? {} : { code }),
      ...(serverType === undefined ? {} : { serverType }),
      ...(param === undefined ? {} : { param }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(rateLimits === undefined ? {} : { rateLimits }),
      ...(raw === undefined ? {} : { raw }),
    }
  }
}
