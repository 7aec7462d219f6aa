import OpenAI from 'openai'
import type {
  ChatCompletionCreateParams,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions'
import { describe, expect, expectTypeOf, test } from 'vitest'

import type { ChatCompletionParams, RequestMessage } from '../wire.ts'
import { buildRequest } from './buildRequest.ts'
import type { ParameterName } from './parameters.ts'
import { serializeRequest } from './serializeRequest.ts'

type Deprecated = 'functions' | 'function_call'
type Theirs = Omit<ChatCompletionCreateParams, Deprecated>
type TheirMessage = Exclude<ChatCompletionMessageParam, { role: 'function' }>

/** Our types with every open set of words closed to the words that are known, without keys of one server only. */
type Closed<Value> = Value extends string
  ? string extends Value
    ? never
    : Value
  : Value extends readonly (infer Item)[]
    ? ClosedOr<Item>[]
    : Value extends object
      ? { [Key in keyof Value as string extends Key ? never : Key]: ClosedOr<Value[Key]> }
      : Value
/** A plain `string` stays one; only a union with known words is closed. */
type ClosedOr<Value> = [Extract<Value, string>] extends [never]
  ? Closed<Value>
  : [KnownWords<Value>] extends [never]
    ? Extract<Value, string> | Closed<Exclude<Value, string>>
    : KnownWords<Value> | Closed<Exclude<Value, string>>
type KnownWords<Value> = Value extends string ? (string extends Value ? never : Value) : never

type Ours = Omit<Closed<ChatCompletionParams>, 'seed' | 'messages' | 'tools' | 'response_format'> & {
  seed?: number | null
}

describe('the types of a request and those of the openai package do not drift apart', () => {
  test('every parameter of theirs is one of ours, and the other way round', () => {
    expectTypeOf<ParameterName>().toEqualTypeOf<keyof Theirs>()
  })

  test('what theirs accept, ours accept', () => {
    expectTypeOf<Omit<Theirs, 'messages'>>().toExtend<Omit<ChatCompletionParams, 'messages'>>()
    expectTypeOf<TheirMessage>().toExtend<RequestMessage>()
  })

  test('what ours accept, theirs accept: the open sets closed, the seed a number', () => {
    expectTypeOf<Ours>().toExtend<Omit<Theirs, 'messages' | 'tools' | 'response_format'>>()
    expectTypeOf<RequestMessage>().toExtend<TheirMessage>()
    type Words = 'service_tier' | 'reasoning_effort' | 'verbosity' | 'audio'
    expectTypeOf<Pick<Ours, Words>>().toEqualTypeOf<Pick<Theirs, Words>>()
    expectTypeOf<NonNullable<ChatCompletionParams['tools']>>().toExtend<NonNullable<Theirs['tools']>>()
    expectTypeOf<NonNullable<ChatCompletionParams['response_format']>>().toExtend<
      NonNullable<Theirs['response_format']>
    >()
  })
})

describe('the openai client sends what we built, byte for byte', () => {
  const weather = { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object' } } }
  test.each<[string, ChatCompletionParams]>([
    ['a plain question', { model: 'm', messages: [{ role: 'user', content: 'Grüße "👩‍🚀" \u2028' }] }],
    [
      'keys in any order, nulls and keys that nobody knows',
      {
        top_k: 5,
        stream: false,
        stop: null,
        model: 'm',
        seed: 9007199254740991,
        messages: [{ role: 'user', content: '' }],
        n: 1,
      },
    ],
    [
      'a conversation with tools',
      {
        model: 'm',
        tools: [weather],
        tool_choice: 'auto',
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'a', type: 'function', function: { name: 'weather', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: 'a', content: '18' },
        ],
      },
    ],
    [
      'a stream',
      {
        model: 'm',
        messages: [{ role: 'user', content: 'Hi' }],
        stream: true,
        stream_options: { include_usage: true },
      },
    ],
  ])('%s', async (_kind, params) => {
    const request = buildRequest(params)
    const bodies: unknown[] = []
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: 'http://localhost/v1',
      fetch: async (_url, init) => {
        bodies.push(init?.body)
        return request.stream
          ? new Response('data: [DONE]\n\n', { headers: { 'content-type': 'text/event-stream' } })
          : Response.json({})
      },
    })
    // The package types only what OpenAI knows.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    await client.chat.completions.create(request as ChatCompletionCreateParams)
    expect(bodies).toEqual([serializeRequest(request)])
  })
})
