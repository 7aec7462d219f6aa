import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, describe, expect, test, vi } from 'vitest'

import { createEndpoint } from './createEndpoint.ts'
import { makeFakePython } from './model/fakePython.ts'
import type { EndpointStatus } from './status.ts'

vi.setConfig({ testTimeout: 30_000 })

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server that answers every request so. */
async function serve(status: number, body: string): Promise<{ baseURL: string; keys: unknown[] }> {
  const keys: unknown[] = []
  const server = createServer((request, response) => {
    keys.push(request.headers.authorization)
    response.writeHead(status).end(body)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, keys }
}

const list = JSON.stringify({ data: [{ id: 'first' }, { id: 'second' }] })

describe('an endpoint of the environment', () => {
  test('is ready with the first model that it lists', async () => {
    const { baseURL, keys } = await serve(200, list)
    const endpoint = createEndpoint({ env: { CANDOR_BASE_URL: baseURL, CANDOR_API_KEY: 'k' } })
    await endpoint.start()
    expect(endpoint.status()).toEqual({ state: 'ready', kind: 'env', model: 'first', baseUrl: baseURL })
    expect(endpoint.server()).toMatchObject({ baseURL, apiKey: 'k', modelId: 'first' })
    expect(keys).toEqual(['Bearer k'])
  })

  test('is ready with the model that CANDOR_MODEL_NAME says, listed or not', async () => {
    const { baseURL } = await serve(404, '{"error":{"message":"no list here"}}')
    const endpoint = createEndpoint({ env: { CANDOR_BASE_URL: baseURL, CANDOR_MODEL_NAME: 'mine' } })
    await endpoint.start()
    expect(endpoint.status()).toMatchObject({ state: 'ready', model: 'mine' })
  })

  test('warns of a CANDOR_MODEL_NAME that it does not list', async () => {
    const { baseURL } = await serve(200, list)
    const endpoint = createEndpoint({ env: { CANDOR_BASE_URL: baseURL, CANDOR_MODEL_NAME: 'secnod' } })
    await endpoint.start()
    expect(endpoint.status()).toMatchObject({
      state: 'ready',
      model: 'secnod',
      warning: expect.stringMatching(/secnod.*first, second/),
    })
  })

  test.each([
    [401, '{}', /asks for a key \(401\).*CANDOR_API_KEY is not set/],
    [200, '<!doctype html>', /a web page.*end in \/v1/],
    [404, '{}', /has nothing there \(404\).*end in \/v1/],
    [200, '{"data":null}', /lists no model/],
    [500, '{}', /answered 500.*CANDOR_MODEL_NAME/],
  ])('that answers %i %s says what to do', async (status, body, words) => {
    const { baseURL } = await serve(status, body)
    const endpoint = createEndpoint({ env: { CANDOR_BASE_URL: baseURL } })
    await endpoint.start()
    const failed = endpoint.status() as Extract<EndpointStatus, { state: 'failed' }>
    expect(failed.state).toBe('failed')
    expect(`${failed.what} ${failed.hint}`).toMatch(words)
  })

  test('that does not answer can be tried again', async () => {
    const { baseURL } = await serve(200, list)
    await new Promise((resolve) => servers.pop()!.close(resolve))
    const endpoint = createEndpoint({ env: { CANDOR_BASE_URL: baseURL } })
    await endpoint.start()
    expect(endpoint.status()).toMatchObject({
      state: 'failed',
      what: expect.stringContaining('ECONNREFUSED'),
    })
    const states: string[] = []
    endpoint.subscribe(({ state }) => states.push(state))
    await endpoint.start()
    expect(states).toEqual(['preparing', 'failed'])
  })
})

test('without Python the state says three ways on, and nothing is thrown', async () => {
  const { cacheDir, remove } = await makeFakePython()
  const endpoint = createEndpoint({ env: { CANDOR_PYTHON: '/nowhere/python' }, cacheDir })
  await endpoint.start()
  expect(endpoint.status()).toMatchObject({
    state: 'failed',
    code: 'python-missing',
    hint: expect.stringMatching(/CANDOR_BASE_URL.*CANDOR_LLAMA_SERVER/),
  })
  await remove()
})

test('a setting that cannot be meant becomes a state too', async () => {
  const endpoint = createEndpoint({ env: { CANDOR_BASE_URL: 'nonsense' } })
  await endpoint.start()
  expect(endpoint.status()).toMatchObject({ state: 'failed', code: 'setting-invalid' })
})

test('without a model there is nothing to start', async () => {
  const endpoint = createEndpoint({ model: false })
  await endpoint.start()
  expect(endpoint.status()).toEqual({ state: 'none', kind: 'none' })
})

test('a start can be stopped, and then begun again', async () => {
  const python = await makeFakePython({ install: 'hang' })
  const endpoint = createEndpoint({ env: python.env, cacheDir: python.cacheDir })
  const started = endpoint.start()
  await vi.waitFor(
    () => expect(endpoint.status()).toMatchObject({ state: 'preparing', step: 'downloading' }),
    10_000,
  )
  await endpoint.stop()
  await started
  expect(endpoint.status()).toEqual({ state: 'stopped', kind: 'embedded' })
  await python.change({ install: 'offline' })
  await endpoint.start()
  expect(endpoint.status()).toMatchObject({ state: 'failed', code: 'offline' })
  await python.remove()
})

test('a start that is asked for twice happens once', async () => {
  const python = await makeFakePython({ install: 'other-file' })
  const endpoint = createEndpoint({ env: python.env, cacheDir: python.cacheDir })
  await Promise.all([endpoint.start(), endpoint.start()])
  expect(await python.pipRuns()).toHaveLength(1)
  await python.remove()
})
