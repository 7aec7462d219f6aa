import type { CompletionErrorData } from '../CompletionError.ts'

/** A server that asks for a longer wait than this is not asked again: the error says when it can be. */
const longestWaitMs = 60_000

/**
 * How long to wait before the next attempt, in milliseconds; `undefined` when there should be none. What the server asks
 * for, else half a second doubled with each attempt up to eight, less up to a quarter so that clients do not come back
 * together.
 */
export function retryDelay(
  { retryable, retryAfterMs }: Pick<CompletionErrorData, 'retryable' | 'retryAfterMs'>,
  attempt: number,
  random: () => number = Math.random,
): number | undefined {
  if (!retryable) return undefined
  if (retryAfterMs !== undefined) return retryAfterMs <= longestWaitMs ? retryAfterMs : undefined
  return Math.min(500 * 2 ** (attempt - 1), 8000) * (1 - random() * 0.25)
}
