import type { RateLimit, RateLimits } from '../CompletionError.ts'

type Headers = { readonly [name: string]: string }

/** What is left of the server's allowances, from the headers of an answer by lower-case name; `undefined` when it told nothing. */
export function readRateLimits(headers: Headers): RateLimits | undefined {
  const requests = readRateLimit(headers, 'requests')
  const tokens = readRateLimit(headers, 'tokens')
  if (requests === undefined && tokens === undefined) return undefined
  return { ...(requests && { requests }), ...(tokens && { tokens }) }
}

function readRateLimit(headers: Headers, counted: string): RateLimit | undefined {
  const limit = readCount(headers[`x-ratelimit-limit-${counted}`])
  const remaining = readCount(headers[`x-ratelimit-remaining-${counted}`])
  const resetMs = readDuration(headers[`x-ratelimit-reset-${counted}`])
  if (limit === undefined && remaining === undefined && resetMs === undefined) return undefined
  return {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(resetMs !== undefined && { resetMs }),
  }
}

/** A count; Azure sends −1 where it has none. */
function readCount(value: string | undefined): number | undefined {
  if (value === undefined || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}

const unitMs: { [unit: string]: number } = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** A duration as Go writes it (`6m0s`, `12ms`), or plain seconds; in milliseconds. */
export function readDuration(value: string | undefined): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (unitMs[unit!] ?? 0)
  }
  return total
}

/** How long the server asks to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as a date. */
export function readRetryAfter(headers: Headers): number | undefined {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (Number.isFinite(ms) && ms >= 0) return ms
  const value = headers['retry-after']
  if (value === undefined || value.trim() === '') return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : undefined
  const wait = Date.parse(value) - Date.now()
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}
