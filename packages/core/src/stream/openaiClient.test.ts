import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'

import { createRandom, type Random } from '../testing/createRandom.ts'
import { recordings, replayResponse } from '../testing/index.ts'
import type { ChatCompletion } from '../wire.ts'
import { createCompletion } from './streamCompletion.ts'

/** What the official client makes of the same bytes, without what it adds of its own. */
async function officialCompletion(body: string, n: number): Promise<unknown> {
  const client = new OpenAI({
    apiKey: 'k',
    maxRetries: 0,
    fetch: () => Promise.resolve(replayResponse(body)),
  })
  const runner = client.chat.completions.stream({
    model: 'm',
    messages: [{ role: 'user', content: 'Hi' }],
    n,
  })
  return plain(await runner.finalChatCompletion())
}

async function ourCompletion(body: string, n: number): Promise<ChatCompletion> {
  const { completion, issues } = await createCompletion(
    { model: 'm', messages: [{ role: 'user', content: 'Hi' }], n, stream: true },
    { baseURL: 'http://localhost/v1', fetch: () => Promise.resolve(replayResponse(body)) },
  )
  expect(issues).toEqual([])
  return plain(completion)
}

/**
 * JSON data, without the fields in which the official client differs by choice: `parsed` and `parsed_arguments`, which
 * it adds, and the stream's own `object`, which it keeps. Fields that are null or missing mean the same.
 */
function plain<Value>(value: Value): Value {
  return JSON.parse(
    JSON.stringify(value, (field, item: unknown) =>
      item === null || field === 'parsed' || field === 'parsed_arguments' || field === 'object'
        ? undefined
        : item,
    ),
  )
}

const words = ['Hello', ' world', ' 東京', ' 👩‍👩‍👧', '\n\n', ' "quoted"', ' \\', ' <b>', '', ' naïve']

/** A record with the usual envelope. */
function chunk(choices: object[], more: object = {}): string {
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'gpt-4o', service_tier: 'default', system_fingerprint: 'fp_1', choices, ...more })}\n\n`
}

/** A stream as the specification has it: anything that may come, in any order that may be. */
function generateStream(random: Random, n: number): string {
  const text = (): string => random.pick(words)
  const entry = (): object => {
    const token = text()
    return {
      token,
      logprob: -random.next(),
      bytes: [...new TextEncoder().encode(token)],
      top_logprobs: [{ token: 'x', logprob: -random.next(), bytes: [120] }],
    }
  }

  const records: [index: number, rank: number, record: string][] = []
  for (let index = 0; index < n; index++) {
    let rank = 0
    const add = (choice: object): void =>
      void records.push([index, rank++ + random.next(), chunk([{ index, finish_reason: null, ...choice }])])
    const kind = random.pick(['text', 'refusal', 'tools', 'text and tools'] as const)
    const hasLogprobs = random.below(2) === 0
    add({ delta: { role: 'assistant', content: kind === 'text' ? '' : null, refusal: null } })
    if (kind !== 'tools') {
      const field = kind === 'refusal' ? 'refusal' : 'content'
      for (let count = 1 + random.below(8); count > 0; count--) {
        const delta = { [field]: text() }
        add({ delta, logprobs: hasLogprobs ? { content: null, refusal: null, [field]: [entry()] } : null })
      }
    }
    if (kind === 'tools' || kind === 'text and tools') {
      const calls = 1 + random.below(3)
      for (let call = 0; call < calls; call++) {
        const isCustom = random.below(4) === 0
        const body = isCustom ? { name: `tool_${call}`, input: '' } : { name: `tool_${call}`, arguments: '' }
        const type = isCustom ? 'custom' : 'function'
        add({ delta: { tool_calls: [{ index: call, id: `call_${index}_${call}`, type, [type]: body }] } })
        const written = JSON.stringify({ city: text(), days: random.below(10) })
        for (let at = 0; at < written.length; at += 4) {
          const piece = { [isCustom ? 'input' : 'arguments']: written.slice(at, at + 4) }
          add({ delta: { tool_calls: [{ index: call, [type]: piece }] } })
        }
      }
    }
    const reason = kind.includes('tools') ? 'tool_calls' : random.pick(['stop', 'length', 'content_filter'])
    records.push([index, Number.POSITIVE_INFINITY, chunk([{ index, delta: {}, finish_reason: reason }])])
  }
  // Choices interleave; the records of each keep their order.
  const order = records
    .map(([, rank, record]) => ({ rank: Math.floor(rank), record }))
    .toSorted((a, b) => a.rank - b.rank)
  const usage = { prompt_tokens: 9, completion_tokens: records.length, total_tokens: 9 + records.length }
  const end = random.below(2) === 0 ? chunk([], { usage }) : ''
  return `${order.map(({ record }) => record).join('')}${end}data: [DONE]\n\n`
}

describe('the official client and ours make the same of streams as the specification has them', () => {
  it.each(Array.from({ length: 300 }, (_, seed) => seed))('seed %i', async (seed) => {
    const random = createRandom(seed)
    const n = 1 + random.below(3)
    const body = generateStream(random, n)
    expect(await ourCompletion(body, n)).toEqual(await officialCompletion(body, n))
  })

  it.each(
    Object.entries({
      text: recordings.text,
      markdown: recordings.markdown,
      textLogprobs: recordings.textLogprobs,
      toolCall: recordings.toolCall,
      toolCallsParallel: recordings.toolCallsParallel,
      jsonSchema: recordings.jsonSchema,
      lengthCut: recordings.lengthCut,
    }),
  )('recording %s', async (_, recording) => {
    // llama.cpp writes the time of each chunk: we keep the first, the official client the last.
    const ours = await ourCompletion(recording, 1)
    expect(await officialCompletion(recording, 1)).toEqual({ ...ours, created: expect.any(Number) as number })
  })
})
