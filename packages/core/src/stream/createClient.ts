import { CompletionError } from '../CompletionError.ts'

/** A value, or how to get it when a request is sent. */
export type Lazy<Value> = Value | (() => Value | Promise<Value>)

/** Where requests go. */
export interface Endpoint {
  /**
   * Everything before `/chat/completions`, usually ending in `/v1`; a query (Azure's `?api-version=…`) is kept. A path
   * such as `/api/v1` is the page's own server.
   */
  readonly baseURL: string
  /** Sent as `Authorization: Bearer …`; without it no such header is sent. A function is asked before each attempt. */
  readonly apiKey?: Lazy<string | undefined>
  /** Further headers, over our own. Many servers refuse headers they do not know when a page sends them. */
  readonly headers?: Lazy<{ readonly [name: string]: string }>
  /** What sends the request, in place of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

/** An endpoint that hooks and views share: the same object for the life of the app. */
export type ChatClient = Readonly<Endpoint>

/** Fixes an endpoint. Throws a `CompletionError` of type `request` when the base URL cannot be one. */
export function createClient(endpoint: Endpoint): ChatClient {
  endpointURL(endpoint, 'chat/completions')
  return Object.freeze({ ...endpoint })
}

/** The address of one of the endpoint's resources. Throws a `CompletionError` of type `request`. */
export function endpointURL({ baseURL }: Endpoint, resource: string): string {
  const [, origin = '', path = '', query = ''] =
    /^(https?:\/\/[^/?#]+)?([^?#]*)(\?[^#]*)?/i.exec(baseURL.trim()) ?? []
  if (origin === '' && !path.startsWith('/')) {
    throw new CompletionError({
      type: 'request',
      message: `The base URL ${JSON.stringify(baseURL)} is no address. Write it like http://localhost:8080/v1, or /v1 for the page’s own server.`,
      retryable: false,
    })
  }
  // People paste the whole address as often as its base.
  const base = path.replace(/\/+$/, '').replace(/\/chat\/completions$/, '')
  return `${origin}${base}/${resource}${query}`
}

/** The headers of a request to the endpoint. */
export async function endpointHeaders(endpoint: Endpoint): Promise<Headers> {
  const key = typeof endpoint.apiKey === 'function' ? await endpoint.apiKey() : endpoint.apiKey
  const own = typeof endpoint.headers === 'function' ? await endpoint.headers() : endpoint.headers
  const headers = new Headers(own)
  if (key && !headers.has('authorization')) headers.set('authorization', `Bearer ${key}`)
  return headers
}
