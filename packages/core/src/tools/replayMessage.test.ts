import { expect, it } from 'vitest'

import { replayMessage } from './replayMessage.ts'

it('leaves out empty fields and what only an answer has', () => {
  expect(
    replayMessage({
      role: 'assistant',
      content: 'Paris.',
      refusal: null,
      tool_calls: [],
      annotations: [],
      audio: null,
      function_call: null,
      reasoning_content: null,
    }),
  ).toEqual({ role: 'assistant', content: 'Paris.' })
})

it('keeps what some servers want back: thinking and their own fields', () => {
  const details = [{ type: 'reasoning.text', text: 'Hm.', signature: 'abc' }]
  expect(
    replayMessage({
      role: 'assistant',
      content: null,
      refusal: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
      reasoning_content: 'Hm.',
      reasoning_details: details,
    }),
  ).toEqual({
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    reasoning_content: 'Hm.',
    reasoning_details: details,
  })
})

it('sends a spoken answer back by its id', () => {
  expect(
    replayMessage({
      role: 'assistant',
      content: null,
      refusal: null,
      audio: { id: 'audio_1', data: 'UklGRg==', expires_at: 1700000000, transcript: 'Hello' },
    }),
  ).toEqual({ role: 'assistant', content: null, audio: { id: 'audio_1' } })
})
