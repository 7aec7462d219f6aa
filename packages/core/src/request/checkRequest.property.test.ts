import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { ChatCompletionParams, JsonSchema, RequestMessage, Tool, ToolCall } from '../wire.ts'
import { buildRequest } from './buildRequest.ts'
import { checkRequest } from './checkRequest.ts'
import { openai } from './profiles/openai.ts'
import { serializeRequest } from './serializeRequest.ts'
import { toRequestMessages } from './toRequestMessages.ts'

// ---------------------------------------------------------------------------------------------------------------------
// Random valid requests
// ---------------------------------------------------------------------------------------------------------------------

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,64}$/)
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined, freq: 3 })
const orNull = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(value, { freq: 6 })
const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })

/** An object without the keys that are undefined. */
function record<Shape extends object>(shape: {
  [Key in keyof Shape]: fc.Arbitrary<Shape[Key]>
}): fc.Arbitrary<Shape> {
  return fc.record(shape).map((value) => {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return Object.fromEntries(entries) as Shape
  })
}

const strictSchema: fc.Arbitrary<JsonSchema> = fc.letrec<{ value: JsonSchema; object: JsonSchema }>(
  (tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<JsonSchema>(
        { type: 'string' },
        { type: ['number', 'null'], minimum: 0 },
        { enum: ['a', 1, null] },
      ),
      tie('object'),
      tie('value').map((items) => ({ type: 'array', items })),
      fc.tuple(tie('value')).map(([value]) => ({ anyOf: [value, { type: 'null' }] })),
    ),
    object: fc.dictionary(name, tie('value'), { maxKeys: 4 }).map((properties) => ({
      type: 'object',
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    })),
  }),
).object

const tool: fc.Arbitrary<Tool> = fc.oneof(
  record({
    name,
    description: maybe(words),
    strict: maybe(orNull(fc.boolean())),
    parameters: maybe(strictSchema),
  }).map((described): Tool => ({ type: 'function', function: withoutUndefined(described) })),
  record({
    name,
    format: fc.constantFrom<
      { type: 'text' } | { type: 'grammar'; grammar: { definition: string; syntax: 'lark' } }
    >({ type: 'text' }, { type: 'grammar', grammar: { definition: 'start: "a"', syntax: 'lark' } }),
  }).map((custom): Tool => ({ type: 'custom', custom })),
)

function withoutUndefined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as { [Key in keyof Value]: Exclude<Value[Key], undefined> }
}

const textContent = fc.oneof(
  words,
  fc.array(
    words.map((text) => ({ type: 'text' as const, text })),
    { minLength: 1, maxLength: 3 },
  ),
)
const userContent = fc.oneof(
  words,
  fc.array(
    fc.oneof(
      words.map((text) => ({ type: 'text' as const, text })),
      fc.webUrl().map((url) => ({ type: 'image_url' as const, image_url: { url, detail: 'low' as const } })),
      fc
        .base64String()
        .map((data) => ({ type: 'input_audio' as const, input_audio: { data, format: 'mp3' as const } })),
      words.map((file_id) => ({ type: 'file' as const, file: { file_id } })),
    ),
    { minLength: 1, maxLength: 3 },
  ),
)

function callOf(id: string, called: string, isCustom: boolean): ToolCall {
  return isCustom
    ? { id, type: 'custom', custom: { name: called, input: 'x' } }
    : { id, type: 'function', function: { name: called, arguments: '{"a":1}' } }
}

/** A turn: what the user says, perhaps rounds of calls with their answers in any order, and an answer. */
const turn: fc.Arbitrary<RequestMessage[]> = fc
  .record({
    content: userContent,
    rounds: fc.array(
      fc
        .uniqueArray(fc.tuple(fc.uuid(), name, fc.boolean()), {
          selector: ([id]) => id,
          minLength: 1,
          maxLength: 3,
        })
        .chain((calls) =>
          fc.record({
            calls: fc.constant(calls),
            order: fc.shuffledSubarray(calls, { minLength: calls.length }),
          }),
        ),
      { maxLength: 2 },
    ),
    answer: textContent,
  })
  .map(({ content, rounds, answer }) => [
    { role: 'user', content },
    ...rounds.flatMap(({ calls, order }): RequestMessage[] => [
      {
        role: 'assistant',
        content: null,
        tool_calls: calls.map(([id, called, isCustom]) => callOf(id, called, isCustom)),
      },
      ...order.map(([id]): RequestMessage => ({ role: 'tool', tool_call_id: id, content: 'JSON' })),
    ]),
    { role: 'assistant', content: answer },
  ])

const messages: fc.Arbitrary<RequestMessage[]> = fc
  .record({
    system: fc.array(textContent, { maxLength: 1 }),
    turns: fc.array(turn, { minLength: 1, maxLength: 3 }),
  })
  .map(({ system, turns }) => [
    ...system.map((content): RequestMessage => ({ role: 'system', content })),
    ...turns.flat(),
    { role: 'user', content: 'Answer as JSON.' },
  ])

const params: fc.Arbitrary<ChatCompletionParams> = fc
  .record({
    base: record<{ [name: string]: unknown }>({
      model: words,
      frequency_penalty: maybe(orNull(between(-2, 2))),
      presence_penalty: maybe(orNull(between(-2, 2))),
      temperature: maybe(orNull(between(0, 2))),
      n: maybe(orNull(fc.integer({ min: 1, max: 128 }))),
      max_completion_tokens: maybe(orNull(fc.integer({ min: 1 }))),
      seed: maybe(
        orNull(
          fc.oneof(
            fc.maxSafeInteger(),
            fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
            fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
          ),
        ),
      ),
      stop: maybe(orNull(fc.oneof(words, fc.array(words, { minLength: 1, maxLength: 4 })))),
      logit_bias: maybe(
        fc.dictionary(fc.nat().map(String), fc.integer({ min: -100, max: 100 }), { maxKeys: 3 }),
      ),
      user: maybe(words),
      response_format: maybe(
        fc.oneof(
          fc.constant({ type: 'json_object' }),
          fc
            .record({ name, schema: strictSchema, strict: fc.boolean() })
            .map((json_schema) => ({ type: 'json_schema', json_schema })),
        ),
      ),
      reasoning_effort: maybe(
        fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', null),
      ),
      top_k: maybe(fc.nat()),
      chat_template_kwargs: maybe(
        fc.dictionary(words, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true }),
      ),
    }),
    logprobs: maybe(fc.integer({ min: 0, max: 20 })),
    stream: fc.constantFrom(undefined, true, false, null),
    tools: maybe(fc.uniqueArray(tool, { selector: toolName, minLength: 1, maxLength: 4 })),
    choice: fc.constantFrom('none', 'auto', 'required', 'named', undefined),
    parallel: maybe(fc.boolean()),
    messages,
  })
  .map(({ base, logprobs, stream, tools, choice, parallel, messages: conversation }) => ({
    model: 'm',
    ...base,
    messages: conversation,
    ...(logprobs !== undefined && { logprobs: true, top_logprobs: logprobs }),
    ...(stream !== undefined && { stream }),
    ...(stream === true && { stream_options: { include_usage: true } }),
    ...(tools && {
      tools,
      ...(choice !== undefined && { tool_choice: choice === 'named' ? namedChoice(tools[0]) : choice }),
      ...(parallel !== undefined && { parallel_tool_calls: parallel }),
    }),
  }))

function toolName(given: Tool): string {
  return given.type === 'function' ? given.function.name : given.custom.name
}

function namedChoice(given: Tool | undefined): ChatCompletionParams['tool_choice'] & object {
  if (!given) return { type: 'function', function: { name: '' } }
  return given.type === 'function'
    ? { type: 'function', function: { name: given.function.name } }
    : { type: 'custom', custom: { name: given.custom.name } }
}

// ---------------------------------------------------------------------------------------------------------------------
// Single mutations
// ---------------------------------------------------------------------------------------------------------------------

/** Changes one thing in a request and says where that must be reported; `null` where the request has no such thing. */
type Mutation = (request: Draft, pick: (count: number) => number) => string | null
// A request that is being broken has no type.
// oxlint-disable-next-line typescript/no-explicit-any
type Draft = any

const set =
  (key: string, ...values: unknown[]): Mutation =>
  (request, pick) => {
    request[key] = values[pick(values.length)]
    return key
  }

/** The positions at which messages are of a kind. */
function positions(request: Draft, is: (message: Draft) => boolean): number[] {
  return request.messages.flatMap((message: Draft, index: number) => (is(message) ? [index] : []))
}

/** Breaks one of the messages of a kind. */
const inMessage =
  (
    is: (message: Draft) => boolean,
    change: (message: Draft, pick: (count: number) => number) => string,
  ): Mutation =>
  (request, pick) => {
    const found = positions(request, is)
    if (found.length === 0) return null
    const index = found[pick(found.length)] ?? 0
    return `messages[${index}].${change(request.messages[index], pick)}`
  }

/** Breaks one of the tools. */
const inTool =
  (change: (tool: Draft, described: string) => string): Mutation =>
  (request, pick) => {
    if (!request.tools) return null
    const index = pick(request.tools.length)
    const given = request.tools[index]
    // A choice of this tool would be reported as well.
    delete request.tool_choice
    return `tools[${index}].${change(given, given.type)}`
  }

const hasCalls = (message: Draft): boolean => Array.isArray(message.tool_calls)
const hasParts = (message: Draft): boolean => Array.isArray(message.content)

const MUTATIONS: { [name: string]: Mutation } = {
  'model away': (request) => (delete request.model, 'model'),
  'model empty': set('model', '', 7, null),
  'messages away': (request) => (delete request.messages, 'messages'),
  'no messages': set('messages', []),
  temperature: set('temperature', -0.1, 2.1, '1', true, Number.NaN, Infinity),
  top_p: set('top_p', -0.1, 1.1, '1'),
  frequency_penalty: set('frequency_penalty', -2.1, 2.1, '0'),
  presence_penalty: set('presence_penalty', -2.1, 2.1, []),
  n: set('n', 0, 129, 1.5, '1'),
  max_completion_tokens: set('max_completion_tokens', 0, -1, 1.5, '1'),
  seed: set('seed', 2 ** 53, 1.5, 2n ** 63n, '99999999999999999999', 'x', {}),
  stop: set('stop', [], ['a', 'b', 'c', 'd', 'e'], 5),
  top_logprobs: set('top_logprobs', -1, 21, 0.5, '3'),
  logprobs: set('logprobs', 1, 'true', {}),
  'a bias beyond 100': (request, pick) => {
    request.logit_bias = { 17: [101, -101, '5', null][pick(4)] }
    return 'logit_bias["17"]'
  },
  'a bias of a word': (request) => ((request.logit_bias = { word: 1 }), 'logit_bias.word'),
  user: set('user', 5, null),
  tools: set('tools', [], {}, null),
  tool_choice: set('tool_choice', 'any', null, 5),
  response_format: set('response_format', 'json', null, 5),
  'a form of another kind': (request, pick) => {
    request.response_format = [{}, { type: 'yaml' }, { type: 5 }][pick(3)]
    return 'response_format.type'
  },
  'a choice of no tool': (request) => {
    if (!request.tools) return null
    request.tool_choice = { type: 'function', function: { name: 'no such tool' } }
    return 'tool_choice.function.name'
  },
  stream: set('stream', 'yes', 1),
  functions: set('functions', [], [{ name: 'f' }]),
  function_call: set('function_call', 'auto'),
  'a parameter that JSON cannot say': set('top_k', () => 0, Symbol('k'), new Date(0), Infinity, new Map()),
  'no logprobs for top_logprobs': (request) => {
    if (request.top_logprobs === undefined) return null
    request.logprobs = false
    return 'top_logprobs'
  },
  'no stream for its options': (request) => {
    if (!request.stream_options) return null
    delete request.stream
    return 'stream_options'
  },
  'no tools for a choice': (request) => {
    if (request.tool_choice === undefined) return null
    delete request.tools
    return 'tool_choice'
  },
  'a tool twice': (request) => {
    if (!request.tools) return null
    const [first] = request.tools
    request.tools.push(first)
    return `tools[${request.tools.length - 1}].${first.type}.name`
  },
  'a tool without name': inTool((given, kind) => (delete given[kind].name, `${kind}.name`)),
  'a tool with a bad name': inTool((given, kind) => ((given[kind].name = 'get weather'), `${kind}.name`)),
  'a tool without type': inTool((given) => (delete given.type, 'type')),
  'an open strict schema': (request) => {
    const index = (request.tools ?? []).findIndex(
      (given: Draft) => given.function?.strict === true && given.function.parameters,
    )
    if (index === -1) return null
    delete request.tools[index].function.parameters.additionalProperties
    return `tools[${index}].function.parameters.additionalProperties`
  },
  'a role': inMessage(
    () => true,
    (message, pick) => ((message.role = ['bot', '', 5, undefined][pick(4)]), 'role'),
  ),
  'content away': inMessage(
    (message) => message.role !== 'assistant',
    (message) => (delete message.content, 'content'),
  ),
  'content of another type': inMessage(
    () => true,
    (message, pick) => ((message.content = [5, {}, true][pick(3)]), 'content'),
  ),
  'no parts': inMessage(hasParts, (message) => ((message.content = []), 'content')),
  'a part without type': inMessage(hasParts, (message, pick) => {
    const index = pick(message.content.length)
    delete message.content[index].type
    return `content[${index}].type`
  }),
  'a part without its content': inMessage(hasParts, (message, pick) => {
    const index = pick(message.content.length)
    const part = message.content[index]
    delete part[part.type]
    return `content[${index}].${part.type}`
  }),
  'an assistant that says nothing': inMessage(
    (message) => message.role === 'assistant' && !hasCalls(message),
    (message) => ((message.content = null), 'content'),
  ),
  'a call without id': inMessage(hasCalls, (message, pick) => {
    const index = pick(message.tool_calls.length)
    delete message.tool_calls[index].id
    return `tool_calls[${index}].id`
  }),
  'a call with another id': inMessage(hasCalls, (message, pick) => {
    const index = pick(message.tool_calls.length)
    message.tool_calls[index].id = 'other'
    return `tool_calls[${index}].id`
  }),
  'arguments as an object': inMessage(
    (message) => message.tool_calls?.[0]?.type === 'function',
    (message) => ((message.tool_calls[0].function.arguments = {}), 'tool_calls[0].function.arguments'),
  ),
  'no calls': inMessage(hasCalls, (message) => ((message.tool_calls = []), 'tool_calls')),
  'an answer to another call': inMessage(
    (message) => message.role === 'tool',
    (message) => ((message.tool_call_id = 'other'), 'tool_call_id'),
  ),
  'an answer away': (request, pick) => {
    const answers = positions(request, (message) => message.role === 'tool')
    if (answers.length === 0) return null
    const [answer] = request.messages.splice(answers[pick(answers.length)] ?? 0, 1)
    const asked = positions(request, (message) =>
      message.tool_calls?.some((call: Draft) => call.id === answer.tool_call_id),
    )
    const index = request.messages[asked[0] ?? 0].tool_calls.findIndex(
      (call: Draft) => call.id === answer.tool_call_id,
    )
    return `messages[${asked[0]}].tool_calls[${index}].id`
  },
  'a user between a call and its answer': (request, pick) => {
    const answers = positions(request, (message) => message.role === 'tool')
    if (answers.length === 0) return null
    const index = answers[pick(answers.length)] ?? 0
    request.messages.splice(index, 0, { role: 'user', content: 'Wait.' })
    return `messages[${index + 1}].tool_call_id`
  },
}

describe('any valid request', () => {
  test('passes, and is built without changing a key, a message or a digit', () => {
    fc.assert(
      fc.property(params, (given) => {
        expect(checkRequest(given).filter(({ level }) => level === 'error')).toEqual([])
        const request = buildRequest(given)
        expect(request.messages).toBe(given.messages)
        expect(Object.keys(request).filter((key) => key !== 'stream')).toEqual(
          Object.keys(given).filter((key) => key !== 'stream'),
        )
        const { seed, ...rest } = given
        expect(JSON.parse(serializeRequest(request))).toMatchObject(
          JSON.parse(JSON.stringify({ ...rest, stream: given.stream ?? false })),
        )
        const digits = /"seed":(-?\d+|null)/.exec(serializeRequest(request))?.[1]
        expect(digits).toBe(seed === undefined ? undefined : String(Object.is(seed, -0) ? 0 : seed))
      }),
      { numRuns: 300 },
    )
  })

  test('has a conversation that can be sent again, the same objects', () => {
    fc.assert(
      fc.property(messages, (given) => {
        const again = toRequestMessages(given, { profile: openai })
        expect(again).toEqual(given)
        expect(toRequestMessages(again)).toEqual(given)
      }),
      { numRuns: 100 },
    )
  })
})

describe('any single mutation of a valid request is reported at its path', () => {
  test.each(Object.entries(MUTATIONS))('%s', (_name, mutate) => {
    let reported = 0
    fc.assert(
      fc.property(params, fc.nat(), (given, chance) => {
        const request: Draft = structuredClone(given)
        const path = mutate(request, (count) => chance % count)
        if (path === null) return
        reported += 1
        const issues = checkRequest(request, { profile: openai })
        expect(issues.map((issue) => issue.path)).toContain(path)
      }),
      { numRuns: 60 },
    )
    // Every mutation finds something to break in some requests.
    expect(reported).toBeGreaterThan(0)
  })
})
