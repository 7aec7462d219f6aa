import { describe, expect, inject, it } from 'vitest'

import type { CorsServers } from '../testing/startCorsServers.ts'
import { diagnoseConnection, type ConnectionDiagnosis, type DiagnosisOptions } from './diagnoseConnection.ts'

const servers = inject('corsServers')

/** Asks a real server over the network, with the browser between. */
function diagnose(
  server: keyof CorsServers,
  { path = '/v1', ...options }: Partial<DiagnosisOptions> & { path?: string } = {},
): Promise<ConnectionDiagnosis> {
  return diagnoseConnection({ ...options, baseURL: servers[server] + path })
}

function saying(words: string): { message: string } {
  return { message: expect.stringContaining(words) as string }
}

describe('from a page, a real server', () => {
  it('that lets pages read it is ok', async () => {
    expect(await diagnose('llamaCpp')).toMatchObject({ code: 'ok', models: [{ id: 'smollm2' }] })
    expect(await diagnose('llamaCpp', { apiKey: 'any' })).toMatchObject({ code: 'ok' })
    expect(await diagnose('llamaCpp', { model: 'gpt-9' })).toMatchObject({ code: 'model-unknown' })
  })

  it('that does not run is not there', async () => {
    expect(await diagnose('nobody')).toMatchObject({ code: 'unreachable', ...saying('Nothing answers at') })
    expect(await diagnose('nobody', { apiKey: 'any' })).toMatchObject({ code: 'unreachable' })
  })

  it('is found where it is when the path lacks /v1, has it twice, or has more', async () => {
    for (const path of ['', '/v1/v1', '/v1/chat']) {
      for (const server of ['llamaCpp', 'knownPathsOnly'] as const) {
        const found = { code: 'path-wrong', baseURL: `${servers[server]}/v1` }
        expect(await diagnose(server, { path })).toMatchObject(found)
      }
    }
    expect(await diagnose('knownPathsOnly', { path: '', apiKey: 'any' })).toMatchObject({
      code: 'path-wrong',
    })
  })

  it('wants a key, or refuses the one it got', async () => {
    expect(await diagnose('llamaCppWithKey')).toMatchObject({ code: 'key-missing', status: 401 })
    expect(await diagnose('llamaCppWithKey', { apiKey: 'wrong' })).toMatchObject({ code: 'key-refused' })
    expect(await diagnose('llamaCppWithKey', { apiKey: 'right' })).toMatchObject({ code: 'ok' })
  })

  it('refuses the key though it lists its models to everyone', async () => {
    expect(await diagnose('publicModels', { apiKey: 'wrong' })).toMatchObject({
      code: 'key-refused',
      serverMessage: 'Invalid API Key',
    })
    expect(await diagnose('publicModels', { apiKey: 'right' })).toMatchObject({ code: 'ok' })
  })

  it('refuses this page', async () => {
    expect(await diagnose('vllm')).toMatchObject({ code: 'cors-refused', ...saying(location.origin) })
    expect(await diagnose('vllm', { apiKey: 'any' })).toMatchObject({ code: 'cors-refused' })
  })

  it('hides its errors from this page', async () => {
    expect(await diagnose('vllmWithOrigins')).toMatchObject({
      code: 'cors-missing-on-errors',
      ...saying('wants an API key'),
    })
    expect(await diagnose('vllmWithOrigins', { apiKey: 'wrong' })).toMatchObject({
      code: 'cors-missing-on-errors',
      ...saying('refuses the API key'),
    })
  })

  it('refuses the headers of a completion, or a header that it does not list', async () => {
    expect(await diagnose('portkey')).toMatchObject({
      code: 'cors-refuses-headers',
      ...saying('content-type'),
    })
    expect(await diagnose('ollama', { apiKey: 'any' })).toMatchObject({ code: 'ok' })
    expect(await diagnose('ollama', { headers: { 'x-request-id': '1' } })).toMatchObject({
      code: 'cors-refuses-headers',
      ...saying('x-request-id'),
    })
  })

  it('that allows all headers by a star takes a key from a browser that lets the star stand for it', async () => {
    const headers = { authorization: 'Bearer any' }
    const isLet = await fetch(`${servers.mlxLm}/v1/models`, { headers }).then(
      () => true,
      () => false,
    )
    const code = isLet ? 'ok' : 'cors-refuses-headers'
    expect(await diagnose('mlxLm', { apiKey: 'any' })).toMatchObject({ code })
    expect(await diagnose('mlxLm')).toMatchObject({ code: 'ok' })
  })

  it('over http is out of reach for a page over https, unless it is on this machine', async () => {
    const pageURL = 'https://app.example/'
    const far = await diagnoseConnection({ baseURL: 'http://model.lan:8000/v1', pageURL })
    expect(far).toMatchObject({ code: 'mixed-content', ...saying('Put the server behind https') })
    expect(await diagnose('llamaCpp', { pageURL })).toMatchObject({ code: 'ok' })
  })

  it('is a web page', async () => {
    expect(await diagnose('webPage')).toMatchObject({ code: 'not-an-api', ...saying('a web page') })
  })

  it('is still loading its model', async () => {
    expect(await diagnose('llamaCppLoading')).toMatchObject({ code: 'model-loading', status: 503 })
  })
})
