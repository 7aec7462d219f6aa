import { once } from 'node:events'
import { createServer } from 'node:http'

import { describe, expect, test } from 'vitest'

import { detectProfile } from './detectProfile.ts'

/** A server that answers `GET /models` as one did. */
function server(body: unknown, headers: { [name: string]: string } = {}, status = 200): typeof fetch {
  return async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers })
}

const list = (...data: object[]): object => ({ object: 'list', data })

// Answers as they were recorded, but for OpenAI, LM Studio and SGLang, whose owners their documentation names.
describe.each<[string, string, typeof fetch, string | null, string | null]>([
  [
    'llama.cpp, by its header, even where it wants a key',
    'http://127.0.0.1:40785/v1',
    server({ error: { message: 'Invalid API Key', code: 401 } }, { server: 'llama.cpp' }, 401),
    'llama.cpp',
    'certain',
  ],
  [
    'llama.cpp, by the owner of its models',
    'http://localhost:5000/v1',
    server(list({ id: 'smollm2', object: 'model', owned_by: 'llamacpp', meta: { n_ctx_train: 2048 } })),
    'llama.cpp',
    'certain',
  ],
  [
    'Ollama, by its library',
    'http://localhost:5000/v1',
    server(list({ id: 'smollm2:latest', object: 'model', created: 1795415388, owned_by: 'library' })),
    'ollama',
    'likely',
  ],
  [
    'llama-cpp-python, although it stands on the port of vLLM',
    'http://localhost:8000/v1',
    server(list({ id: 'smollm2', object: 'model', owned_by: 'me', permissions: [] })),
    'llama-cpp-python',
    'likely',
  ],
  [
    'vLLM',
    'http://localhost:8000/v1',
    server(list({ id: 'm', object: 'model', owned_by: 'vllm', max_model_len: 2048 })),
    'vllm',
    'certain',
  ],
  [
    'SGLang',
    'http://gpu:30000/v1',
    server(list({ id: 'm', owned_by: 'sglang', max_model_len: 2048 })),
    'sglang',
    'certain',
  ],
  [
    'LM Studio',
    'http://localhost:1234/v1',
    server(list({ id: 'm', owned_by: 'organization_owner' })),
    'lm-studio',
    'likely',
  ],
  [
    'LiteLLM in front of OpenAI',
    'https://gateway.example.org/v1',
    server(list({ id: 'gpt-4o', owned_by: 'openai' }), { 'x-litellm-version': '1.106.2' }),
    'litellm',
    'certain',
  ],
  [
    'OpenAI, by its address',
    'https://api.openai.com/v1',
    server({ error: {} }, {}, 401),
    'openai',
    'certain',
  ],
  ['Azure', 'https://contoso.openai.azure.com', server('', {}, 404), 'azure', 'certain'],
  [
    'the plain surface of Azure',
    'https://contoso.openai.azure.com/openai/v1',
    server('', {}, 404),
    'openai',
    'certain',
  ],
  [
    'a server by its port alone',
    'http://localhost:11434/v1',
    server('404 page not found', {}, 404),
    'ollama',
    'guess',
  ],
  ['nothing', 'https://llm.example.org/v1', server('<!doctype html>'), null, null],
])('%s', (_fact, baseURL, fetch, id, certainty) => {
  test('is told, with reasons', async () => {
    const detected = await detectProfile({ baseURL, fetch })
    expect(detected.profile?.id ?? null).toBe(id)
    expect(detected.certainty).toBe(certainty)
    expect(detected.reasons.length).toBeGreaterThanOrEqual(1)
    for (const reason of detected.reasons) expect(reason).toMatch(/\.$/)
  })
})

test('the models come along', async () => {
  const { models } = await detectProfile({
    baseURL: 'http://localhost:1/v1',
    fetch: server(list({ id: 'a', owned_by: 'vllm' }, { id: 'b' })),
  })
  expect(models.map(({ id }) => id)).toEqual(['a', 'b'])
})

test('a server that does not answer is told by its address', async () => {
  const detected = await detectProfile({
    baseURL: 'http://localhost:1234/v1',
    fetch: () => Promise.reject(new TypeError('fetch failed')),
  })
  expect(detected).toMatchObject({ certainty: 'guess', profile: { id: 'lm-studio' }, models: [] })
  expect(detected.reasons).toEqual([
    "Port 1234 is LM Studio's usual one.",
    'It did not answer for its list of models (fetch failed).',
  ])
})

test('a dead address says why it is dead', async () => {
  const dead = createServer().listen(0)
  await once(dead, 'listening')
  const address = dead.address()
  const port = typeof address === 'object' ? address?.port : undefined
  dead.close()
  await once(dead, 'close')
  const { profile, reasons } = await detectProfile({ baseURL: `http://127.0.0.1:${port}/v1` })
  expect(profile).toBeNull()
  expect(reasons).toEqual([expect.stringMatching(/^It did not answer .*ECONNREFUSED/)])
})

test('an abort rejects', async () => {
  const abort = new AbortController()
  const asked = detectProfile({
    baseURL: 'http://localhost:1234/v1',
    signal: abort.signal,
    fetch: async (_url, init) => {
      abort.abort(new Error('left the page'))
      init?.signal?.throwIfAborted()
      return new Response()
    },
  })
  await expect(asked).rejects.toThrow('left the page')
})

test('the key goes along', async () => {
  const seen: (string | null)[] = []
  await detectProfile({
    baseURL: 'http://localhost:1/v1',
    apiKey: 'k',
    fetch: async (_url, init) => {
      seen.push(new Headers(init?.headers).get('authorization'))
      return Response.json({ data: [] })
    },
  })
  expect(seen).toEqual(['Bearer k'])
})
