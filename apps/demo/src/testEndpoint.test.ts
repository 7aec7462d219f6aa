import { createClient, listModels } from '@candor/core'
import { describe, expect, it } from 'vitest'

import { testEndpoint, tidyBaseUrl, type EndpointFinding } from './testEndpoint.ts'

const json = (status: number, body: unknown) => () =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const html = (status: number) => () =>
  new Response('<!doctype html><title>Welcome</title>', { status, headers: { 'content-type': 'text/html' } })
/** What the demo's server says when it could not reach an address. */
const unreachable = (code: string) =>
  json(502, { error: { message: `It could not be reached (${code}).`, type: 'relay_error', code } })

/** Tests an address on a network where only these addresses answer; `null` is the demo's own server gone. */
function test(
  answers: Record<string, () => Response> | null,
  { baseUrl = 'http://h/v1', apiKey = '', model = '' } = {},
): Promise<EndpointFinding> {
  const fetch = (input: RequestInfo | URL): Promise<Response> => {
    if (answers === null) return Promise.reject(new TypeError('Failed to fetch'))
    const answer = typeof input === 'string' ? answers[input] : undefined
    return Promise.resolve((answer ?? json(404, { detail: 'Not Found' }))())
  }
  return testEndpoint({ baseUrl, apiKey, model }, async (address) =>
    (await listModels(createClient({ baseURL: address, fetch }))).map(({ id }) => id),
  )
}

describe('a typed address', () => {
  it.each([
    ['localhost:11434', 'http://localhost:11434'],
    ['127.0.0.1:8080/v1/', 'http://127.0.0.1:8080/v1'],
    ['gpu-box:8000/v1', 'http://gpu-box:8000/v1'],
    ['api.openai.com/v1', 'https://api.openai.com/v1'],
    [' https://api.openai.com/v1/chat/completions ', 'https://api.openai.com/v1'],
    ['http://localhost:8080/v1/models', 'http://localhost:8080/v1'],
    ['', ''],
  ])('%j is taken as %j', (typed, meant) => {
    expect(tidyBaseUrl(typed)).toBe(meant)
  })
})

describe('a test of an address', () => {
  it('lists the models of a server that is as it should be', async () => {
    const models = json(200, { object: 'list', data: [{ id: 'a' }, { id: 'b' }] })
    expect(await test({ 'http://h/v1/models': models })).toEqual({
      verdict: 'usable',
      sentence: 'h answers and lists 2 models.',
      models: ['a', 'b'],
    })
  })

  it('says that the model is not among those listed', async () => {
    const finding = await test({ 'http://h/v1/models': json(200, { data: [{ id: 'a' }] }) }, { model: 'b' })
    expect(finding.verdict).toBe('doubtful')
    expect(finding.sentence).toContain('not “b”')
  })

  it('says that a server without any model has none (Ollama: "data": null)', async () => {
    const finding = await test({ 'http://h/v1/models': json(200, { object: 'list', data: null }) })
    expect(finding.sentence).toContain('has no model yet')
  })

  it.each([
    ['ECONNREFUSED', 'http://localhost:11434/v1', 'Start Ollama'],
    ['ECONNREFUSED', 'http://localhost:9/v1', 'is the port right?'],
    ['ENOTFOUND', 'https://api.opena.com/v1', 'There is no api.opena.com on the network'],
    ['ETIMEDOUT', 'http://10.0.0.9/v1', 'did not answer in time'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'https://localhost:8080/v1', 'http, not https'],
    ['EHOSTUNREACH', 'http://10.0.0.9/v1', 'could not be reached (EHOSTUNREACH)'],
  ])('names what %s means for %s', async (code, baseUrl, words) => {
    const { verdict, sentence } = await test({ [`${baseUrl}/models`]: unreachable(code) }, { baseUrl })
    expect(verdict).toBe('unusable')
    expect(sentence).toContain(words)
  })

  it.each([
    ['sk-1', 'refuses this key (401): “Invalid API Key”'],
    ['', 'wants a key (401)'],
  ])('tells a wrong key from a missing one: %j', async (apiKey, words) => {
    const refusal = json(401, { error: { message: 'Invalid API Key' } })
    expect((await test({ 'http://h/v1/models': refusal }, { apiKey })).sentence).toContain(words)
  })

  it('finds the API under /v1 when the address is a web page', async () => {
    const answers = {
      'http://h/models': html(200),
      'http://h/v1/models': json(200, { data: [{ id: 'a' }] }),
    }
    expect(await test(answers, { baseUrl: 'http://h' })).toMatchObject({
      verdict: 'unusable',
      betterBaseUrl: 'http://h/v1',
      models: ['a'],
    })
  })

  it('finds the API under /v1 even where it wants a key', async () => {
    const finding = await test({ 'http://h/v1/models': json(401, {}) }, { baseUrl: 'http://h' })
    expect(finding.betterBaseUrl).toBe('http://h/v1')
  })

  it('says web page when there is no API beside it either', async () => {
    const answers = { 'http://h/models': html(200), 'http://h/v1/models': html(404) }
    expect((await test(answers, { baseUrl: 'http://h' })).sentence).toContain('a web page, not an API')
  })

  it('asks for patience while the server loads its model', async () => {
    const finding = await test({ 'http://h/v1/models': json(503, { error: { message: 'Loading model' } }) })
    expect(finding.verdict).toBe('doubtful')
    expect(finding.sentence).toContain('“Loading model”')
  })

  it('does not give up on a server that merely lists no models', async () => {
    expect((await test({})).verdict).toBe('doubtful')
  })

  it('survives an answer that is neither JSON nor a page', async () => {
    const answers = { 'http://h/v1/models': () => new Response('Internal Server Error', { status: 500 }) }
    expect((await test(answers)).sentence).toContain('(500)')
  })

  it('says that the demo itself is gone, not the endpoint', async () => {
    expect((await test(null)).sentence).toContain('The demo’s own server')
  })

  it('does not ask an address that is none', async () => {
    expect((await test(null, { baseUrl: 'ftp://h' })).sentence).toContain('is not an address')
  })
})
