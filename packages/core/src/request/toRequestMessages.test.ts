import { describe, expect, test } from 'vitest'

import type { ChatMessage } from '../ChatMessage.ts'
import type { CompletionMessage, RequestMessage } from '../wire.ts'
import { checkRequest } from './checkRequest.ts'
import type { EndpointProfile } from './EndpointProfile.ts'
import { deepseek } from './profiles/deepseek.ts'
import { gemini } from './profiles/gemini.ts'
import { groq } from './profiles/groq.ts'
import { endpointProfiles } from './profiles/index.ts'
import { llamaCppPython } from './profiles/llamaCppPython.ts'
import { mistral } from './profiles/mistral.ts'
import { openai } from './profiles/openai.ts'
import { openrouter } from './profiles/openrouter.ts'
import { toRequestMessages } from './toRequestMessages.ts'

const question: RequestMessage = { role: 'user', content: 'What is the weather in Oslo?', name: 'ada' }
const signature = { google: { thought_signature: 'c2ln' } }
// Everything that servers put into an answer, at once.
const answer: CompletionMessage = {
  role: 'assistant',
  content: null,
  refusal: null,
  annotations: [{ type: 'url_citation' }],
  audio: null,
  reasoning: 'I look it up.',
  reasoning_content: 'I look it up.',
  reasoning_details: [{ type: 'reasoning.encrypted', data: 'x' }],
  function_call: null,
  tool_calls: [
    Object.assign(
      {
        id: 'call_abc123',
        type: 'function' as const,
        function: { name: 'weather', arguments: '{"city":"Oslo"}' },
      },
      { index: 0, extra_content: signature },
    ),
  ],
}
const result: RequestMessage = { role: 'tool', tool_call_id: 'call_abc123', content: '18' }
const conversation = [question, answer, result]

function assistantOf(profile?: EndpointProfile): { [field: string]: unknown } {
  return { ...toRequestMessages(conversation, profile ? { profile } : {})[1] }
}

describe('what must survive does', () => {
  test('reasoning_content for DeepSeek, which refuses the next turn without it', () => {
    expect(assistantOf(deepseek)).toHaveProperty('reasoning_content', 'I look it up.')
  })

  test('reasoning_details for OpenRouter', () => {
    expect(assistantOf(openrouter)).toHaveProperty('reasoning_details', answer.reasoning_details)
  })

  test('the thought signature of a call for Gemini', () => {
    expect(assistantOf(gemini).tool_calls).toMatchObject([{ extra_content: signature }])
  })

  test('reasoning for Groq, which refuses other fields', () => {
    expect(Object.keys(assistantOf(groq))).toEqual(['role', 'content', 'reasoning', 'tool_calls'])
  })

  test('all of them where the server is unknown', () => {
    expect(Object.keys(assistantOf())).toEqual([
      'role',
      'content',
      'reasoning',
      'reasoning_content',
      'reasoning_details',
      'tool_calls',
    ])
  })
})

describe('what a server would refuse is left out', () => {
  test('for OpenAI all but the fields of the specification', () => {
    expect(assistantOf(openai)).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'call_abc123', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
      ],
    })
  })

  test('for Groq the names of participants', () => {
    expect(toRequestMessages([question], { profile: groq })).toEqual([
      { role: 'user', content: question.content },
    ])
  })

  test('for llama-cpp-python the null beside calls', () => {
    expect(assistantOf(llamaCppPython)).toHaveProperty('content', '')
  })

  test('for Mistral parts that it does not know, its own thinking kept', () => {
    const content = [{ type: 'thinking', thinking: [] }, { type: 'text', text: 'Hi' }, { type: 'audio_url' }]
    const parts = Object.assign({ role: 'assistant' as const }, { content })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const [message] = toRequestMessages([parts as unknown as CompletionMessage], { profile: mistral })
    expect(message).toEqual({ role: 'assistant', content: content.slice(0, 2) })
  })

  test.each(endpointProfiles.map((profile) => [profile.name, profile] as const))(
    '%s refuses nothing in what is sent',
    (_name, profile) => {
      const messages = toRequestMessages(conversation, { profile })
      expect(checkRequest({ model: 'm', messages }, { profile })).toEqual([])
    },
  )

  test('the older form of a call beside the calls, but not alone: the check says what to do with that', () => {
    const older = { name: 'f', arguments: '{}' }
    expect(toRequestMessages([{ ...answer, function_call: older }])[0]).not.toHaveProperty('function_call')
    const alone = toRequestMessages([
      { role: 'assistant', content: null, refusal: null, function_call: older },
    ])
    expect(alone).toEqual([{ role: 'assistant', content: null, function_call: older }])
    expect(checkRequest({ model: 'm', messages: alone })).toMatchObject([
      { path: 'messages[0].function_call', code: 'deprecated' },
    ])
  })

  test('everywhere an empty list of calls, nulls, the sound itself and an answer that says nothing', () => {
    const spoken = { id: 'a1', data: 'UklGRg==', expires_at: 1, transcript: 'Hi' }
    expect(
      toRequestMessages([
        { role: 'assistant', content: 'Hi', refusal: null, tool_calls: [] },
        { role: 'assistant', content: null, refusal: null, audio: spoken },
        { role: 'assistant', content: null, refusal: null },
      ]),
    ).toEqual([
      { role: 'assistant', content: 'Hi' },
      { role: 'assistant', content: null, audio: { id: 'a1' } },
    ])
  })
})

function withIds(...ids: string[]): RequestMessage[] {
  return [
    {
      role: 'assistant',
      tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
    },
    ...ids.map((id): RequestMessage => ({ role: 'tool', tool_call_id: id, content: '' })),
  ]
}

describe('ids of tool calls', () => {
  test('become what Mistral wants, call and answer alike, the same in every request', () => {
    const [assistant, tool] = toRequestMessages(withIds('call_abc123'), { profile: mistral })
    const id = tool?.role === 'tool' ? tool.tool_call_id : ''
    expect(id).toMatch(/^[a-zA-Z0-9]{9}$/)
    expect(assistant).toMatchObject({ tool_calls: [{ id }] })
    expect(toRequestMessages(withIds('call_abc123'), { profile: mistral })[1]).toEqual(tool)
  })

  test('that fit stay', () => {
    const messages = withIds('abc123XYZ')
    expect(toRequestMessages(messages, { profile: mistral })).toEqual(messages)
  })

  test('stay apart, a thousand of them', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `call_${index}`)
    const mapped = toRequestMessages(withIds(...ids), { profile: mistral }).flatMap((message) =>
      message.role === 'tool' ? [message.tool_call_id] : [],
    )
    expect(new Set(mapped).size).toBe(1000)
  })

  test('of more than 40 characters become short for OpenAI', () => {
    const [, tool] = toRequestMessages(withIds('x'.repeat(41)), { profile: openai })
    expect(tool).toMatchObject({ tool_call_id: expect.stringMatching(/^.{9}$/) })
  })
})

test('arguments that came as an object become text again', () => {
  const given = {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'a', function: { name: 'f', arguments: { x: 1 } } }],
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  expect(toRequestMessages([given as unknown as CompletionMessage])).toMatchObject([
    { tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }] },
  ])
})

test('messages that need no change are the same objects', () => {
  const messages: RequestMessage[] = [
    { role: 'system', content: 'Be brief.' },
    question,
    { role: 'assistant', content: 'Hi' },
    {
      role: 'assistant',
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'a', content: '1' },
  ]
  toRequestMessages(messages, { profile: openai }).forEach((message, index) => {
    expect(message).toBe(messages[index])
  })
})

test('the messages of a chat are taken as they are held', () => {
  const node = { id: '1', parentId: null, createdAt: 0 }
  const history: ChatMessage[] = [
    { ...node, role: 'user', message: { role: 'user', content: 'Hello' } },
    {
      ...node,
      role: 'assistant',
      choice: {
        index: 0,
        message: { role: 'assistant', content: 'Hi', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
      reasoning: '',
      status: 'finished',
      finishReason: 'stop',
      model: 'm',
      timings: { startedAt: 0 },
      issues: [],
      envelope: {},
      toolRuns: {},
    },
  ]
  expect(toRequestMessages(history)).toEqual([
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Hi' },
  ])
})
