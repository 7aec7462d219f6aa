import { expect, test } from 'vitest'

import { buildRequest } from './buildRequest.ts'
import { CompletionError } from '../CompletionError.ts'
import { RequestError } from './RequestError.ts'
import type { ChatCompletionParams } from '../wire.ts'

const params: ChatCompletionParams = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }

test('sends the keys that were set and says explicitly that it does not stream', () => {
  expect(buildRequest(params)).toEqual({ ...params, stream: false })
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
