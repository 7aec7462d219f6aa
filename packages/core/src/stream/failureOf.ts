import { CompletionError } from '../CompletionError.ts'
import type { Failure } from './explainFailure.ts'
import { loadSoon } from './loadSoon.ts'

/**
 * The error of what failed. What reads the many shapes of failures, and the words for them, load when something fails: an
 * answer that succeeds does not pay for them. Where they cannot be loaded, the bare facts must do.
 */
export async function failureOf(failure: Failure): Promise<CompletionError> {
  const loaded = await loadSoon(import('./explainFailure.ts'))
  if (loaded !== undefined) return loaded.explainFailure(failure)
  const { type, cause } = failure
  const reason = cause instanceof Error ? cause.message : type
  return new CompletionError(
    {
      type,
      message: `The answer failed (${reason}); the connection seems to be gone. Send it again when it is back.`,
      retryable: type !== 'request',
      raw: failure.body,
    },
    { cause },
  )
}
