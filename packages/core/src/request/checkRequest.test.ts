import { describe, expect, test } from 'vitest'

import type { ChatCompletionParams } from '../wire.ts'
import { checkRequest } from './checkRequest.ts'
import type { EndpointProfile } from './EndpointProfile.ts'
import { PARAMETERS } from './parameters.ts'
import { openai } from './profiles/openai.ts'

const tool = { type: 'function', function: { name: 'get_weather' } }
const valid = { model: 'm', messages: [{ role: 'user', content: 'Answer as JSON.' }] }

/** What may stand beside a parameter so that it is judged alone. */
const COMPANY: { [name: string]: object } = {
  top_logprobs: { logprobs: true },
  stream_options: { stream: true },
  tool_choice: { tools: [tool] },
  parallel_tool_calls: { tools: [tool] },
  audio: { modalities: ['text', 'audio'] },
  metadata: { store: true },
}

function companyOf(name: string, value: unknown): object {
  const isSpoken = name === 'modalities' && Array.isArray(value) && value.includes('audio')
  return isSpoken ? { audio: { format: 'wav', voice: 'alloy' } } : { ...COMPANY[name] }
}

/** `path: code` of every issue; warnings carry a question mark. */
function issuesOf(params: object, profile?: EndpointProfile): string[] {
  // Requests come from JavaScript too, so the check must take anything.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const issues = checkRequest(params as ChatCompletionParams, profile ? { profile } : {})
  return issues.map(({ path, code, level }) => `${path}: ${code}${level === 'warning' ? '?' : ''}`)
}

function words(count: number, length = 1): string[] {
  return Array.from({ length: count }, (_, index) => String(index).padStart(length, 'x'))
}

function record(count: number, keyLength: number, valueLength: number): { [key: string]: string } {
  return Object.fromEntries(words(count, keyLength).map((key) => [key, 'v'.repeat(valueLength)]))
}

function nested(depth: number): unknown {
  return depth === 0 ? 0 : { in: nested(depth - 1) }
}

interface Row {
  accepted: unknown[]
  refused: [value: unknown, ...issues: string[]][]
  advised?: [value: unknown, ...issues: string[]][]
}

const number = (name: string, low: number, high: number): Row => ({
  accepted: [null, low, high, (low + high) / 2],
  refused: [
    [low - 0.01, `${name}: out-of-range`],
    [high + 0.01, `${name}: out-of-range`],
    ['1', `${name}: wrong-type`],
    [true, `${name}: wrong-type`],
    [Number.NaN, `${name}: not-json`],
  ],
})

const tokenLimit = (name: string): Row => ({
  accepted: [null, 1, 1_000_000],
  refused: [
    [1.5, `${name}: wrong-type`],
    ['1', `${name}: wrong-type`],
  ],
  advised: [
    [0, `${name}: unusual?`],
    [-1, `${name}: unusual?`],
  ],
})

const boolean = (name: string): Row => ({
  accepted: [null, true, false],
  refused: [
    [0, `${name}: wrong-type`],
    ['true', `${name}: wrong-type`],
  ],
})

/** Every row of the table of parameters, on both sides of its limits. */
const ROWS: { [Name in keyof typeof PARAMETERS]: Row } = {
  messages: {
    accepted: [valid.messages],
    refused: [
      [[], 'messages: out-of-range'],
      ['Hello', 'messages: wrong-type'],
      [null, 'messages: wrong-type'],
    ],
  },
  model: {
    accepted: ['gpt-4o', 'a/b:c'],
    refused: [
      ['', 'model: out-of-range'],
      [null, 'model: wrong-type'],
    ],
  },
  frequency_penalty: number('frequency_penalty', -2, 2),
  presence_penalty: number('presence_penalty', -2, 2),
  temperature: number('temperature', 0, 2),
  top_p: number('top_p', 0, 1),
  logit_bias: {
    accepted: [null, {}, { 0: -100, 50256: 100 }],
    refused: [
      [{ 1: 101 }, 'logit_bias["1"]: out-of-range'],
      [{ 1: -101 }, 'logit_bias["1"]: out-of-range'],
      [{ 1: '5' }, 'logit_bias["1"]: wrong-type'],
      [{ London: -100 }, 'logit_bias.London: wrong-key'],
      [[[1, 2]], 'logit_bias: wrong-type'],
    ],
    advised: [[{ 1: 0.5 }, 'logit_bias["1"]: unusual?']],
  },
  logprobs: boolean('logprobs'),
  top_logprobs: {
    accepted: [null, 0, 20],
    refused: [
      [-1, 'top_logprobs: out-of-range'],
      [21, 'top_logprobs: out-of-range'],
      [2.5, 'top_logprobs: wrong-type'],
    ],
  },
  max_tokens: tokenLimit('max_tokens'),
  max_completion_tokens: tokenLimit('max_completion_tokens'),
  n: {
    accepted: [null, 1, 128],
    refused: [
      [0, 'n: out-of-range'],
      [129, 'n: out-of-range'],
      [1.5, 'n: wrong-type'],
    ],
  },
  response_format: {
    accepted: [
      { type: 'text' },
      { type: 'json_object' },
      { type: 'json_object', schema: { type: 'object' } },
      { type: 'json_schema', json_schema: { name: 'a'.repeat(64) } },
      { type: 'json_schema', json_schema: { name: 'A_b-9', description: '', schema: {}, strict: null } },
    ],
    refused: [
      [{ type: 'xml' }, 'response_format.type: unknown-value'],
      [{}, 'response_format.type: missing'],
      ['json_object', 'response_format: wrong-form'],
      [null, 'response_format: wrong-form'],
      [{ type: 'json_schema' }, 'response_format.json_schema: missing'],
      [{ type: 'json_schema', json_schema: {} }, 'response_format.json_schema.name: missing'],
      [
        { type: 'json_schema', json_schema: { name: 'a'.repeat(65) } },
        'response_format.json_schema.name: wrong-form',
      ],
      [{ type: 'json_schema', json_schema: { name: 'a b' } }, 'response_format.json_schema.name: wrong-form'],
      [{ type: 'json_schema', json_schema: { name: '' } }, 'response_format.json_schema.name: wrong-form'],
      [
        { type: 'json_schema', json_schema: { name: 'a', schema: [] } },
        'response_format.json_schema.schema: wrong-type',
      ],
      [
        { type: 'json_schema', json_schema: { name: 'a', strict: 1 } },
        'response_format.json_schema.strict: wrong-type',
      ],
    ],
  },
  seed: {
    accepted: [
      null,
      0,
      -1,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
      2n ** 63n - 1n,
      -(2n ** 63n),
      '9223372036854775807',
      '-9223372036854775808',
    ],
    refused: [
      [Number.MAX_SAFE_INTEGER + 1, 'seed: inexact'],
      [1.5, 'seed: wrong-type'],
      [2n ** 63n, 'seed: out-of-range'],
      [-(2n ** 63n) - 1n, 'seed: out-of-range'],
      ['9223372036854775808', 'seed: out-of-range'],
      ['1e3', 'seed: wrong-type'],
      ['', 'seed: wrong-type'],
      [true, 'seed: wrong-type'],
    ],
  },
  service_tier: {
    accepted: [null, 'auto', 'default', 'flex', 'scale', 'priority', 'fast'],
    refused: [[1, 'service_tier: wrong-type']],
    advised: [['on_demand', 'service_tier: unusual?']],
  },
  stop: {
    accepted: [null, '', 'END', ['a'], words(4)],
    refused: [
      [[], 'stop: out-of-range'],
      [words(5), 'stop: out-of-range'],
      [['a', 1], 'stop[1]: wrong-type'],
      [1, 'stop: wrong-form'],
    ],
  },
  store: boolean('store'),
  stream: boolean('stream'),
  stream_options: {
    accepted: [
      null,
      {},
      { include_usage: true, include_obfuscation: false },
      { continuous_usage_stats: true },
    ],
    refused: [
      [true, 'stream_options: wrong-type'],
      [{ include_usage: 'yes' }, 'stream_options.include_usage: wrong-type'],
      [{ include_obfuscation: null }, 'stream_options.include_obfuscation: wrong-type'],
    ],
  },
  tools: {
    accepted: [[tool]],
    refused: [
      [[], 'tools: out-of-range'],
      [{}, 'tools: wrong-type'],
      [null, 'tools: wrong-type'],
      [['get_weather'], 'tools[0]: wrong-type'],
    ],
  },
  tool_choice: {
    accepted: [
      'none',
      'auto',
      'required',
      tool,
      { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [tool] } },
      { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [tool] } },
    ],
    refused: [
      ['any', 'tool_choice: unknown-value'],
      [null, 'tool_choice: wrong-form'],
      [{ function: { name: 'get_weather' } }, 'tool_choice.type: missing'],
      [{ type: 'function' }, 'tool_choice.function: missing'],
      [{ type: 'function', function: {} }, 'tool_choice.function.name: missing'],
      [{ type: 'allowed_tools', allowed_tools: { tools: [] } }, 'tool_choice.allowed_tools.mode: missing'],
      [
        { type: 'allowed_tools', allowed_tools: { mode: 'none', tools: [] } },
        'tool_choice.allowed_tools.mode: unknown-value',
      ],
      [
        { type: 'allowed_tools', allowed_tools: { mode: 'auto' } },
        'tool_choice.allowed_tools.tools: missing',
      ],
    ],
  },
  parallel_tool_calls: {
    accepted: [true, false],
    refused: [
      [null, 'parallel_tool_calls: wrong-type'],
      [1, 'parallel_tool_calls: wrong-type'],
    ],
  },
  user: {
    accepted: ['u', ''],
    refused: [
      [null, 'user: wrong-type'],
      [7, 'user: wrong-type'],
    ],
  },
  audio: {
    accepted: [
      { format: 'wav', voice: 'alloy' },
      ...['aac', 'mp3', 'flac', 'opus', 'pcm16'].map((format) => ({ format, voice: { id: 'v1' } })),
    ],
    refused: [
      [{ voice: 'alloy' }, 'audio.format: missing'],
      [{ format: 'wav' }, 'audio.voice: missing'],
      [{ format: 'wav', voice: {} }, 'audio.voice.id: missing'],
      [{ format: 'wav', voice: 3 }, 'audio.voice: wrong-form'],
      ['wav', 'audio: wrong-type'],
    ],
    advised: [[{ format: 'ogg', voice: 'alloy' }, 'audio.format: unusual?']],
  },
  modalities: {
    accepted: [null, ['text'], ['text', 'audio'], ['audio']],
    refused: [
      [['image'], 'modalities[0]: unknown-value'],
      ['text', 'modalities: wrong-type'],
    ],
  },
  metadata: {
    accepted: [null, {}, record(16, 64, 512)],
    refused: [
      [record(17, 2, 1), 'metadata: out-of-range'],
      [record(1, 65, 1), `metadata.${'x'.repeat(64)}0: wrong-key`],
      [record(1, 1, 513), 'metadata["0"]: out-of-range'],
      [{ a: 1 }, 'metadata.a: wrong-type'],
    ],
  },
  moderation: {
    accepted: [
      null,
      { model: 'omni' },
      { model: 'omni', policy: null },
      { model: 'omni', policy: { input: { mode: 'score' }, output: { mode: 'block' } } },
      { model: 'omni', policy: { input: null } },
    ],
    refused: [
      [{}, 'moderation.model: missing'],
      [{ model: 'omni', policy: { input: { mode: 'warn' } } }, 'moderation.policy.input.mode: unknown-value'],
      [{ model: 'omni', policy: { output: {} } }, 'moderation.policy.output.mode: missing'],
    ],
  },
  prediction: {
    accepted: [
      null,
      { type: 'content', content: 'text' },
      { type: 'content', content: [{ type: 'text', text: 'a' }] },
    ],
    refused: [
      [{ content: 'text' }, 'prediction.type: missing'],
      [{ type: 'content' }, 'prediction.content: missing'],
      [{ type: 'words', content: '' }, 'prediction.type: unknown-value'],
      [{ type: 'content', content: [{ type: 'text' }] }, 'prediction.content[0].text: missing'],
    ],
  },
  prompt_cache_key: { accepted: [null, 'k'], refused: [[1, 'prompt_cache_key: wrong-type']] },
  prompt_cache_options: {
    accepted: [{}, { mode: 'implicit' }, { mode: 'explicit', ttl: '30m' }],
    refused: [
      [{ mode: 'auto' }, 'prompt_cache_options.mode: unknown-value'],
      [{ ttl: '24h' }, 'prompt_cache_options.ttl: unknown-value'],
      [null, 'prompt_cache_options: wrong-type'],
    ],
  },
  prompt_cache_retention: {
    accepted: [null, 'in_memory', '24h'],
    refused: [['1h', 'prompt_cache_retention: unknown-value']],
  },
  reasoning_effort: {
    accepted: [null, 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
    refused: [[2, 'reasoning_effort: wrong-type']],
    advised: [['hihg', 'reasoning_effort: unusual?']],
  },
  safety_identifier: {
    accepted: [null, 'x'.repeat(128)],
    refused: [[1, 'safety_identifier: wrong-type']],
    advised: [['x'.repeat(129), 'safety_identifier: unusual?']],
  },
  verbosity: {
    accepted: [null, 'low', 'medium', 'high'],
    refused: [[1, 'verbosity: wrong-type']],
    advised: [['loud', 'verbosity: unusual?']],
  },
  web_search_options: {
    accepted: [
      {},
      { search_context_size: 'high', user_location: null },
      { user_location: { type: 'approximate', approximate: { city: 'Oslo', country: 'NO' } } },
    ],
    refused: [
      [{ search_context_size: 'huge' }, 'web_search_options.search_context_size: unknown-value'],
      [{ user_location: { type: 'approximate' } }, 'web_search_options.user_location.approximate: missing'],
      [
        { user_location: { type: 'exact', approximate: {} } },
        'web_search_options.user_location.type: unknown-value',
      ],
      [
        { user_location: { type: 'approximate', approximate: { city: 1 } } },
        'web_search_options.user_location.approximate.city: wrong-type',
      ],
    ],
  },
}

describe.each(Object.entries(ROWS))('%s', (name, row) => {
  test.each(row.accepted.map((value) => [value]))('takes %o', (value) => {
    expect(issuesOf({ ...valid, ...companyOf(name, value), [name]: value })).toEqual([])
  })
  test.each(row.refused)('refuses %o', (value, ...issues) => {
    expect(issuesOf({ ...valid, ...companyOf(name, value), [name]: value })).toEqual(issues)
  })
  test.each(row.advised ?? [])('advises against %o', (value, ...issues) => {
    expect(issuesOf({ ...valid, ...companyOf(name, value), [name]: value })).toEqual(issues)
  })
})

describe('parameters that bind one another', () => {
  const audio = { format: 'wav', voice: 'alloy' }
  const BROKEN: { [fact: string]: [object, string] } = {
    'top_logprobs without logprobs': [{ top_logprobs: 1 }, 'top_logprobs: needs-other'],
    'top_logprobs beside logprobs: false': [
      { top_logprobs: 0, logprobs: false },
      'top_logprobs: needs-other',
    ],
    'stream_options without stream': [{ stream_options: {} }, 'stream_options: needs-other'],
    'stream_options beside stream: false': [
      { stream_options: { include_usage: true }, stream: false },
      'stream_options: needs-other',
    ],
    'tool_choice without tools': [{ tool_choice: 'none' }, 'tool_choice: needs-other'],
    'parallel_tool_calls without tools': [{ parallel_tool_calls: false }, 'parallel_tool_calls: needs-other'],
    'spoken answers without a voice': [{ modalities: ['text', 'audio'] }, 'audio: needs-other'],
    'a voice for answers that are not spoken': [{ audio }, 'audio: needs-other?'],
    'max_tokens beside max_completion_tokens': [
      { max_tokens: 1, max_completion_tokens: 1 },
      'max_tokens: not-together?',
    ],
    'temperature beside top_p': [{ temperature: 1, top_p: 1 }, 'temperature: not-together?'],
    'metadata of a completion that is not stored': [{ metadata: { a: 'b' } }, 'metadata: needs-other?'],
    'JSON mode without the word': [
      { response_format: { type: 'json_object' }, messages: [{ role: 'user', content: 'Hello' }] },
      'messages: json-not-mentioned',
    ],
    'a fifth breakpoint of the cache': [
      { messages: [{ role: 'user', content: words(5).map(breakpoint) }] },
      'prompt_cache_options: unusual?',
    ],
    'a stored picture of more than 8 MB': [
      { store: true, messages: [{ role: 'user', content: [pictureOf(8 * 1024 * 1024 + 3)] }] },
      'store: unusual?',
    ],
    'a named tool that does not exist': [
      { tools: [tool], tool_choice: { type: 'function', function: { name: 'nope' } } },
      'tool_choice.function.name: tool-unknown',
    ],
    'a named tool of another kind': [
      { tools: [tool], tool_choice: { type: 'custom', custom: { name: 'get_weather' } } },
      'tool_choice.custom.name: tool-unknown',
    ],
    'an allowed tool that does not exist': [
      {
        tools: [tool],
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: { mode: 'auto', tools: [tool, { type: 'function', function: { name: 'nope' } }] },
        },
      },
      'tool_choice.allowed_tools.tools[1].function.name: tool-unknown',
    ],
  }
  test.each(Object.entries(BROKEN))('%s', (_fact, [params, issue]) => {
    expect(issuesOf({ ...valid, ...params })).toEqual([issue])
  })

  test.each<[string, object]>([
    ['top_logprobs that is null', { top_logprobs: null }],
    ['stream_options that is null', { stream_options: null }],
    ['one of temperature and top_p', { temperature: 0.5, top_p: null }],
    ['JSON mode with the word in any case', { response_format: { type: 'json_object' } }],
    [
      'JSON mode with the word in a content part',
      {
        response_format: { type: 'json_object' },
        messages: [
          { role: 'system', content: [{ type: 'text', text: 'write Json' }] },
          { role: 'user', content: 'x' },
        ],
      },
    ],
    [
      'a stored picture of 8 MB',
      { store: true, messages: [{ role: 'user', content: [pictureOf(8_000_000)] }] },
    ],
    ['four breakpoints of the cache', { messages: [{ role: 'user', content: words(4).map(breakpoint) }] }],
  ])('%s is fine', (_fact, params) => {
    expect(issuesOf({ ...valid, ...params })).toEqual([])
  })

  test('the word JSON in the bytes of a picture does not count', () => {
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,JSON' } }
    const params = { model: 'm', messages: [{ role: 'user', content: [picture] }] }
    expect(issuesOf({ ...params, response_format: { type: 'json_object' } })).toEqual([
      'messages: json-not-mentioned',
    ])
  })
})

function pictureOf(bytes: number): object {
  return {
    type: 'image_url',
    image_url: { url: `data:image/png;base64,${'A'.repeat(Math.ceil(bytes / 3) * 4)}` },
  }
}

function breakpoint(text: string): object {
  return { type: 'text', text, prompt_cache_breakpoint: { mode: 'explicit', ttl: '12h' } }
}

function named(name: string, more: object = {}): object {
  return { type: 'function', function: { name, ...more } }
}

function custom(more: object): object {
  return { type: 'custom', custom: { name: 'patch', ...more } }
}

describe('tools', () => {
  const grammar = { definition: 'start: "a"', syntax: 'lark' }

  test.each<[string, object]>([
    ['a function with nothing but a name', named('a')],
    ['a name of 64 characters', named('a'.repeat(64))],
    [
      'everything',
      named('a_B-9', { description: 'x'.repeat(1024), parameters: { type: 'object' }, strict: null }),
    ],
    ['a custom tool', custom({})],
    ['a custom tool of text', custom({ description: 'Apply', format: { type: 'text' } })],
    ['a custom tool with a grammar', custom({ format: { type: 'grammar', grammar } })],
    ['a kind that only one server knows', { type: 'web_search' }],
  ])('%s is fine', (_fact, given) => {
    expect(issuesOf({ ...valid, tools: [given] })).toEqual([])
  })

  test.each<[string, object, string]>([
    ['no type', { function: { name: 'a' } }, 'tools[0].type: missing'],
    ['a type that is no text', { type: 1 }, 'tools[0].type: wrong-type'],
    ['no function', { type: 'function' }, 'tools[0].function: missing'],
    ['no name', { type: 'function', function: {} }, 'tools[0].function.name: missing'],
    ['an empty name', named(''), 'tools[0].function.name: wrong-form'],
    ['a name of 65 characters', named('a'.repeat(65)), 'tools[0].function.name: wrong-form'],
    ['a name with a dot', named('a.b'), 'tools[0].function.name: wrong-form'],
    [
      'a description of 1025 characters',
      named('a', { description: 'x'.repeat(1025) }),
      'tools[0].function.description: unusual?',
    ],
    [
      'parameters that are no schema',
      named('a', { parameters: [] }),
      'tools[0].function.parameters: wrong-type',
    ],
    ['strict that is no boolean', named('a', { strict: 'yes' }), 'tools[0].function.strict: wrong-type'],
    ['a custom tool without a name', { type: 'custom', custom: {} }, 'tools[0].custom.name: missing'],
    [
      'a format of another kind',
      custom({ format: { type: 'json' } }),
      'tools[0].custom.format.type: unknown-value',
    ],
    [
      'a grammar without syntax',
      custom({ format: { type: 'grammar', grammar: { definition: '' } } }),
      'tools[0].custom.format.grammar.syntax: missing',
    ],
    [
      'a grammar of another syntax',
      custom({ format: { type: 'grammar', grammar: { ...grammar, syntax: 'ebnf' } } }),
      'tools[0].custom.format.grammar.syntax: unknown-value',
    ],
  ])('%s is reported', (_fact, given, issue) => {
    expect(issuesOf({ ...valid, tools: [given] })).toEqual([issue])
  })

  test('two tools of one name are reported at the second', () => {
    expect(issuesOf({ ...valid, tools: [tool, tool] })).toEqual(['tools[1].function.name: tool-name-twice'])
  })

  test('128 tools are fine, 129 are many', () => {
    const many = words(129).map((word) => named(`tool_${word}`))
    expect(issuesOf({ ...valid, tools: many.slice(1) })).toEqual([])
    expect(issuesOf({ ...valid, tools: many })).toEqual(['tools: unusual?'])
  })

  test('a strict schema is checked: an error where the server is OpenAI, a warning elsewhere', () => {
    const open = { type: 'object', properties: {} }
    const path = 'tools[0].function.parameters.additionalProperties: strict-additional-properties'
    expect(issuesOf({ ...valid, tools: [named('a', { parameters: open, strict: true })] })).toEqual([
      `${path}?`,
    ])
    expect(issuesOf({ ...valid, tools: [named('a', { parameters: open, strict: true })] }, openai)).toEqual([
      path,
    ])
    expect(issuesOf({ ...valid, tools: [named('a', { parameters: open, strict: false })] }, openai)).toEqual(
      [],
    )
  })

  test('a strict answer is checked the same', () => {
    const response_format = {
      type: 'json_schema',
      json_schema: { name: 'a', strict: true, schema: { type: 'array' } },
    }
    expect(issuesOf({ ...valid, response_format }, openai)).toEqual([
      'response_format.json_schema.schema.type: strict-root',
      'response_format.json_schema.schema.items: strict-items',
    ])
  })
})

describe('keys', () => {
  test('that nobody knows pass', () => {
    expect(issuesOf({ ...valid, min_p: 0.1, chat_template_kwargs: { enable_thinking: false } })).toEqual([])
  })

  test.each([
    ['temprature', 'temperature'],
    ['maxTokens', 'max_tokens'],
    ['top_logprob', 'top_logprobs'],
    ['seeed', 'seed'],
    ['tool-choice', 'tool_choice'],
  ])('that look misspelt are pointed out: %s', (name, meant) => {
    const [issue] = checkRequest({ model: 'm', messages: [{ role: 'user', content: 'x' }], [name]: 1 })
    expect(issue).toMatchObject({
      path: name,
      code: 'misspelt',
      level: 'warning',
      hint: `Did you mean \`${meant}\`?`,
    })
  })

  test.each(['top_k', 'min_p', 'top_a', 'n2', 'reasoning'])('that are merely near are not: %s', (name) => {
    expect(issuesOf({ ...valid, [name]: 1 })).toEqual([])
  })

  test('that are undefined count as absent', () => {
    expect(issuesOf({ ...valid, temperature: undefined, functions: undefined })).toEqual([])
  })

  test('of the old function calling are refused', () => {
    expect(issuesOf({ ...valid, functions: [], function_call: 'auto' })).toEqual([
      'functions: deprecated',
      'function_call: deprecated',
    ])
  })
})

describe('what JSON cannot say is reported rather than dropped', () => {
  const circular: { [key: string]: unknown } = {}
  circular.self = circular
  const textlike: object = Object.create(Object.create(null, { toJSON: { value: () => 'text' } }))
  test.each<[string, unknown, string]>([
    ['a function', () => 0, 'extra: not-json'],
    ['a symbol', Symbol('s'), 'extra: not-json'],
    ['Infinity', Infinity, 'extra: not-json'],
    ['a date', new Date(0), 'extra: not-json'],
    ['a map', new Map(), 'extra: not-json'],
    ['a bigint within', { id: 1n }, 'extra.id: not-json'],
    ['undefined in a list', [undefined], 'extra[0]: not-json'],
    ['a function within', { a: [{ b: () => 0 }] }, 'extra.a[0].b: not-json'],
    ['a hole in a list', Object.assign([], { 1: 'b' }), 'extra[0]: not-json'],
    ['an object that contains itself', circular, 'extra.self: not-json'],
    ['an object that is nested 300 deep', nested(300), `extra${'.in'.repeat(201)}: not-json`],
    ['an object without prototype that turns into text', textlike, 'extra: not-json'],
  ])('%s', (_kind, extra, issue) => {
    expect(issuesOf({ ...valid, extra })).toEqual([issue])
  })

  test('an object that contains itself in many ways is walked once, wherever it stands', () => {
    const schema: { [key: string]: unknown } = { type: 'object', additionalProperties: false, required: [] }
    schema.properties = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, schema]))
    const tools = [{ type: 'function', function: { name: 'f', strict: true, parameters: schema } }]
    expect(issuesOf({ ...valid, tools }).filter((issue) => issue.endsWith('not-json'))).toEqual(
      ['a', 'b', 'c'].map((name) => `tools[0].function.parameters.properties.${name}: not-json`),
    )
  })

  test('once: that it has the wrong type as well needs no second word', () => {
    expect(issuesOf({ ...valid, model: () => 'm', stop: [Symbol('s')] })).toEqual([
      'model: not-json',
      'stop[0]: not-json',
    ])
  })

  test('instances of classes with plain fields pass', () => {
    class Options {
      depth = 1
    }
    expect(issuesOf({ ...valid, extra: new Options() })).toEqual([])
  })
})

test.each([undefined, null, 'request', [], 7])('%o is no request', (value) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  expect(checkRequest(value as never)).toMatchObject([{ path: '', code: 'wrong-type' }])
})

test('an empty request misses a model and messages', () => {
  expect(issuesOf({})).toEqual(['model: missing', 'messages: missing'])
})

test('every issue says what is wrong and what would be right, in sentences', () => {
  const wrong = {
    ...valid,
    n: 0,
    stop: [],
    tools: [],
    seed: 1.5,
    messages: [{ role: 'tool' }, {}],
    max_tokens: 0,
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const issues = checkRequest(wrong as never)
  expect(issues.length).toBeGreaterThan(6)
  for (const { problem, hint } of issues) {
    expect(problem).toMatch(/^[A-Z0-9`'"[{-].*\.$/)
    expect(hint).toMatch(/^[A-Z].*\.$/)
  }
})
