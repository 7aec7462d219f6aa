import type { CompletionErrorData, CompletionErrorType, RateLimits } from '../CompletionError.ts'
import { isObject, plainValue } from './plainValue.ts'

/** What is known of a failure besides the server's words. */
export interface FailureContext {
  type: CompletionErrorType
  status?: number
  requestId?: string
  retryAfterMs?: number
  rateLimits?: RateLimits
  /** The server said by `x-should-retry` whether to send it again. */
  shouldRetry?: boolean
}

/**
 * One set of facts out of the dozen shapes in which servers say that something went wrong: `error` as an object or a
 * text, `detail` as a text or a list, `message`, `html-message`, an array around any of them, plain text, HTML, nothing.
 * Never throws.
 *
 * @param body What the server sent: parsed JSON, or text.
 */
export function describeFailure(body: unknown, context: FailureContext): CompletionErrorData {
  const plain = plainValue(body, () => {})
  const facts = readFacts(plain)
  if (facts.message === '' && context.type === 'http') facts.message = firstCharacters(plain)
  const status = context.status ?? facts.status
  const retryable = isRetryable(status, facts, context.shouldRetry)
  return {
    type: context.type,
    message: sentence(context.type, status, facts, context),
    ...(facts.message !== '' && { serverMessage: facts.message }),
    ...(status !== undefined && { status }),
    ...(facts.code !== undefined && { code: facts.code }),
    ...(facts.serverType !== undefined && { serverType: facts.serverType }),
    ...(facts.param !== undefined && { param: facts.param }),
    ...(context.requestId !== undefined && { requestId: context.requestId }),
    ...(context.retryAfterMs !== undefined && { retryAfterMs: context.retryAfterMs }),
    ...(context.rateLimits !== undefined && { rateLimits: context.rateLimits }),
    retryable,
    raw: typeof plain === 'string' ? plain.slice(0, 2000) : plain,
  }
}

/** A body as JSON where it is JSON, also in the first record of an event stream; else as text. */
export function readBody(text: string): unknown {
  for (const json of [text, /^data:(.*)/m.exec(text)?.[1] ?? '']) {
    try {
      return JSON.parse(json)
    } catch {
      // The other, or text.
    }
  }
  return text
}

interface Facts {
  message: string
  code?: string | number
  serverType?: string
  param?: string
  /** An HTTP status that stands in the body. */
  status?: number
}

function readFacts(body: unknown): Facts {
  if (Array.isArray(body)) return readFacts(body[0])
  if (!isObject(body)) return { message: typeof body === 'string' ? readText(body) : '' }
  const error = isObject(body['error']) ? body['error'] : body
  const message =
    readMessage(error['message']) ||
    readMessage(body['error']) ||
    readMessage(body['detail']) ||
    readMessage(body['message']) ||
    readMessage(body['html-message']) ||
    readMessage(error['status_msg']) ||
    readMessage(body['title'])
  const nested = isObject(body['base_resp']) ? body['base_resp'] : undefined
  const code = error['code'] ?? body['code'] ?? nested?.['status_code']
  const status = [error['status_code'], body['statusCode'], error['status'], body['status'], code].find(
    isErrorStatus,
  )
  const type =
    error['type'] ?? body['error_type'] ?? body['type'] ?? (error === body ? undefined : error['status'])
  return {
    message: message || readMessage(nested?.['status_msg']),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(typeof type === 'string' && { serverType: type }),
    ...(typeof error['param'] === 'string' && { param: error['param'] }),
    ...(status !== undefined && { status: Number(status) }),
  }
}

function isErrorStatus(value: unknown): value is number | string {
  if (typeof value !== 'number' && typeof value !== 'string') return false
  return Number(value) >= 400 && Number(value) < 600
}

/** Of JSON without a message where servers put one. */
function firstCharacters(body: unknown): string {
  const text = isObject(body) || Array.isArray(body) ? JSON.stringify(body) : ''
  return text.length > 2 ? text.slice(0, 200) : ''
}

/** A message as text: servers also send lists of texts or of `{ loc, msg }`, and objects. */
function readMessage(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  if (Array.isArray(value)) {
    return value
      .slice(0, 10)
      .map((item: unknown) => {
        if (!isObject(item)) return readMessage(item)
        const place = Array.isArray(item['loc']) ? `${item['loc'].join('.')}: ` : ''
        return place + (readMessage(item['msg']) || readMessage(item['message']))
      })
      .filter((text) => text !== '')
      .join('; ')
  }
  if (!isObject(value)) return ''
  return readMessage(value['message']) || readMessage(value['msg']) || readMessage(value['error'])
}

/** The words of a body that is no JSON; of a page its title, else what stands on it. */
function readText(text: string): string {
  const words = text.trim()
  if (!words.startsWith('<')) return words.slice(0, 200)
  const page = words.slice(0, 5000)
  const title = /<title[^>]*>([^<]*)/i.exec(page)?.[1]?.trim()
  return (
    title ||
    page
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 200)
  )
}

/** Codes that say: waiting does not help. */
const finalCode = /insufficient_quota|credit|billing|balance|quota_exceeded|payment/i
const passingCode = /rate_limit|overload|slow_down|timeout|unavailable|server_error|internal|api_connection/i

function isRetryable(
  status: number | undefined,
  { code, serverType, message }: Facts,
  shouldRetry: boolean | undefined,
): boolean {
  const names = `${code ?? ''} ${serverType ?? ''}`
  // Whatever the server says: an empty account stays empty.
  if (finalCode.test(names)) return false
  if (shouldRetry !== undefined) return shouldRetry
  if (status === undefined) return passingCode.test(names) || message === ''
  return status === 408 || status === 409 || status === 429 || status >= 500
}

function sentence(
  type: CompletionErrorType,
  status: number | undefined,
  facts: Facts,
  context: FailureContext,
): string {
  const words = facts.message === '' ? '' : `: ${facts.message.slice(0, 1000).replace(/[.\s]+$/, '')}`
  if (type === 'not-an-api')
    return `What answered is not a Chat Completions server${words}. Check the base URL; it usually ends in /v1.`
  const [what, advice] = explain(status, facts, context)
  const number = context.status === undefined ? '' : ` (${context.status})`
  return `${what}${number}${words}. ${advice}`
}

function explain(
  status: number | undefined,
  facts: Facts,
  context: FailureContext,
): [what: string, advice: string] {
  const names = `${facts.code ?? ''} ${facts.serverType ?? ''}`
  if (/context_length|context_size/.test(names)) {
    return [
      'The conversation is longer than the model can read',
      'Shorten it, or choose a model with a larger context.',
    ]
  }
  if (status === 402 || finalCode.test(names)) {
    return [
      'The account has no credit left',
      'Sending it again does not help until the account is topped up.',
    ]
  }
  switch (status) {
    case 401:
      return ['The server did not accept the API key', 'Check the key and that it belongs to this server.']
    case 403:
      return [
        'The server does not allow this',
        'Check what the key may do, and whether the server allows this region and content.',
      ]
    case 404:
      return [
        'The server does not know this model or address',
        'Check the model’s id and the base URL; it usually ends in /v1.',
      ]
    case 405:
      return [
        'The address does not take requests of this kind',
        'Check the base URL; it usually ends in /v1.',
      ]
    case 413:
      return ['The request is too large for the server', 'Shorten the conversation or its attachments.']
    case 429: {
      const wait = context.retryAfterMs
      return [
        'Too many requests',
        wait === undefined
          ? 'Wait a little, then send it again.'
          : `Send it again in ${Math.ceil(wait / 1000)} s.`,
      ]
    }
    case 400:
    case 415:
    case 422:
      return ['The server refused the request', 'Change the request as the server says.']
    default:
  }
  if (status !== undefined && status < 500)
    return ['The server refused the request', 'Sending it again unchanged will not help.']
  const kept = context.type === 'http' ? 'Send it again' : 'What had arrived is kept; send it again'
  return ['The server failed', `${kept}, or look into the server’s log.`]
}
