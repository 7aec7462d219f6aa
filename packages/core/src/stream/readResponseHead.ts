import type { ResponseHead } from './CompletionEvent.ts'

/** Names under which servers tell the id of a request: OpenAI and most, Azure, Mistral, OpenRouter, Cloudflare. */
const requestIdHeaders = [
  'x-request-id',
  'apim-request-id',
  'request-id',
  'mistral-correlation-id',
  'x-generation-id',
  'x-litellm-call-id',
  'cf-ray',
]

/** Reads the head of an answer. A page sees only the headers that the server exposes to it. */
export function readResponseHead(response: Response, attempts: number): ResponseHead {
  const headers: { [name: string]: string } = {}
  response.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value
  })
  const requestId = requestIdHeaders.map((name) => headers[name]).find(Boolean)
  return { status: response.status, headers, ...(requestId !== undefined && { requestId }), attempts }
}
