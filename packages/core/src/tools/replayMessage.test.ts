import { describe, expect, it } from 'vitest'

import type { CompletionMessage } from '../wire.ts'
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

describe('for a server that refuses fields it does not know', () => {
  const message: CompletionMessage = {
    role: 'assistant',
    content: null,
    refusal: null,
    channel: 'final',
    reasoning_content: 'Hm.',
    tool_calls: [
      Object.assign(
        { id: 'a', type: 'function' as const, function: { name: 'f', arguments: '{}' } },
        { index: 0, extra_content: { google: { thought_signature: 'abc' } } },
      ),
    ],
  }

  it('leaves out what its profile does not name', () => {
    expect(replayMessage(message, { unknownFields: 'refused' })).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    })
  })

  it('keeps what its profile names', () => {
    expect(
      replayMessage(message, {
        unknownFields: 'refused',
        keep: ['reasoning_content'],
        keepOnToolCalls: ['extra_content'],
      }),
    ).toEqual({
      role: 'assistant',
      content: null,
      reasoning_content: 'Hm.',
      tool_calls: [
        {
          id: 'a',
          type: 'function',
          function: { name: 'f', arguments: '{}' },
          extra_content: { google: { thought_signature: 'abc' } },
        },
      ],
    })
  })

  it('sends empty text beside tool calls where `null` is refused', () => {
    expect(replayMessage(message, { emptyContentAsText: true })).toMatchObject({ content: '' })
  })
})
