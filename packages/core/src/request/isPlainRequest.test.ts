import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { ChatCompletionParams, RequestMessage } from '../wire.ts'
import { buildRequest } from './buildRequest.ts'
import { checkRequest } from './checkRequest.ts'
import type { EndpointProfile, MessageFacts, ParameterFact } from './EndpointProfile.ts'
import { isPlainRequest } from './isPlainRequest.ts'
import { endpointProfiles } from './profiles/index.ts'
import { llamaCpp } from './profiles/llamaCpp.ts'
import { mistral } from './profiles/mistral.ts'
import { openai } from './profiles/openai.ts'
import { serializeRequest } from './serializeRequest.ts'
import { toRequestMessages } from './toRequestMessages.ts'

const conversation: RequestMessage[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Is the moon a star?' },
  { role: 'assistant', content: 'No.' },
  { role: 'user', content: 'Why?' },
]
const asked: RequestMessage[] = [{ role: 'user', content: 'Hi' }]
// Not written where it stands: the types know only what the specification knows.
const thoughtful = { role: 'assistant' as const, content: 'Hello.', reasoning_content: 'A greeting.' }
const request: ChatCompletionParams = { model: 'm', messages: conversation, stream: true }

describe('an everyday request is plain', () => {
  test.each<[name: string, params: ChatCompletionParams, profile?: EndpointProfile]>([
    ['a question', { ...request, messages: asked }],
    ['a conversation', request],
    ['one that is drawn coolly', { ...request, temperature: 0, max_tokens: 200, seed: 1 }],
    ['one with logprobs', { ...request, logprobs: true, top_logprobs: 5 }],
    ['two choices whose tokens are counted', { ...request, n: 2, stream_options: { include_usage: true } }],
    ['one that thinks', { ...request, reasoning_effort: 'low', max_completion_tokens: 4096 }],
    ['one at once', { ...request, stream: false, stop: 'END' }],
    ['a conversation for OpenAI', { ...request, temperature: 0.7, reasoning_effort: 'low' }, openai],
    ['a conversation for Mistral', { ...request, top_p: 0.7 }, mistral],
    [
      'what the demo asks of llama.cpp',
      { ...request, logprobs: true, top_logprobs: 5, temperature: 0.7, max_tokens: 512 },
      llamaCpp,
    ],
    [
      'one that carries its thinking',
      {
        ...request,
        messages: [{ role: 'user', content: 'Hi' }, thoughtful, { role: 'user', content: 'Bye' }],
      },
      llamaCpp,
    ],
    [
      'one after an answer that never came',
      { ...request, messages: [...conversation, { role: 'user', content: 'Well?' }] },
    ],
  ])('%s', (_name, params, profile) => {
    expect(isPlainRequest(params, profile && { profile })).toBe(true)
  })

  test.each(endpointProfiles)('a conversation for $name', (profile) => {
    expect(isPlainRequest(request, { profile })).toBe(true)
  })
})

describe('what is left to the check', () => {
  test.each<[name: string, params: object, profile?: EndpointProfile]>([
    ['tools', { ...request, tools: [{ type: 'function', function: { name: 'f' } }] }],
    ['parts', { ...request, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] }],
    ['an unknown name', { ...request, temprature: 1 }],
    ['a name of objects', { ...request, constructor: 1 }],
    ['no model', { messages: conversation, stream: true }],
    ['two that narrow what is drawn', { ...request, temperature: 1, top_p: 1 }],
    ['a number that is none', { ...request, temperature: NaN }],
    ['a lone bigint', { ...request, seed: 5n }],
    ['nothing under a name', { ...request, user: undefined }],
    ['one that is counted beside another', { ...request, max_tokens: 5, max_completion_tokens: 5 }],
    ['what a stream has, without one', { ...request, stream: false, stream_options: {} }],
    ['a seed that is no whole number', { ...request, seed: 1.5 }],
    [
      'an assistant that says nothing',
      { ...request, messages: [{ role: 'assistant', content: '' }, ...asked] },
    ],
    ['an object of another kind', { ...request, messages: [...asked, Object.assign(new Date(0), asked[0])] }],
    ['a hole', { ...request, messages: [...Array.from({ length: 1 }), ...asked] }],
    ['what the server calls otherwise', { ...request, max_tokens: 5 }, openai],
    ['what the model refuses', { ...request, model: 'o1', temperature: 0.7 }, openai],
    [
      'thinking that the server refuses',
      { ...request, messages: [{ role: 'assistant', content: 'a', reasoning: 'b' }, ...asked] },
      openai,
    ],
    [
      'a field that the server refuses',
      { ...request, messages: [{ ...asked[0], name: 'Ada' }] },
      profileWith({ messages: { refused: { name: 'It knows no names.' } } }),
    ],
    ...(
      [
        { type: ['number', 'null'], multipleOf: 1 },
        { type: ['number', 'null'], minimum: 1 },
        { type: ['integer', 'null'] },
      ] as const
    ).map((schema): [string, object, EndpointProfile] => [
      `a temperature of which the server says ${JSON.stringify(schema)}`,
      { ...request, temperature: 0.7 },
      profileWith({ parameters: { temperature: { support: 'wider', reason: '', schema } } }),
    ]),
  ])('%s', (_name, params, profile) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what an app may give that does not heed types
    expect(isPlainRequest(params as ChatCompletionParams, profile && { profile })).toBe(false)
  })

  test.each([[undefined], [null], [5], ['x'], [[]]])('no request at all: %j', (params) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
    expect(isPlainRequest(params as unknown as ChatCompletionParams)).toBe(false)
  })
})

function profileWith(facts: Partial<EndpointProfile>): EndpointProfile {
  return { id: 'own', name: 'Own', ...facts }
}

// ---------------------------------------------------------------------------------------------------------------------
// Whatever is given
// ---------------------------------------------------------------------------------------------------------------------

const seldom = <Value>(value: fc.Arbitrary<Value>, other: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 20, arbitrary: value }, { weight: 1, arbitrary: other })
const anything = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, '', -1, 1.5, 129, NaN, 2 ** 53, 5n, true),
  fc.anything(),
)
const text = fc.constantFrom('a', 'JSON', '')
const chance = fc.constantFrom(-2.1, -2, 0, 0.5, 1, 2, 2.1)
const count = fc.constantFrom(-1, 0, 1, 1.5, 20, 21, 128, 129)

const roles = ['user', 'assistant', 'user', 'assistant', 'system', 'developer', 'tool', 'bot']
const fields = ['name', 'reasoning_content', 'reasoning', 'refusal', 'tool_calls', 'function_call', 'x']
const message = fc
  .record({
    role: seldom(fc.constantFrom(...roles), anything),
    content: seldom(fc.constantFrom('a', 'JSON', 'a', ''), anything),
    field: fc.option(fc.constantFrom(...fields), { freq: 1 }),
    value: fc.oneof(text, anything),
  })
  .map(({ role, content, field, value }) => ({
    role,
    ...(content !== undefined && { content }),
    ...(field !== null && { [field]: value }),
  }))
const messages = fc
  .tuple(fc.array(message, { maxLength: 3 }), seldom(fc.constant({ role: 'user', content: 'a' }), message))
  .map(([earlier, last]) => [...earlier, last])

const values: { [name: string]: fc.Arbitrary<unknown> } = {
  frequency_penalty: chance,
  logprobs: fc.boolean(),
  max_completion_tokens: count,
  max_tokens: count,
  n: count,
  presence_penalty: chance,
  reasoning_effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'max', 'huge', 'bot'),
  response_format: fc.constantFrom({ type: 'json_object' }, { type: 'text' }),
  seed: fc.maxSafeInteger(),
  stop: fc.oneof(text, fc.array(text)),
  stream: fc.boolean(),
  stream_options: fc.constantFrom({ include_usage: true }, { include_obfuscation: false }, {}, null),
  temperature: chance,
  tools: anything,
  top_k: count,
  top_logprobs: count,
  top_p: chance,
  user: text,
  metadata: anything,
}
const fewOf = (names: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...names], { maxLength: 3 })
const names = Object.keys(values)
// What a profile has facts about is what is asked for often.
const spoken = ['temperature', 'max_tokens', 'n']
const params = fc.oneof(fewOf(names), fewOf(spoken)).chain((given) =>
  fc.record({
    model: seldom(fc.constantFrom('m', 'o1', 'gpt-4o'), anything),
    messages: seldom(messages, anything),
    stream: seldom(fc.constant(true), anything),
    ...Object.fromEntries(given.map((name) => [name, seldom(values[name] ?? anything, anything)])),
  }),
)

const fact: fc.Arbitrary<ParameterFact> = fc.record({
  support: fc.constantFrom('wider', 'wider', 'wider', 'refused', 'ignored', 'limited', 'deprecated'),
  reason: fc.constant('Because.'),
  schema: fc.constantFrom(
    {},
    { type: ['number', 'null'] },
    { type: 'number' },
    { type: ['integer', 'null'], minimum: 1 },
    { type: ['number'], minimum: 0, maximum: 1 },
    { enum: [1, 'low', null] },
  ),
})
const facts = fc.dictionary(fc.constantFrom(...spoken, ...spoken, ...names, 'model'), fact, {
  maxKeys: 3,
})
const messageFacts: fc.Arbitrary<MessageFacts> = fc.record(
  {
    roles: fc.constantFrom({ developer: 'system' }, { user: 'human' }),
    refused: fc.constantFrom({ name: 'No names.' }, { name: 'No.', reasoning: 'No.' }),
    unknownFields: fc.constantFrom('refused', 'ignored'),
    sequence: fc.record(
      {
        lastRoles: fc.constantFrom(['user', 'tool'], ['tool']),
        noUserAfterTool: fc.boolean(),
        alternating: fc.boolean(),
        oneLeadingSystem: fc.boolean(),
        noTwoTrailingAssistants: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)
// One kind of fact at a time, else nothing would be plain.
const ownProfile: fc.Arbitrary<EndpointProfile> = fc
  .oneof(
    fc.record({ parameters: facts }),
    fc.record({ models: fc.array(fc.record({ pattern: fc.constantFrom('^o', 'm'), parameters: facts })) }),
    fc.record({ rename: fc.constantFrom({ max_tokens: 'max_completion_tokens' }, { n: 'user' }) }),
    fc.record({ conflicts: fewOf(spoken).map((parameters) => [{ parameters, reason: 'Because.' }]) }),
    fc.record({ messages: messageFacts }),
    fc.record({ unknownParameters: fc.constantFrom('refused', 'ignored') }),
    fc.record({
      prefill: fc.constantFrom(
        { style: 'none' },
        { style: 'body-flags' },
        { style: 'message-flag', flag: 'prefix' },
      ),
    }),
  )
  .map(profileWith)
const profile = fc.oneof(fc.constantFrom(undefined, ...endpointProfiles), ownProfile)

describe('whatever is given', () => {
  test('what is plain has no issue, error or warning, and is built and written down as it is, its messages too', () => {
    let plain = 0
    fc.assert(
      fc.property(params, profile, (given, server) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what an app may give that does not heed types
        const draft = given as unknown as ChatCompletionParams
        const options = server === undefined ? {} : { profile: server }
        if (!isPlainRequest(draft, options)) return
        plain += 1
        expect(checkRequest(draft, options)).toEqual([])
        const built = buildRequest(draft, options)
        expect(built).toStrictEqual(draft)
        expect(Object.keys(built)).toEqual(Object.keys(draft))
        expect(serializeRequest(draft)).toBe(serializeRequest(built))
        expect(toRequestMessages(draft.messages, options)).toStrictEqual(draft.messages)
      }),
      { numRuns: 20_000 },
    )
    // Else the test would say nothing.
    expect(plain).toBeGreaterThan(1000)
  })
})
