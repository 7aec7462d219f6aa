import { CompletionError } from '@candor/core'

import { unreachable } from './testEndpoint.ts'

/**
 * A fetch that tells apart what the demo's own relay says (no server was reached) from what a server says: the 502 of a
 * relay would read as if a server had failed.
 */
export function explainRelay(fetchPage: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await fetchPage(input, init)
    const baseUrl = new Headers(init?.headers).get('x-candor-base-url')
    if (response.status !== 502 || baseUrl === null) return response
    const text = await response.text()
    const error = relayError(text)
    if (error === undefined) return new Response(text, response)
    throw new CompletionError({
      type: 'network',
      message: unreachable(URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl, baseUrl, error),
      code: error.code,
      // Nobody there stays nobody there; a connection that broke may hold the next time.
      retryable: error.code === 'ECONNRESET' || error.code === 'ETIMEDOUT',
      raw: text,
    })
  }
}

function relayError(text: string): { code: string; serverMessage: string } | undefined {
  try {
    const { error }: { error: { type: string; code: string; message: string } } = JSON.parse(text)
    return error.type === 'relay_error' ? { code: error.code, serverMessage: error.message } : undefined
  } catch {
    return undefined
  }
}
