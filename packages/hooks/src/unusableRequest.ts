import type { CompletionErrorData } from '@candor/core'

/** The failure of a request that could not be made: a schema that says no JSON Schema, a callback that throws. */
export function unusableRequest(error: unknown): CompletionErrorData {
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'request', message: `The request could not be made. ${message}`, retryable: false }
}
