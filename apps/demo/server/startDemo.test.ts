import { once } from 'node:events'
import { createServer } from 'node:http'

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

import { PortInUseError, startDemo, type Demo } from './startDemo.ts'
import type { EndpointStatus } from './status.ts'

// The first start fetches the model.
const startTimeout = 300_000
vi.setConfig({ testTimeout: 60_000, hookTimeout: startTimeout })

describe('a port that is taken', () => {
  test('gives way to the next free one, unless it was asked for', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address ? address.port : 0

    const demo = await startDemo({ model: false, port })
    expect(demo.port).toBeGreaterThan(port)
    expect((await fetch(demo.url)).status).toBe(200)
    await demo.close()
    await expect(startDemo({ model: false, port, strictPort: true })).rejects.toThrow(PortInUseError)
    taken.close()
  })
})

describe('a page with its model', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await startDemo({ port: 0 })
    await demo.endpoint.start()
  })
  afterAll(() => demo?.close())

  function ask(body: object): Promise<Response> {
    return fetch(`${demo.url}/candor/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'Count on and on.' }], ...body }),
    })
  }

  /** Resolves at the next change to this state. */
  function becomes(state: EndpointStatus['state']): Promise<EndpointStatus> {
    return new Promise((resolve) => {
      const unsubscribe = demo.endpoint.subscribe((status) => {
        if (status.state !== state) return
        unsubscribe()
        resolve(status)
      })
    })
  }

  test('answers on the origin of the page, without a key', async () => {
    expect(demo.endpoint.status()).toMatchObject({ state: 'ready', kind: 'embedded' })
    const response = await ask({ stream: true, max_tokens: 4 })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(await response.text()).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s)
  })

  test('the model dies in the middle of an answer: the answer is cut off, the state says so, and it starts again', async () => {
    const response = await ask({ stream: true, max_tokens: 1500 })
    const reader = response.body!.getReader()
    await reader.read()
    const failed = becomes('failed')
    const { pid } = demo.endpoint.server()!
    process.kill(pid!, 'SIGKILL')
    const drain = async (): Promise<void> => {
      while (!(await reader.read()).done);
    }
    await expect(drain()).rejects.toThrow('terminated')
    expect(await failed).toMatchObject({ code: 'died', what: expect.stringContaining('SIGKILL') })

    const ready = becomes('ready')
    expect((await fetch(`${demo.url}/candor/start`, { method: 'POST' })).status).toBe(200)
    expect(await ready).not.toMatchObject({ pid })
    expect((await ask({ max_tokens: 4 })).status).toBe(200)
  })

  test('a stopped page stops the model from writing', async () => {
    const abort = new AbortController()
    const response = await fetch(`${demo.url}/candor/v1/chat/completions`, {
      method: 'POST',
      signal: abort.signal,
      body: JSON.stringify({
        stream: true,
        max_tokens: 1500,
        messages: [{ role: 'user', content: 'Count on and on.' }],
      }),
    })
    await response.body!.getReader().read()
    const busySlots = async (): Promise<number> => {
      const { baseURL, apiKey } = demo.endpoint.server()!
      const answer = await fetch(new URL('/slots', baseURL), {
        headers: { authorization: `Bearer ${apiKey}` },
      })
      const slots: Array<{ is_processing: boolean }> = await answer.json()
      return slots.filter(({ is_processing }) => is_processing).length
    }
    expect(await busySlots()).toBe(1)
    abort.abort()
    await vi.waitFor(async () => expect(await busySlots()).toBe(0), 10_000)
  })

  test('is stopped and started by the page', async () => {
    await fetch(`${demo.url}/candor/stop`, { method: 'POST' })
    expect(demo.endpoint.status()).toEqual({ state: 'stopped', kind: 'embedded' })
    expect((await ask({})).status).toBe(503)
    const ready = becomes('ready')
    await fetch(`${demo.url}/candor/start`, { method: 'POST' })
    expect(await ready).toMatchObject({ state: 'ready' })
  })
})
