import { describe, expect, expectTypeOf, test } from 'vitest'

import type { ChatCompletionParams } from '../wire.ts'
import { buildRequest } from './buildRequest.ts'
import { checkJson } from './checkJson.ts'
import { checkRequest } from './checkRequest.ts'
import type { EndpointProfile } from './EndpointProfile.ts'
import { prefillAnswer } from './prefillAnswer.ts'
import { profileEndpoint } from './profileEndpoint.ts'
import { azure } from './profiles/azure.ts'
import { deepseek } from './profiles/deepseek.ts'
import { fireworks } from './profiles/fireworks.ts'
import { gemini } from './profiles/gemini.ts'
import { groq } from './profiles/groq.ts'
import { endpointProfiles } from './profiles/index.ts'
import { llamaCpp } from './profiles/llamaCpp.ts'
import { lmStudio } from './profiles/lmStudio.ts'
import { mistral } from './profiles/mistral.ts'
import { moonshot } from './profiles/moonshot.ts'
import { ollama } from './profiles/ollama.ts'
import { openai } from './profiles/openai.ts'
import { openrouter } from './profiles/openrouter.ts'
import { sglang } from './profiles/sglang.ts'
import { tgi } from './profiles/tgi.ts'
import { transformersServe } from './profiles/transformersServe.ts'
import { vllm } from './profiles/vllm.ts'
import { serializeRequest } from './serializeRequest.ts'

const params: ChatCompletionParams = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }

function issuesOf(more: object, profile: EndpointProfile): string[] {
  return checkRequest({ ...params, ...more }, { profile }).map(
    ({ path, code, level }) => `${path}: ${code}${level === 'warning' ? '?' : ''}`,
  )
}

describe('a profile is plain data', () => {
  test.each(endpointProfiles.map((profile) => [profile.id, profile] as const))('%s', (_id, profile) => {
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile)
    expect(issuesOf({}, profile)).toEqual([])
    for (const fact of Object.values(profile.parameters ?? {})) {
      expect(fact.reason).toMatch(/\.$/)
      expect(fact.schema !== undefined).toBe(fact.support === 'limited' || fact.support === 'wider')
      expect(() => checkJson(fact.schema ?? {}, null)).not.toThrow()
    }
  })

  test('each has an id of its own', () => {
    expect(new Set(endpointProfiles.map(({ id }) => id)).size).toBe(endpointProfiles.length)
  })

  test('that anyone can write', () => {
    const ours: EndpointProfile<{ speed?: 'fast' | 'slow' }> = {
      id: 'ours',
      name: 'Our gateway',
      baseURL: 'https://llm.example.org/v1',
      auth: { header: 'x-key', prefix: '' },
      rename: { max_completion_tokens: 'max_tokens' },
      parameters: { logit_bias: { support: 'ignored', reason: 'It has no such parameter.' } },
      extraParameters: { speed: { enum: ['fast', 'slow'] } },
      messages: { roles: { developer: 'system' } },
      prefill: { style: 'trailing' },
    }
    expect(buildRequest({ ...params, max_completion_tokens: 5, speed: 'fast' }, { profile: ours })).toEqual({
      ...params,
      max_tokens: 5,
      speed: 'fast',
      stream: false,
    })
    // @ts-expect-error -- the profile types its own parameters
    expect(() => buildRequest({ ...params, speed: 'medium' }, { profile: ours })).toThrow(/speed: "medium"/)
  })
})

describe('renames', () => {
  test('max_tokens is max_completion_tokens at OpenAI, the other way round at DeepSeek', () => {
    expect(buildRequest({ ...params, max_tokens: 5 }, { profile: openai })).toMatchObject({
      max_completion_tokens: 5,
    })
    expect(buildRequest({ ...params, max_completion_tokens: 5 }, { profile: deepseek })).toMatchObject({
      max_tokens: 5,
    })
    expect(buildRequest({ ...params, max_tokens: 5 }, { profile: deepseek })).toMatchObject({ max_tokens: 5 })
  })

  test('keep the order of the keys and leave nothing behind', () => {
    const request = buildRequest({ seed: 1, ...params, max_completion_tokens: 5 }, { profile: mistral })
    expect(Object.keys(request)).toEqual(['random_seed', 'model', 'messages', 'max_tokens', 'stream'])
  })

  test('a 64-bit seed keeps its digits under its other name', () => {
    const seed = '9223372036854775807'
    const request = buildRequest({ ...params, seed }, { profile: mistral })
    expect(serializeRequest(request)).toContain('"random_seed":9223372036854775807,')
  })

  test('both names at once are an error where they are the same parameter', () => {
    expect(issuesOf({ max_tokens: 1, max_completion_tokens: 1 }, ollama)).toContain(
      'max_completion_tokens: not-together',
    )
  })

  test('developer is system where the server does not know it; other messages are handed on', () => {
    const messages: ChatCompletionParams['messages'] = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
    ]
    const request = buildRequest({ ...params, messages }, { profile: deepseek })
    expect(request.messages[0]).toEqual({ role: 'system', content: 'Be brief.' })
    expect(request.messages[1]).toBe(messages[1])
    expect(buildRequest({ ...params, messages }, { profile: openai }).messages).toBe(messages)
  })
})

describe('what a server refuses or ignores is a warning that says why', () => {
  test.each<[EndpointProfile, object, string[]]>([
    [groq, { logprobs: true }, ['logprobs: refused?']],
    [groq, { n: 2 }, ['n: limited?']],
    [groq, { n: 1 }, []],
    [groq, { service_tier: 'on_demand' }, []],
    [groq, { service_tier: 'scale' }, ['service_tier: unknown-value']],
    [groq, { temperature: 0 }, ['temperature: limited?']],
    [groq, { top_k: 5 }, ['top_k: refused?']],
    [ollama, { n: 2 }, ['n: ignored?']],
    [ollama, { n: 1, tool_choice: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] }, []],
    [ollama, { n: null, top_k: 5 }, []],
    [ollama, { temperature: 9 }, []],
    [deepseek, { temperature: 1.5 }, ['temperature: ignored?']],
    [deepseek, { temperature: 1.5, thinking: { type: 'disabled' } }, []],
    [deepseek, { stop: Array.from({ length: 16 }, String) }, []],
    [deepseek, { stop: Array.from({ length: 17 }, String) }, ['stop: out-of-range']],
    [
      deepseek,
      { response_format: { type: 'json_schema', json_schema: { name: 'a' } } },
      ['response_format.type: limited?'],
    ],
    [openai, { user: 'u' }, ['user: deprecated?']],
    [openai, { top_k: 5 }, ['top_k: refused?']],
    [openai, { model: 'o3', temperature: 0.5 }, ['temperature: limited?']],
    [openai, { model: 'o3', stop: 'a' }, ['stop: refused?']],
    [openai, { model: 'gpt-4o', temperature: 0.5, stop: 'a' }, []],
    [openai, { model: 'gpt-4o', web_search_options: {} }, ['web_search_options: refused?']],
    [openai, { model: 'gpt-4o-search-preview', web_search_options: {} }, []],
    [mistral, { temperature: 1.6 }, ['temperature: limited?']],
    [mistral, { safe_prompt: true, logit_bias: {} }, ['logit_bias: refused?']],
    [gemini, { reasoning_effort: 'low', extra_body: { google: {} } }, ['reasoning_effort: not-together?']],
    [openrouter, { modalities: ['text', 'image'] }, []],
    [llamaCpp, { top_logprobs: 50, logprobs: true }, []],
    [llamaCpp, { max_tokens: -1 }, []],
    [
      llamaCpp,
      { tools: [{ type: 'function', function: { name: 'f' } }], logprobs: true, stream: true },
      ['tools: not-together?'],
    ],
    [llamaCpp, { tools: [{ type: 'function', function: { name: 'f' } }], logprobs: true, stream: false }, []],
    [
      llamaCpp,
      {
        tools: [{ type: 'function', function: { name: 'f' } }],
        tool_choice: { type: 'function', function: { name: 'f' } },
      },
      ['tool_choice: limited?'],
    ],
    [llamaCpp, { top_k: -5 }, ['top_k: out-of-range']],
    [llamaCpp, { top_kk: 5 }, ['top_kk: misspelt?']],
    [
      lmStudio,
      { response_format: { type: 'json_object' } },
      ['response_format.type: limited?', 'messages: json-not-mentioned?'],
    ],
    [transformersServe, { not_a_field: 1 }, ['not_a_field: refused?']],
    [fireworks, { response_format: { type: 'grammar', grammar: 'root ::= "a"' } }, []],
    [fireworks, { response_format: { type: 'grammar' } }, ['response_format.grammar: missing']],
    [llamaCpp, { response_format: { type: 'json_object', schema: {} } }, ['messages: json-not-mentioned?']],
    [vllm, { min_p: 2 }, ['min_p: out-of-range']],
    [vllm, { stop: [] }, []],
    [moonshot, { model: 'kimi-k2-thinking', temperature: 0.6 }, ['temperature: limited?']],
    [moonshot, { model: 'moonshot-v1-8k', temperature: 0.6 }, []],
    [tgi, { top_p: 1 }, ['top_p: limited?']],
    [tgi, { top_p: 0.99 }, []],
    [azure, { data_sources: [{ type: 'azure_search' }] }, []],
  ])('%o', (profile, more, issues) => {
    expect(issuesOf(more, profile)).toEqual(issues)
  })

  test('and the request goes out as the caller wrote it', () => {
    const warnings: string[] = []
    const request = buildRequest(
      { ...params, n: 2, top_k: 5 },
      {
        profile: ollama,
        onWarning: ({ path, problem, hint }) => warnings.push(`${path}: ${problem} ${hint}`),
      },
    )
    expect(request).toMatchObject({ n: 2, top_k: 5 })
    expect(warnings).toEqual(['n: Ollama ignores it without a word. It writes one choice.'])
  })

  test('the hint says where the reason comes from', () => {
    expect(checkRequest({ ...params, temperature: 0 }, { profile: groq })).toMatchObject([
      {
        problem: 'Groq does not take it: 0 is too low.',
        hint: expect.stringMatching(/It makes 0 into 1e-8\.$/),
      },
    ])
  })
})

test('the parameters of a server are typed by its profile', () => {
  buildRequest({ ...params, top_k: 5, continue_final_message: true }, { profile: vllm })
  // @ts-expect-error -- a number
  expect(() => buildRequest({ ...params, min_tokens: '1' }, { profile: vllm })).toThrow(/min_tokens/)
  // @ts-expect-error -- one of two words
  expect(() => buildRequest({ ...params, route: 'fastest' }, { profile: openrouter })).toThrow(/route/)
  expectTypeOf(vllm).toExtend<EndpointProfile<{ min_p?: number | null }>>()
})

describe('an answer that was begun is continued in the dialect of the server', () => {
  test.each<[EndpointProfile, object]>([
    [llamaCpp, { messages: [...params.messages, { role: 'assistant', content: 'Par' }] }],
    [
      vllm,
      {
        messages: [...params.messages, { role: 'assistant', content: 'Par' }],
        continue_final_message: true,
        add_generation_prompt: false,
      },
    ],
    [mistral, { messages: [...params.messages, { role: 'assistant', content: 'Par', prefix: true }] }],
    [moonshot, { messages: [...params.messages, { role: 'assistant', content: 'Par', partial: true }] }],
  ])('%o', (profile, expected) => {
    const prefilled = prefillAnswer(params, 'Par', profile)
    expect(prefilled).toEqual({ ...params, ...expected })
    expect(checkRequest(prefilled, { profile })).toEqual([])
  })

  test('and refused where the server cannot', () => {
    expect(() => prefillAnswer(params, 'Par', openai)).toThrow(/OpenAI cannot continue/)
  })

  test('an assistant message at the end without the dialect is a warning', () => {
    const messages = [...params.messages, { role: 'assistant', content: 'Par' }]
    expect(issuesOf({ messages }, openai)).toEqual(['messages[1].role: prefill-unsupported?'])
    expect(issuesOf({ messages }, vllm)).toEqual(['continue_final_message: missing?'])
    expect(issuesOf({ messages, continue_final_message: true }, vllm)).toEqual([
      'add_generation_prompt: missing?',
    ])
    expect(issuesOf({ messages, continue_final_message: true }, sglang)).toEqual([])
    expect(issuesOf({ messages }, deepseek)).toEqual(['messages[1].prefix: missing?'])
    expect(issuesOf({ messages }, llamaCpp)).toEqual([])
  })

  test('tools beside it and white space at its end are warnings', () => {
    const prefilled = prefillAnswer(params, 'Par\n', llamaCpp)
    expect(
      issuesOf({ ...prefilled, tools: [{ type: 'function', function: { name: 'f' } }] }, llamaCpp),
    ).toEqual(['tools: not-together?', 'messages[1].content: prefill-white-space?'])
  })
})

describe('where requests go', () => {
  test('is known for public servers', () => {
    expect(profileEndpoint(openai, { apiKey: 'k' })).toEqual({
      baseURL: 'https://api.openai.com/v1',
      apiKey: 'k',
    })
  })

  test('is the deployment at Azure, with its version and its own header for the key', async () => {
    const endpoint = profileEndpoint(azure, {
      baseURL: 'https://contoso.openai.azure.com/',
      model: 'my gpt',
      apiKey: () => 'k',
    })
    expect(endpoint.baseURL).toBe(
      'https://contoso.openai.azure.com/openai/deployments/my%20gpt?api-version=2024-10-21',
    )
    expect(endpoint).not.toHaveProperty('apiKey')
    expect(typeof endpoint.headers === 'function' ? await endpoint.headers() : endpoint.headers).toEqual({
      'api-key': 'k',
    })
  })

  test('can have another version of Azure in its address', () => {
    const baseURL = 'https://contoso.openai.azure.com?api-version=2025-01-01'
    expect(profileEndpoint(azure, { baseURL, model: 'm' }).baseURL).toMatch(/\?api-version=2025-01-01$/)
  })

  test.each([
    'https://contoso.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01',
    'https://contoso.openai.azure.com/openai/deployments/gpt-4o/?api-version=2025-01-01',
    'https://contoso.openai.azure.com///?api-version=2025-01-01',
  ])('is taken from an address as the portal shows it: %s', (baseURL) => {
    expect(profileEndpoint(azure, { baseURL, model: 'gpt-4o' }).baseURL).toBe(
      'https://contoso.openai.azure.com/openai/deployments/gpt-4o?api-version=2025-01-01',
    )
  })

  test('is another address for a continued answer at DeepSeek', () => {
    expect(profileEndpoint(deepseek, { prefill: true }).baseURL).toBe('https://api.deepseek.com/beta')
    expect(profileEndpoint(deepseek).baseURL).toBe('https://api.deepseek.com')
  })

  test('must be told where it depends on the account', () => {
    expect(() => profileEndpoint(azure, { model: 'm' })).toThrow(/baseURL/)
    expect(() => profileEndpoint(azure, { baseURL: 'https://a' })).toThrow(/model/)
  })
})
