import { describe, expect, it } from 'vitest'

import { diagnoseConnection, type ConnectionDiagnosis, type DiagnosisOptions } from './diagnoseConnection.ts'

interface Asked {
  method: string
  path: string
  headers: Headers
}

interface Told {
  status?: number
  body?: string
  /** `access-control-*` headers by the rest of their names. */
  allow?: { origin?: string; headers?: string }
}

type Server = (asked: Asked) => Told

const models = { body: '{"object":"list","data":[{"id":"smollm2"}]}' }
const notFound = { status: 404, body: '{"detail":"Not Found"}' }
const page = 'http://localhost:6006/'

/** What a program sees of a server: everything. */
function programFetch(server: Server): typeof fetch {
  return (input, init) => {
    const { status = 200, body = '' } = server(ask(input, init))
    return Promise.resolve(new Response(body, { status }))
  }
}

function allows({ allow }: Told): boolean {
  return allow?.origin === '*' || allow?.origin === new URL(page).origin
}

/** A server that never answers. */
function hang(_: unknown, init?: RequestInit): Promise<Response> {
  return new Promise((_resolve, reject) =>
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
  )
}

/** An address at which nobody is, as a page sees it. */
function nobody(): Promise<Response> {
  return Promise.reject(new TypeError('Failed to fetch'))
}

/** What a page sees of a server, by the rules of CORS. */
function pageFetch(server: Server): typeof fetch {
  return (input, init) => {
    const asked = ask(input, init)
    const own = [...asked.headers.keys()].filter((name) => name !== 'accept')
    if (init?.mode === 'no-cors') return Promise.resolve(Response.error())
    if (own.length > 0) {
      const preflight = server({ ...asked, method: 'OPTIONS' })
      const names = preflight.allow?.headers?.split(',') ?? []
      // By the standard a star does not stand for Authorization.
      const isNamed = (name: string): boolean =>
        names.includes(name) || (names.includes('*') && name !== 'authorization')
      const isOk = (preflight.status ?? 200) < 300 && allows(preflight) && own.every(isNamed)
      if (!isOk) return Promise.reject(new TypeError('Failed to fetch'))
    }
    const told = server(asked)
    if (!allows(told)) return Promise.reject(new TypeError('Failed to fetch'))
    return Promise.resolve(new Response(told.body ?? '', { status: told.status ?? 200 }))
  }
}

function ask(input: RequestInfo | URL, init: RequestInit = {}): Asked {
  const { pathname, search } = new URL(input instanceof Request ? input.url : input)
  return { method: init.method ?? 'GET', path: pathname + search, headers: new Headers(init.headers) }
}

function diagnose(
  fetch: typeof globalThis.fetch,
  options: Partial<DiagnosisOptions> = {},
): Promise<ConnectionDiagnosis> {
  return diagnoseConnection({
    ...options,
    baseURL: 'http://model.lan:8000/v1',
    fetch,
    ...('baseURL' in options ? options : {}),
  })
}

describe('a server that can be read', () => {
  it('is ok when it lists its models, with or without the one in use', async () => {
    const fetch = programFetch(({ path }) => (path === '/v1/models' ? models : notFound))
    expect(await diagnose(fetch)).toEqual({
      code: 'ok',
      message: 'The server answers and lists its models.',
      models: [{ id: 'smollm2' }],
      status: 200,
    })
    expect(await diagnose(fetch, { model: 'smollm2' })).toMatchObject({ code: 'ok' })
    expect(await diagnose(fetch, { model: 'gpt-9' })).toMatchObject({
      code: 'model-unknown',
      message: 'The server does not list the model gpt-9. It has smollm2.',
    })
  })

  it('is ok when it lists no models but takes requests', async () => {
    const fetch = programFetch(({ path, method }) =>
      path === '/v1/chat/completions' && method === 'POST'
        ? { status: 400, body: '{"error":{"message":"messages missing"}}' }
        : notFound,
    )
    expect(await diagnose(fetch)).toMatchObject({ code: 'ok', status: 400 })
  })

  it('wants a key, or refuses the one it got', async () => {
    const fetch = programFetch(() => ({
      status: 401,
      body: '{"error":{"message":"Invalid API Key","code":401}}',
    }))
    expect(await diagnose(fetch)).toMatchObject({ code: 'key-missing', serverMessage: 'Invalid API Key' })
    expect(await diagnose(fetch, { apiKey: 'sk-x' })).toMatchObject({ code: 'key-refused', status: 401 })
    expect(await diagnose(fetch, { apiKey: 'sk-…' })).toMatchObject({
      code: 'key-refused',
      message: expect.stringContaining('characters') as string,
    })
  })

  it('is found under /v1, without a second /v1, or elsewhere', async () => {
    const fetch = programFetch(({ path }) => (path === '/v1/models' ? models : notFound))
    for (const baseURL of [
      'http://model.lan:8000',
      'http://model.lan:8000/v1/v1',
      'http://model.lan:8000/v1/v1/',
    ]) {
      expect(await diagnose(fetch, { baseURL })).toMatchObject({
        code: 'path-wrong',
        baseURL: 'http://model.lan:8000/v1',
      })
    }
    const rootOnly = programFetch(({ path }) => (path === '/models?api-version=1' ? models : notFound))
    expect(await diagnose(rootOnly, { baseURL: 'http://model.lan:8000/v1?api-version=1' })).toMatchObject({
      code: 'path-wrong',
      baseURL: 'http://model.lan:8000?api-version=1',
    })
    expect(await diagnose(programFetch(() => notFound))).toMatchObject({ code: 'path-wrong', status: 404 })
  })

  it('may be a web page', async () => {
    const fetch = programFetch(() => ({ body: '<!doctype html><title>Sign in</title>' }))
    expect(await diagnose(fetch)).toMatchObject({
      code: 'not-an-api',
      message: expect.stringContaining('a web page') as string,
    })
  })

  it('may still be loading its model', async () => {
    const fetch = programFetch(() => ({
      status: 503,
      body: '{"error":{"message":"Loading model","type":"unavailable_error","code":503}}',
    }))
    expect(await diagnose(fetch)).toMatchObject({ code: 'model-loading', status: 503 })
  })

  it('that has too much to do is not one that loads its model', async () => {
    const fetch = programFetch(() => ({ status: 503, body: '{"error":{"message":"Model overloaded"}}' }))
    expect(await diagnose(fetch)).toMatchObject({ code: 'server-error', status: 503 })
  })

  it('lists a model under its tag, as Ollama does', async () => {
    const fetch = programFetch(() => ({ body: '{"data":[{"id":"smollm2:latest"}]}' }))
    expect(await diagnose(fetch, { model: 'smollm2' })).toMatchObject({ code: 'ok' })
    expect(await diagnose(fetch, { model: 'smollm' })).toMatchObject({ code: 'model-unknown' })
  })

  it('lists its models to everyone and refuses the key when it is to answer, as OpenRouter does', async () => {
    const posted: string[] = []
    const fetch = programFetch(({ method, path, headers }) => {
      if (path === '/v1/models') return models
      posted.push(method + path)
      return headers.get('authorization') === 'Bearer right'
        ? { status: 400, body: '{"error":{"message":"messages"}}' }
        : { status: 401, body: '{"error":{"message":"User not found"}}' }
    })
    expect(await diagnose(fetch, { apiKey: 'wrong' })).toMatchObject({
      code: 'key-refused',
      serverMessage: 'User not found',
    })
    expect(await diagnose(fetch, { apiKey: 'right' })).toMatchObject({ code: 'ok' })
    expect(posted).toEqual(['POST/v1/chat/completions', 'POST/v1/chat/completions'])
    expect(await diagnose(fetch)).toMatchObject({ code: 'ok' })
    expect(posted).toHaveLength(2)
  })

  it('may fail by itself', async () => {
    const fetch = programFetch(() => ({ status: 500, body: 'Internal Server Error' }))
    expect(await diagnose(fetch)).toMatchObject({
      code: 'server-error',
      status: 500,
      serverMessage: 'Internal Server Error',
    })
  })
})

describe('a server that cannot be read', () => {
  it('is not there: a program is told how the connection failed', async () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:8000'), { code: 'ECONNREFUSED' })
    const fetch = (): Promise<Response> => Promise.reject(new TypeError('fetch failed', { cause }))
    expect(await diagnose(fetch)).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
  })

  it('is not there: a page finds out by asking blindly', async () => {
    expect(await diagnose(nobody, { pageURL: page })).toMatchObject({ code: 'unreachable' })
  })

  it('vLLM without --allowed-origins refuses every page', async () => {
    const fetch = pageFetch(({ method }) =>
      method === 'OPTIONS' ? { status: 400, body: 'Disallowed CORS origin' } : models,
    )
    expect(await diagnose(fetch, { pageURL: page })).toMatchObject({
      code: 'cors-refused',
      message: expect.stringContaining('http://localhost:6006') as string,
    })
    expect(await diagnose(fetch, { pageURL: page, apiKey: 'k' })).toMatchObject({ code: 'cors-refused' })
  })

  it('vLLM with --allowed-origins hides that the key is wrong', async () => {
    const allow = { origin: '*', headers: 'authorization,content-type' }
    const fetch = pageFetch(({ method, path }) => {
      if (method === 'OPTIONS' || path === '/health') return { allow }
      return { status: 401, body: '{"error":"Unauthorized"}' }
    })
    expect(await diagnose(fetch, { pageURL: page, apiKey: 'wrong' })).toMatchObject({
      code: 'cors-missing-on-errors',
      message: expect.stringContaining('Check the key') as string,
    })
    expect(await diagnose(fetch, { pageURL: page })).toMatchObject({
      code: 'cors-missing-on-errors',
      message: expect.stringContaining('Enter one') as string,
    })
  })

  it('mlx-lm allows all headers by a star, which is not Authorization; Ollama allows only its own list', async () => {
    const mlx = pageFetch(() => ({ ...models, allow: { origin: '*', headers: '*' } }))
    expect(await diagnose(mlx, { pageURL: page })).toMatchObject({ code: 'ok' })
    expect(await diagnose(mlx, { pageURL: page, apiKey: 'k' })).toMatchObject({
      code: 'cors-refuses-headers',
      message: expect.stringContaining('authorization') as string,
    })
    const ollama = pageFetch(() => ({
      ...models,
      allow: { origin: '*', headers: 'authorization,content-type' },
    }))
    expect(await diagnose(ollama, { pageURL: page, headers: { 'x-request-id': '1' } })).toMatchObject({
      code: 'cors-refuses-headers',
      message: expect.stringContaining('x-request-id') as string,
    })
  })

  it('Portkey lets pages read its answers, but answers no preflight', async () => {
    const fetch = pageFetch(({ method }) =>
      method === 'OPTIONS' ? notFound : { ...models, allow: { origin: '*' } },
    )
    expect(await diagnose(fetch, { pageURL: page })).toMatchObject({
      code: 'cors-refuses-headers',
      message: expect.stringContaining('content-type') as string,
    })
  })

  it('is http where the page is https, unless it is this machine', async () => {
    const fetch = programFetch(() => models)
    const pageURL = 'https://app.example/'
    expect(await diagnose(fetch, { pageURL })).toMatchObject({ code: 'mixed-content' })
    expect(await diagnose(fetch, { pageURL, baseURL: 'http://localhost:8080/v1' })).toMatchObject({
      code: 'ok',
    })
    expect(await diagnose(fetch, { pageURL, baseURL: 'http://localhost.evil.example/v1' })).toMatchObject({
      code: 'mixed-content',
    })
  })

  it('has an address that is none', async () => {
    expect(
      await diagnose(
        programFetch(() => models),
        { baseURL: 'localhost:8080' },
      ),
    ).toMatchObject({ code: 'address-invalid' })
  })
})

it('stops when the caller does', async () => {
  const controller = new AbortController()
  const diagnosis = diagnose(hang, { signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(diagnosis).rejects.toThrow('enough')
})

it('waits for each answer only so long', async () => {
  expect(await diagnose(hang, { timeoutMs: 1 })).toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('no answer within') as string,
  })
})
