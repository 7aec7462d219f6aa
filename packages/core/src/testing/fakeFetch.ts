import { replayResponse, type Recording, type ReplayOptions } from './replayResponse.ts'

type FakeAnswers =
  | FakeAnswer
  | readonly FakeAnswer[]
  | ((request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>)

function chooseAnswer(
  answers: FakeAnswers,
  request: FakeRequest,
  count: number,
): FakeAnswer | Promise<FakeAnswer> | undefined {
  if (typeof answers === 'function') return answers(request)
  return isList(answers) ? answers[Math.min(count, answers.length) - 1] : answers
}

// `Array.isArray` does not narrow readonly arrays.
function isList(answers: FakeAnswer | readonly FakeAnswer[]): answers is readonly FakeAnswer[] {
  return Array.isArray(answers)
}

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
export function createFakeFetch(answers: FakeAnswers, options: ReplayOptions = {}): FakeFetch {
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
    const answer = await chooseAnswer(answers, request, requests.length)
    if (answer === undefined) throw new TypeError('The fake server has no answer.')
    if (answer instanceof Error) throw answer
    if (answer instanceof Response) return answer.bodyUsed ? answer : answer.clone()
    return replayResponse(answer, { ...options, ...(init.signal && { signal: init.signal }) })
  }
  return Object.assign(fetch, { requests })
}
