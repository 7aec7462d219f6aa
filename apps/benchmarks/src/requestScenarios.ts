import {
  buildRequest,
  serializeRequest,
  type ChatCompletionParams,
  type RequestMessage,
  type Tool,
} from '@candor/core'
import { modelMessageSchema, type ModelMessage } from 'ai'

import type { Scenario } from './Scenario.ts'

const question = 'What is the weather in Oslo, and should I take an umbrella? '.repeat(8)
const answer = 'It is 18 degrees and dry, so you can leave it at home. '.repeat(8)

/** Turns of four messages: a question, a call of a tool, its answer, an answer. */
function conversation(count: number): RequestMessage[] {
  return Array.from({ length: count / 4 }, (_, turn): RequestMessage[] => [
    { role: 'user', content: [{ type: 'text', text: question }] },
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        {
          id: `call_${turn}`,
          type: 'function',
          function: { name: 'tool_1', arguments: '{"city":"Oslo","days":1}' },
        },
      ],
    },
    { role: 'tool', tool_call_id: `call_${turn}`, content: '{"temperature":18,"rain":0}' },
    { role: 'assistant', content: answer },
  ]).flat()
}

/** The same conversation as the AI SDK holds it. */
function modelMessages(count: number): ModelMessage[] {
  return Array.from({ length: count / 4 }, (_, turn): ModelMessage[] => {
    const call = { toolCallId: `call_${turn}`, toolName: 'tool_1' }
    return [
      { role: 'user', content: [{ type: 'text', text: question }] },
      { role: 'assistant', content: [{ type: 'tool-call', ...call, input: { city: 'Oslo', days: 1 } }] },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', ...call, output: { type: 'json', value: { temperature: 18, rain: 0 } } },
        ],
      },
      { role: 'assistant', content: answer },
    ]
  }).flat()
}

const tools = Array.from({ length: 128 }, (_, index): Tool => ({
  type: 'function',
  function: {
    name: `tool_${index}`,
    description: 'Tells the weather of a city for some days.',
    strict: true,
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string', description: 'Name of the city' },
        days: { type: 'integer', minimum: 1, maximum: 10 },
        unit: { enum: ['celsius', 'kelvin', null] },
      },
      required: ['city', 'days', 'unit'],
      additionalProperties: false,
    },
  },
}))

/** Checking a whole request before it is sent. */
export const requestScenarios: readonly Scenario[] = [
  {
    name: 'request',
    title: 'check a conversation with 128 strict tools before it is sent',
    unit: 'messages',
    sizes: [1000, 2000, 4000],
    measures: 'time',
    prepare(size) {
      const params: ChatCompletionParams = {
        model: 'm',
        messages: conversation(size),
        tools,
        tool_choice: 'auto',
        temperature: 1,
        seed: 7,
        stream: true,
        stream_options: { include_usage: true },
      }
      const theirs = modelMessages(size)
      const bytes = JSON.stringify(params).length
      return {
        contenders: [
          { name: 'JSON.stringify', note: 'checks nothing', run: () => JSON.stringify(params) },
          {
            name: 'buildRequest',
            run: () => serializeRequest(buildRequest(params)),
            note: 'and writes the JSON',
          },
          {
            name: 'ai: modelMessageSchema',
            note: 'messages only, copies them, no rules between them',
            run: () => modelMessageSchema.array().parse(theirs),
          },
        ],
        check(result) {
          const count = typeof result === 'string' ? result.length : Array.isArray(result) ? result.length : 0
          const expected = typeof result === 'string' ? bytes : size
          if (count !== expected) throw new Error(`Expected ${expected}, got ${count}.`)
        },
      }
    },
  },
]
