import type { TokenLogprob } from '@candor/core'

import { random } from './random.ts'

/** What a choice of a generated answer must come out as. */
export interface ExpectedChoice {
  content: string
  arguments: string
  tokens: number
}

/** An answer as a server streams it: one record a token, fields as OpenAI sends them. */
export interface GeneratedStream {
  /** UTF-8, each with its blank line, `[DONE]` last. */
  readonly records: readonly Uint8Array[]
  readonly choices: readonly ExpectedChoice[]
}

const encoder = new TextEncoder()

/** As many tokens as a small model knows. */
const vocabulary = Array.from({ length: 49_152 }, (_, id) => ` tok${id.toString(36)}`)

/** Words follow Zipf's law: a few stand everywhere, most hardly ever. */
function pickToken(next: () => number): string {
  return vocabulary[Math.floor(vocabulary.length ** next())] ?? ''
}

/** A chunk as OpenAI sends them. */
export function chunkOf(choice: object): object {
  return {
    id: 'chatcmpl-D8Z5oo6uDh67AD85p73ksdT1KxhE0',
    object: 'chat.completion.chunk',
    created: 1_770_933_892,
    model: 'gpt-4.1-nano-2025-04-14',
    service_tier: 'default',
    system_fingerprint: 'fp_de604bd877',
    choices: [choice],
    usage: null,
  }
}

function record(choice: object): Uint8Array {
  return encoder.encode(`data: ${JSON.stringify(chunkOf(choice))}\n\n`)
}

const done = encoder.encode('data: [DONE]\n\n')

/** Text of so many tokens in each of some choices, each token with some alternatives (0: no logprobs at all). */
export function generateText(tokens: number, alternatives = 0, choices = 1): GeneratedStream {
  const expected = Array.from({ length: choices }, (): ExpectedChoice => ({
    content: '',
    arguments: '',
    tokens: 0,
  }))
  return { records: [...textRecords(tokens, alternatives, expected)], choices: expected }
}

/** The records one by one, for a stream that is not to be held in memory; fills `choices` as it goes. */
export function* textRecords(
  tokens: number,
  alternatives: number,
  choices: readonly ExpectedChoice[],
): Generator<Uint8Array> {
  const next = random(7)
  for (const index of choices.keys()) {
    const delta = { role: 'assistant', content: '', refusal: null }
    yield record({ index, delta, logprobs: null, finish_reason: null })
  }
  for (let token = 0; token < tokens; token++) {
    for (const [index, choice] of choices.entries()) {
      const content = pickToken(next)
      const logprobs =
        alternatives > 0 ? { content: [generateLogprob(content, next, alternatives)], refusal: null } : null
      yield record({ index, delta: { content }, logprobs, finish_reason: null })
      choice.content += content
      if (alternatives > 0) choice.tokens++
    }
  }
  for (const index of choices.keys())
    yield record({ index, delta: {}, logprobs: null, finish_reason: 'stop' })
  yield done
}

/** One entry of `logprobs.content`. */
export function generateLogprob(token: string, next: () => number, alternatives: number): TokenLogprob {
  const top_logprobs = Array.from({ length: alternatives }, (_, rank) =>
    generateEntry(rank === 0 ? token : pickToken(next), -0.1 - rank - next()),
  )
  return { ...generateEntry(token, -next()), top_logprobs }
}

function generateEntry(token: string, logprob: number): { token: string; logprob: number; bytes: number[] } {
  return { token, logprob, bytes: Array.from(encoder.encode(token)) }
}

/** One tool call whose arguments have so many characters and come in deltas of four: a program to be written to a file. */
export function generateToolCall(characters: number): GeneratedStream {
  const text = fileArguments(characters)
  const call = { index: 0, id: 'call_DdmO9pD3xa9XTPNJ32zg2hcA', type: 'function' }
  const records = [
    record({
      index: 0,
      delta: {
        role: 'assistant',
        content: null,
        tool_calls: [{ ...call, function: { name: 'write_file', arguments: '' } }],
        refusal: null,
      },
      logprobs: null,
      finish_reason: null,
    }),
    ...cutText(text, 4).map((fragment) =>
      record({
        index: 0,
        delta: { tool_calls: [{ index: 0, function: { arguments: fragment } }] },
        logprobs: null,
        finish_reason: null,
      }),
    ),
    record({ index: 0, delta: {}, logprobs: null, finish_reason: 'tool_calls' }),
    done,
  ]
  return { records, choices: [{ content: '', arguments: text, tokens: 0 }] }
}

/** Arguments that are mostly one long string. */
export function fileArguments(characters: number): string {
  const line = 'export function add(a: number, b: number) {\n  return `${a} + "${b}"`\n}\n'
  const frame = JSON.stringify({ path: 'src/add.ts', content: '' }).length
  // A line as JSON is longer than itself, by its escapes.
  const lines = Math.ceil((characters - frame) / (JSON.stringify(line).length - 2))
  return JSON.stringify({ path: 'src/add.ts', content: line.repeat(lines) })
}

/** A list of objects, as a structured output has it. */
export function rowsText(characters: number): string {
  const rows: string[] = []
  let length = 0
  for (let id = 0; length < characters; id++) {
    const row = {
      id,
      name: `Person ${id}`,
      email: `p${id}@example.org`,
      tags: ['a', 'b'],
      score: id * 1.5,
      ok: id % 2 === 0,
    }
    rows.push(JSON.stringify(row))
    length += rows.at(-1)!.length + 1
  }
  return `{"rows":[${rows.join(',')}]}`
}

/** One flat list of numbers: the most entries that a text of its length can have open. */
export function numbersText(characters: number): string {
  const next = random(3)
  const numbers: number[] = []
  for (let length = 0; length < characters; length += 7) numbers.push(Math.floor(100_000 + next() * 900_000))
  return JSON.stringify(numbers)
}

/** A text in pieces of so many UTF-16 units. */
export function cutText(text: string, units: number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += units) pieces.push(text.slice(at, at + units))
  return pieces
}

/** Bytes in pieces of so many, cut wherever that falls. */
export function joinRecords(records: readonly Uint8Array[], pieceBytes: number): Uint8Array[] {
  const all = Buffer.concat(records)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < all.length; at += pieceBytes)
    pieces.push(Uint8Array.from(all.subarray(at, at + pieceBytes)))
  return pieces
}
