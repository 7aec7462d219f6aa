import { describe, expect, it } from 'vitest'

import { CompletionError } from '../CompletionError.ts'
import { fuzzStream } from './fuzzStream.ts'
import { delta, play, stop } from './quirkHarness.ts'

describe('mutated recordings', () => {
  // Ten tests, so that a failure is told early and the run shows that it goes on.
  it.each(Array.from({ length: 10 }, (_, at) => at))(
    'seeds %i0,000 and on: no stream breaks the client',
    async (tenth) => {
      for (let seed = tenth * 10_000; seed < (tenth + 1) * 10_000; seed++) await fuzzStream(seed)
      expect('polluted' in {}).toBe(false)
    },
    120_000,
  )
})

function bytes(text: string): Uint8Array<ArrayBuffer>[] {
  return [new TextEncoder().encode(text)]
}

describe('hostile streams', () => {
  const large = 10_000_000

  it('a line of 10 MB is read like any other', async () => {
    const { completion } = await play(bytes(delta(`{"content":"${'x'.repeat(large)}"}`) + stop))
    expect(completion.choices[0]?.message.content).toHaveLength(large)
  })

  it('a line of 10 MB that is no field is left out', async () => {
    const { completion, issues } = await play(
      bytes(`${'x'.repeat(large)}\n${delta('{"content":"Hi"}')}${stop}`),
    )
    expect(completion.choices[0]?.message.content).toBe('Hi')
    expect(issues.map((issue) => issue.code)).toEqual(['unknown-line'])
    expect(JSON.stringify(issues).length).toBeLessThan(2000)
  })

  it('a chunk that is nested 100,000 levels deep leaves an answer that can be copied and written out', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    const body =
      delta(`{"content":"Hi","deep":${deep}}`) +
      delta(
        `{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":${deep}},"deep":${deep}}]}`,
      ) +
      delta(
        '{}',
        `,"logprobs":{"content":[{"token":"a","logprob":-1,"top_logprobs":[],"deep":${deep}}],"deep":${deep}}`,
      ) +
      `data: {"id":"c","choices":[],"deep":${deep},"usage":{"deep":${deep}}}\n\n` +
      stop
    const snapshot = await play(bytes(body))
    expect(snapshot.completion.choices[0]?.message.content).toBe('Hi')
    expect(snapshot.ending).toBe('finished')
    expect(() => JSON.stringify(snapshot)).not.toThrow()
    expect(() => structuredClone(snapshot)).not.toThrow()
  })

  it('an error that is nested 100,000 levels deep can be copied and written out', async () => {
    const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)
    const { error } = await play(bytes(`data: {"error":{"message":"m","deep":${deep}}}\n\n`))
    expect(error?.serverMessage).toBe('m')
    expect(() => JSON.stringify(error)).not.toThrow()
  })

  it('500 choices and 500 tool calls are 128 of each', async () => {
    const choices = Array.from({ length: 500 }, (_, index) => `{"index":${index},"delta":{"content":"x"}}`)
    const calls = Array.from(
      { length: 500 },
      (_, index) => `{"index":${index},"id":"c${index}","function":{"name":"f"}}`,
    )
    const body = `data: {"choices":[${choices.join(',')}]}\n\n${delta(`{"tool_calls":[${calls.join(',')}]}`)}${stop}`
    const { completion, issues } = await play(bytes(body))
    expect(completion.choices).toHaveLength(128)
    expect(completion.choices[0]?.message.tool_calls).toHaveLength(128)
    expect(issues.map((issue) => issue.code)).toContain('too-many-tool-calls')
  })

  it('10,000 unknown fields are 256', async () => {
    const fields = Array.from({ length: 10_000 }, (_, at) => `"f${at}":${at}`)
    const { completion } = await play(
      bytes(`data: {"choices":[],${fields.join(',')}}\n\n${delta('{"content":"Hi"}')}${stop}`),
    )
    expect(Object.keys(completion).length).toBeLessThan(300)
  })

  it('10,000 empty records and comments are one issue', async () => {
    const { issues, ending } = await play(bytes(':\n\ndata: 1\n\n'.repeat(10_000) + stop))
    expect(ending).toBe('finished')
    expect(issues).toEqual([expect.objectContaining({ code: 'not-a-chunk', count: 10_000 })])
  })

  it('a server that answers with nothing but comments said nothing', async () => {
    const { error } = await play(bytes(': hello\n\n'.repeat(1000)))
    expect(error?.type).toBe('not-an-api')
    expect(new CompletionError(error!).message).toContain('before it had said anything')
  })
})
