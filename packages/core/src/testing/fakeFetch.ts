import { replayResponse, type Recording, type ReplayOptions } from './replayResponse.ts'

/** What a fake server answers: a recording (as text or read), a finished `Response`, an error as of a dead network. */
export type FakeAnswer = string | Recording | Response | Error

/** A request that a fake server was sent. */
export interface FakeRequest {
  readonly url: string
  readonly method: string
  readonly headers: { readonly [name: string]: string }
  /** The body as text; '' when there was none. */
  readonly body: string
}

/** A `fetch` that answers from recordings. */
export interface FakeFetch {
  (input: RequestInfo | URL, init?: RequestInit): Promise<Response>
  /** Every request so far. */
  readonly requests: FakeRequest[]
}

/**
 * Makes a `fetch` that answers with one recording, or with one after another (the last one again and again), or with
 * what a function makes of the request. It honours `signal`.
 */
export function createFakeFetch(
  answers: FakeAnswer | readonly FakeAnswer[] | ((request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>),
  options: ReplayOptions = {},
): FakeFetch {
  const requests: FakeRequest[] = []
  const fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    init.signal?.throwIfAborted()
    const request: FakeRequest = {
      url: input instanceof Request ? input.url : String(input),
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === 'string' ? init.body : '',
    }
    requests.push(request)
    const list = Array.isArray(answers) ? (answers as readonly FakeAnswer[]) : undefined
    const answer =
      list !== undefined
        ? list[Math.min(requests.length, list.length) - 1]
        : typeof answers === 'function'
          ? await answers(request)
          : (answers as FakeAnswer)
    if (answer === undefined) throw new TypeError('The fake server has no answer.')
    if (answer instanceof Error) throw answer
    if (answer instanceof Response) return answer.bodyUsed ? answer : answer.clone()
    return replayResponse(answer, { ...options, ...(init.signal && { signal: init.signal }) })
  }
  return Object.assign(fetch, { requests })
}
