import { expect, test } from 'vitest'

import { buildRequest } from './buildRequest.ts'
import { CompletionError } from '../CompletionError.ts'
import { vllm } from './profiles/vllm.ts'
import { RequestError } from './RequestError.ts'
import { serializeRequest } from './serializeRequest.ts'
import type { ChatCompletionParams } from '../wire.ts'

const params: ChatCompletionParams = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }

test('sends the keys that were set and says explicitly that it does not stream', () => {
  expect(buildRequest(params)).toEqual({ ...params, stream: false })
})

test('sends a key by its own name even where JavaScript has a meaning for it', () => {
  const named = JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":3}')
  const request = buildRequest({ ...named, ...params }, { profile: vllm })
  expect(serializeRequest(request)).toBe(
    '{"__proto__":{"a":1},"constructor":2,"toString":3,"model":"m","messages":[{"role":"user","content":"Hello"}],"stream":false}',
  )
})

test('a wrong type is told in the terms of the parameter, not of the profile', () => {
  // @ts-expect-error: a temperature is a number.
  expect(() => buildRequest({ ...params, temperature: 'hot' })).toThrow('Give a number from 0 to 2, or null.')
  // @ts-expect-error: `top_k` is a number at vLLM.
  expect(() => buildRequest({ ...params, top_k: 'five' }, { profile: vllm })).toThrow('top_k')
})

test('hands on the messages themselves, not a copy', () => {
  expect(buildRequest(params).messages).toBe(params.messages)
})

test('refuses functions and function_call together, each with what to use now', () => {
  const deprecated = { ...params, functions: [], function_call: 'auto' }
  expect(() => buildRequest(deprecated)).toThrow(RequestError)
  expect(() => buildRequest(deprecated)).toThrow(CompletionError)
  expect(() => buildRequest(deprecated)).toThrow(
    /functions: .*Use `tools`\.\n- function_call: .*Use `tool_choice`\./,
  )
})

test.each<[unknown, unknown]>([
  ['9223372036854775807', 9223372036854775807n],
  [9223372036854775807n, 9223372036854775807n],
  ['7', 7],
  [7n, 7],
  [7, 7],
  [null, null],
])('a seed of %o is %o: a number where that is exact, else a bigint', (given, seed) => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  expect(buildRequest({ ...params, seed: given as number })).toHaveProperty('seed', seed)
})

test('tells of warnings, and throws them too when there is an error', () => {
  const warnings: string[] = []
  buildRequest({ ...params, max_tokens: 0 }, { onWarning: ({ path }) => warnings.push(path) })
  expect(warnings).toEqual(['max_tokens'])
  expect(() => buildRequest({ ...params, max_tokens: 0, n: 0 })).toThrow(
    expect.objectContaining({
      issues: [
        expect.objectContaining({ path: 'n', level: 'error' }),
        expect.objectContaining({ path: 'max_tokens', level: 'warning' }),
      ],
      message:
        'The request was not sent: 1 thing is wrong with it.\n- n: 0 is too low. Give a whole number from 1 to 128, or null.',
    }),
  )
})

test('its error is plain data for a store', () => {
  const error = new RequestError([
    { path: 'n', code: 'out-of-range', level: 'error', problem: '0 is too low.', hint: 'Give 1.' },
  ])
  expect(JSON.parse(JSON.stringify(error.toData()))).toMatchObject({
    type: 'request',
    retryable: false,
    issues: [{ path: 'n' }],
  })
})
