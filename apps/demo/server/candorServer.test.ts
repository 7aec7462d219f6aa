import { once } from 'node:events'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { createCandorHandler } from './candorServer.ts'
import type { Endpoint } from './createEndpoint.ts'
import type { ModelServer } from './model/startModelServer.ts'
import type { EndpointStatus } from './status.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const servers: Server[] = []
async function listen(handler: Handler): Promise<string> {
  const server = createServer(handler)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

interface FakeEndpoint extends Endpoint {
  become(status: EndpointStatus, server?: Partial<ModelServer>): void
  calls: string[]
}

function fakeEndpoint(): FakeEndpoint {
  let status: EndpointStatus = { state: 'stopped', kind: 'embedded' }
  let server: ModelServer | undefined
  const listeners = new Set<(status: EndpointStatus) => void>()
  const calls: string[] = []
  return {
    calls,
    status: () => status,
    server: () => server,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start: () => Promise.resolve(void calls.push('start')),
    stop: () => Promise.resolve(void calls.push('stop')),
    close: () => Promise.resolve(),
    become(next, nextServer) {
      status = next
      const nothing = { stop: () => Promise.resolve(), exited: new Promise<never>(() => {}), pid: undefined }
      server = nextServer && {
        kind: 'embedded',
        baseURL: '',
        apiKey: 'secret',
        modelId: 'm',
        ...nothing,
        ...nextServer,
      }
      for (const listener of listeners) listener(next)
    },
  }
}

const ready: EndpointStatus = { state: 'ready', kind: 'embedded', model: 'm' }

let endpoint: FakeEndpoint
let page: string
beforeEach(async () => {
  endpoint = fakeEndpoint()
  const handle = createCandorHandler(endpoint)
  page = await listen((request, response) => handle(request, response, () => response.writeHead(418).end()))
})

/** Lets a server be the model that the page reaches. */
async function serveModel(handler: Handler): Promise<void> {
  endpoint.become(ready, { baseURL: `${await listen(handler)}/v1` })
}

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: string
}

/** As `fetch`, but with headers that fetch does not let through. */
async function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const request = httpRequest(page + path, options)
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { status: response.statusCode!, headers: response.headers, body }
}

describe('who may use it', () => {
  test.each([
    ['the page itself', { 'sec-fetch-site': 'same-origin' }],
    ['an address typed by the user', { 'sec-fetch-site': 'none' }],
    ['a program without either header', {}],
  ])('%s', async (_, headers) => {
    expect((await ask('/candor/status', { headers })).status).toBe(200)
  })

  test('an older browser, by the origin that it names', async () => {
    const headers = { origin: page }
    expect((await ask('/candor/status', { headers })).status).toBe(200)
  })

  test.each([
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    [
      'a page of another port of this machine',
      { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:3000' },
    ],
    ['another origin in an older browser', { origin: 'http://evil.test' }],
    ['a page without an origin', { origin: 'null' }],
    ['a name that points here', { host: 'evil.test', 'sec-fetch-site': 'same-origin' }],
    ['a name that looks like ours', { host: 'localhost.evil.test', 'sec-fetch-site': 'same-origin' }],
  ])('not %s', async (_, headers) => {
    for (const path of ['/candor/status', '/candor/v1/models', '/candor/relay/models']) {
      const answer = await ask(path, { headers })
      expect(answer.status).toBe(403)
      expect(JSON.parse(answer.body)).toMatchObject({
        error: { type: 'permission_error', code: 'not_this_page' },
      })
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  test('an address typed by the user can only read', async () => {
    const headers = { 'sec-fetch-site': 'none' }
    expect((await ask('/candor/stop', { method: 'POST', headers })).status).toBe(403)
    expect(endpoint.calls).toEqual([])
  })
})

describe('status', () => {
  test('is one object', async () => {
    endpoint.become(ready)
    expect(JSON.parse((await ask('/candor/status')).body)).toEqual(ready)
  })

  test('comes as events: at once, then at each change', async () => {
    const response = await fetch(`${page}/candor/status/events`)
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader.read()).value).toBe('data: {"state":"stopped","kind":"embedded"}\n\n')
    endpoint.become(ready)
    expect((await reader.read()).value).toBe(`data: ${JSON.stringify(ready)}\n\n`)
    await reader.cancel()
  })

  test('the model is started and stopped by POST alone', async () => {
    expect((await ask('/candor/start', { method: 'POST' })).status).toBe(200)
    expect((await ask('/candor/stop', { method: 'POST' })).status).toBe(200)
    expect((await ask('/candor/start')).status).toBe(405)
    expect(endpoint.calls).toEqual(['start', 'stop'])
  })

  test('what is not under /candor is passed on, what is unknown there is not', async () => {
    expect((await ask('/candors')).status).toBe(418)
    expect((await ask('/')).status).toBe(418)
    expect((await ask('/candor/constructor')).status).toBe(404)
  })
})

describe('/candor/v1', () => {
  test('adds the key, and keeps what is for this server alone', async () => {
    let seen: IncomingMessage | undefined
    await serveModel((request, response) => {
      seen = request
      response.setHeader('set-cookie', 'a=b')
      response.setHeader('x-request-id', '7')
      response.end('{}')
    })
    const headers = {
      cookie: 'session=1',
      referer: `${page}/`,
      'sec-fetch-site': 'same-origin',
      'x-own': 'kept',
    }
    const answer = await ask('/candor/v1/models?limit=1', { headers })
    expect(seen).toMatchObject({
      url: '/v1/models?limit=1',
      headers: { authorization: 'Bearer secret', 'x-own': 'kept' },
    })
    expect(seen!.headers).not.toHaveProperty('cookie')
    expect(seen!.headers).not.toHaveProperty('referer')
    expect(seen!.headers).not.toHaveProperty('sec-fetch-site')
    expect(answer.headers).toMatchObject({ 'x-request-id': '7' })
    expect(answer.headers).not.toHaveProperty('set-cookie')
  })

  test('passes each piece on as it comes', async () => {
    let model: ServerResponse | undefined
    await serveModel((_, response) => {
      model = response
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
    })
    const response = await fetch(`${page}/candor/v1/chat/completions`, { method: 'POST', body: '{}' })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader.read()).value).toBe('data: 1\n\n')
    model!.write('data: 2\n\n')
    expect((await reader.read()).value).toBe('data: 2\n\n')
    model!.end()
    expect((await reader.read()).done).toBe(true)
  })

  test('passes the request body and the error of the model on as they are', async () => {
    let body = ''
    await serveModel((request, response) => {
      request
        .on('data', (bytes) => (body += String(bytes)))
        .on('end', () => response.writeHead(400).end('{"error":1}'))
    })
    const response = await fetch(`${page}/candor/v1/chat/completions`, {
      method: 'POST',
      body: '{"messages":[]}',
    })
    expect(body).toBe('{"messages":[]}')
    expect([response.status, await response.text()]).toEqual([400, '{"error":1}'])
  })

  test('lets the model know when the page stops', async () => {
    const gone = vi.fn<() => void>()
    await serveModel((_, response) => {
      response.writeHead(200).write('data: 1\n\n')
      response.on('close', gone)
    })
    const abort = new AbortController()
    const response = await fetch(`${page}/candor/v1/x`, { signal: abort.signal })
    await response.body!.getReader().read()
    expect(gone).not.toHaveBeenCalled()
    abort.abort()
    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce())
  })

  test('lets the model know when the page stops before the first byte', async () => {
    const gone = vi.fn<() => void>()
    const asked = new Promise<void>((resolve) => {
      void serveModel((_, response) => {
        response.on('close', gone)
        resolve()
      })
    })
    await vi.waitFor(() => expect(endpoint.server()).toBeDefined())
    const abort = new AbortController()
    const response = fetch(`${page}/candor/v1/x`, { signal: abort.signal })
    await asked
    abort.abort()
    await expect(response).rejects.toThrow('aborted')
    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce())
  })

  test('breaks off when the model breaks off: half an answer never looks whole', async () => {
    await serveModel((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n', () => response.destroy())
    })
    const response = await fetch(`${page}/candor/v1/x`)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  test('says that the model is on its way, and when to come again', async () => {
    const progress = { step: 'downloading', what: 'Fetching the model', secondsLeft: 4.2 } as const
    endpoint.become({ state: 'preparing', kind: 'embedded', ...progress })
    const answer = await ask('/candor/v1/chat/completions', { method: 'POST' })
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '6' } })
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'model_not_ready' } })
  })

  test.each([
    [{ state: 'stopped', kind: 'embedded' }, 'model_stopped', /Start it again/],
    [{ state: 'none', kind: 'none' }, 'no_model', /Choose an endpoint/],
    [
      { state: 'failed', kind: 'embedded', code: 'offline', what: 'No network.', hint: 'Connect.' },
      'offline',
      /^No network\. Connect\.$/,
    ],
  ] as const)('says why there is no model: %o', async (status, code, message) => {
    endpoint.become(status)
    const answer = await ask('/candor/v1/models')
    expect(answer.status).toBe(503)
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code, message: expect.stringMatching(message) },
    })
  })

  test('says when the model cannot be reached', async () => {
    endpoint.become(ready, { baseURL: 'http://127.0.0.1:9/v1' })
    const answer = await ask('/candor/v1/models')
    expect(answer.status).toBe(502)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { type: 'relay_error', code: 'ECONNREFUSED' } })
  })
})

describe('/candor/relay', () => {
  test("reaches the typed address with the page's own key, under its path and query", async () => {
    let seen: IncomingMessage | undefined
    const typed = await listen((request, response) => {
      seen = request
      response.end('{}')
    })
    const headers = {
      'x-candor-base-url': `${typed}/openai/v1/?api-version=2`,
      authorization: 'Bearer typed',
    }
    expect((await ask('/candor/relay/models?limit=1', { headers })).status).toBe(200)
    expect(seen).toMatchObject({
      url: '/openai/v1/models?api-version=2&limit=1',
      headers: { authorization: 'Bearer typed', host: typed.replace('http://', '') },
    })
    expect(seen!.headers).not.toHaveProperty('x-candor-base-url')
  })

  test.each([
    ['', 'missing'],
    ['nonsense', 'not an http address'],
    ['file:///etc/passwd', 'not an http address'],
  ])('refuses %o', async (address, words) => {
    const headers = address ? { 'x-candor-base-url': address } : {}
    const answer = await ask('/candor/relay/models', { headers })
    expect(answer.status).toBe(400)
    expect(answer.body).toContain(words)
  })

  test('says where a redirect leads instead of following it', async () => {
    const typed = await listen((_, response) =>
      response.writeHead(301, { location: 'https://other.test/v1' }).end(),
    )
    const answer = await ask('/candor/relay/models', { headers: { 'x-candor-base-url': typed } })
    expect(answer.status).toBe(502)
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'redirected', message: expect.stringContaining('https://other.test/v1') },
    })
  })

  test.each([
    ['http://127.0.0.1:9', 'ECONNREFUSED'],
    ['http://no-such-host.invalid', /ENOTFOUND|EAI_AGAIN/],
  ])('says why %s cannot be reached', async (address, code) => {
    const answer = await ask('/candor/relay/models', { headers: { 'x-candor-base-url': address } })
    expect(answer.status).toBe(502)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: expect.stringMatching(code) } })
  })
})
