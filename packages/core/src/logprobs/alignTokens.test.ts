import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { TokenLogprob } from '../wire.ts'
import { alignTokens, createTokenAlignment, tokenStrip, type TokenAlignment } from './alignTokens.ts'
import { createTokenSeries, type TokenSeries } from './TokenSeries.ts'

const utf8 = new TextEncoder()

/** Tokens by their text (bytes listed), or by their bytes alone. */
function series(...tokens: (string | number[] | TokenLogprob)[]) {
  return createTokenSeries(
    tokens.map((token): TokenLogprob => {
      if (typeof token === 'string') return { token, logprob: -1, bytes: Array.from(utf8.encode(token)) }
      if (Array.isArray(token)) return { token: escapes(token), logprob: -1, bytes: token }
      return token
    }),
  ).snapshot()
}

const escapes = (bytes: number[]): string => bytes.map((byte) => `\\x${byte.toString(16)}`).join('')

/** Units as text with the numbers of their tokens. */
function units(alignment: TokenAlignment): string[] {
  return Array.from({ length: alignment.unitCount }, (_, index) => {
    const { start, end, from, to } = alignment.unit(index)
    return `${alignment.text.slice(start, end)} ${from}${to > from + 1 ? `–${to - 1}` : ''}`
  })
}

describe('tokens that are the text', () => {
  test('are a unit each', () => {
    const alignment = alignTokens(series('Paris', ' is', ' big', '.'), 'Paris is big.')
    expect(units(alignment)).toEqual(['Paris 0', ' is 1', ' big 2', '. 3'])
    expect(alignment).toMatchObject({ mode: 'exact', unplaced: 0, uncovered: 0, empty: 0 })
  })

  test('are one unit where they write one character: OpenAI, parts of an emoji', () => {
    const alignment = alignTokens(series('I', [0x20, 0xf0, 0x9f], [0x92], [0x99], '!'), 'I 💙!')
    expect(units(alignment)).toEqual(['I 0', ' 💙 1–3', '! 4'])
  })

  test('are one unit where they write one character of several code points', () => {
    expect(
      units(
        alignTokens(series('👩', '\u200d', '👩', '\u200d', '👧', '🇯', '🇵', 'e', '\u0301'), '👩‍👩‍👧🇯🇵e\u0301'),
      ),
    ).toEqual(['👩‍👩‍👧 0–4', '🇯🇵 5–6', 'e\u0301 7–8'])
  })

  test('are found by their escapes when the server tells no bytes', () => {
    const tokens = [' \\xf0\\x9f', '\\x92\\x99'].map((token) => ({ token, logprob: -1, bytes: null }))
    expect(units(alignTokens(series(...tokens), ' 💙'))).toEqual([' 💙 0–1'])
  })

  test('are found by their text where a program writes what looks like an escape', () => {
    const token = { token: "b'\\xff'", logprob: -1, bytes: null }
    expect(units(alignTokens(series('x=', token), "x=b'\\xff'"))).toEqual(['x= 0', "b'\\xff' 1"])
  })

  test("are found though the server shows a tokenizer's glyphs: LMDeploy", () => {
    expect(units(alignTokens(series('Hello', 'Ġworld', 'Ċ', '▁ok'), 'Hello world\n ok'))).toEqual([
      'Hello 0',
      ' world 1',
      '\n 2',
      ' ok 3',
    ])
  })
})

describe('characters in pieces', () => {
  test('llama.cpp: the last part has the bytes of all parts', () => {
    const alignment = alignTokens(series('a', [0xf0, 0x9f], [0x92], [0xf0, 0x9f, 0x92, 0x99], '!'), 'a💙!')
    expect(units(alignment)).toEqual(['a 0', '💙 1–3', '! 4'])
    expect(alignment.mode).toBe('exact')
  })

  test('vLLM: the first parts are empty, the last has the character', () => {
    const alignment = alignTokens(series('a', [], [], '💙', 'b', []), 'a💙b')
    expect(units(alignment)).toEqual(['a 0', '💙 1–3', 'b 4'])
    expect(alignment).toMatchObject({ mode: 'exact', empty: 1 })
  })

  test('Ollama: each byte of a part came as U+FFFD', () => {
    const alignment = alignTokens(series('rich', ' �', '�', '�', '��', '�', ' Na'), 'rich 東京 Na')
    expect(units(alignment)).toEqual(['rich 0', ' 東 1–3', '京 4–5', ' Na 6'])
    expect(alignment.mode).toBe('exact')
  })

  test('Python: several bytes came as one U+FFFD', () => {
    const alignment = alignTokens(series('a', '�', '�', 'b'), 'a💙b')
    expect(units(alignment)).toEqual(['a 0', '💙 1–2', 'b 3'])
  })

  test('a model that writes U+FFFD itself is taken at its word', () => {
    expect(units(alignTokens(series('a', '�', 'b'), 'a�b'))).toEqual(['a 0', '� 1', 'b 2'])
  })

  test('llama-cpp-python: the characters are lost from the text too, and their tokens have none', () => {
    const alignment = alignTokens(series('rich', ' ', [], [], [], ' na'), 'rich  na')
    expect(units(alignment)).toEqual(['rich 0', '  1', ' na 5'])
    expect(alignment).toMatchObject({ mode: 'exact', empty: 3 })
  })
})

describe('tokens and text that differ', () => {
  test('an end-of-sequence token has no place', () => {
    const alignment = alignTokens(series('Yes', []), 'Yes')
    expect(alignment).toMatchObject({ mode: 'exact', empty: 1, unitCount: 1 })
    expect(alignment.unitOfToken(1)).toBeUndefined()
  })

  test('a special token at the end that the text leaves out', () => {
    expect(alignTokens(series('Yes', '<|im_end|>'), 'Yes')).toMatchObject({ mode: 'partial', unplaced: 1 })
  })

  test('reasoning before the text', () => {
    const alignment = alignTokens(
      series('Hm', ',', ' Paris', ' then', '.', 'Paris', ' it', ' is', '.'),
      'Paris it is.',
    )
    expect(units(alignment)).toEqual(['Paris 5', ' it 6', ' is 7', '. 8'])
    expect(alignment).toMatchObject({ mode: 'partial', unplaced: 5, uncovered: 0 })
  })

  test('a prefill that the text repeats', () => {
    const alignment = alignTokens(
      series('ib', 're', ' is', ' large', '.'),
      'The capital city is calibre is large.',
    )
    expect(units(alignment)).toEqual(['ib 0', 're 1', ' is 2', ' large 3', '. 4'])
    expect(alignment).toMatchObject({ mode: 'partial', uncovered: 'The capital city is cal'.length })
  })

  test('a fence that a grammar held back', () => {
    const alignment = alignTokens(series('```', '{"', 'name', '":', ' 1', '}'), '{"name": 1}')
    expect(units(alignment)).toEqual(['{" 1', 'name 2', '": 3', ' 1 4', '} 5'])
    expect(alignment).toMatchObject({ mode: 'partial', unplaced: 1, uncovered: 0 })
  })

  test('tokens that a proxy sent twice', () => {
    const words = ['Once', ' upon', ' a', ' time', ' there', ' was']
    const alignment = alignTokens(series(...words, ...words), words.join(''))
    expect(alignment).toMatchObject({ unplaced: 6, uncovered: 0 })
    expect(alignment.unitCount).toBe(6)
  })

  test('a stretch of tokens that a proxy lost', () => {
    const alignment = alignTokens(
      series('One', ' two', ' five', ' six', ' seven'),
      'One two three four five six seven',
    )
    expect(units(alignment)).toEqual(['One 0', ' two 1', ' five 2', ' six 3', ' seven 4'])
    expect(alignment).toMatchObject({ mode: 'partial', unplaced: 0, uncovered: ' three four'.length })
  })

  test('tokens of a tool call, and no text', () => {
    expect(alignTokens(series('get', '_weather'), '')).toMatchObject({
      mode: 'detached',
      unplaced: 2,
      unitCount: 0,
    })
  })

  test('32,000 tokens of another answer are given up without being looked for one by one', () => {
    const tokens = series(...Array.from({ length: 32_000 }, (_, index) => ` no${index}`))
    let reads = 0
    const counting: TokenSeries = Object.assign(Object.create(tokens), {
      length: tokens.length,
      token: (index: number) => tokens.token(index),
      bytes: (index: number) => {
        reads++
        return tokens.bytes(index)
      },
    })
    const alignment = alignTokens(counting, 'x'.repeat(100_000))
    expect(alignment).toMatchObject({ mode: 'detached', unplaced: 32_000, uncovered: 100_000 })
    expect(reads).toBeLessThan(32_000 * 3)
  })

  test('tokens of another answer', () => {
    const alignment = alignTokens(
      series('Nothing', ' of', ' this', ' fits', ' anywhere'),
      'Paris, London und Wien',
    )
    expect(alignment.mode).toBe('detached')
    expect(alignment.text).toBe('Paris, London und Wien')
  })
})

describe('an answer that streams', () => {
  test('is aligned as the whole would be, wherever it is cut', () => {
    const character = fc.constantFrom('a', ' ', '\n', 'é', '東', '💙', '👩‍👩‍👧', '🇯🇵', 'e\u0301', 'ß', 'क्ष', '한')
    fc.assert(
      fc.property(
        fc.array(character, { minLength: 1, maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 80 }),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 40 }),
        (characters, sizes, steps) => {
          const text = characters.join('')
          const bytes = Array.from(utf8.encode(text))
          const tokens: number[][] = []
          for (let at = 0; at < bytes.length;) {
            const size = sizes[tokens.length % sizes.length]!
            tokens.push(bytes.slice(at, at + size))
            at += size
          }
          const whole = alignTokens(series(...tokens), text)
          expect(whole).toMatchObject({ mode: 'exact', unplaced: 0, uncovered: 0 })
          expectTiling(whole, tokens.length)

          // Text comes in whole characters, as a server's decoder lets it go, tokens as they are drawn.
          const draft = createTokenSeries()
          const alignment = createTokenAlignment()
          const decoder = new TextDecoder()
          let soFar = ''
          let settled: string[] = []
          for (let at = 0, turn = 0; at < tokens.length; turn++) {
            const count = steps[turn % steps.length]!
            for (const token of tokens.slice(at, at + count)) {
              soFar += decoder.decode(Uint8Array.from(token), { stream: true })
            }
            draft.append(series(...tokens.slice(at, at + count)).entries())
            at += count
            const now = alignment.align(draft.snapshot(), soFar)
            expect(now.text).toBe(soFar)
            expect(units(now).slice(0, settled.length)).toEqual(settled)
            settled = units(now).slice(0, now.settledCount)
          }
          expect(units(alignment.align(draft.snapshot(), text))).toEqual(units(whole))
        },
      ),
    )
  })

  test('leaves earlier alignments as they were', () => {
    const draft = createTokenSeries()
    const alignment = createTokenAlignment()
    draft.append(series('```', '{"').entries())
    const before = alignment.align(draft.snapshot(), '{"')
    expect(units(before)).toEqual(['{" 1'])
    draft.append(series('a', '":', '1}').entries())
    const after = alignment.align(draft.snapshot(), '{"a":1}')
    expect(units(after)).toEqual(['{" 1', 'a 2', '": 3', '1} 4'])
    expect(units(before)).toEqual(['{" 1'])
  })

  test('joins a mark that comes later to the character that it belongs to', () => {
    const draft = createTokenSeries(series('e').entries())
    const alignment = createTokenAlignment()
    expect(units(alignment.align(draft.snapshot(), 'e'))).toEqual(['e 0'])
    draft.append(series('\u0301', 'a').entries())
    expect(units(alignment.align(draft.snapshot(), 'e\u0301a'))).toEqual(['e\u0301 0–1', 'a 2'])
  })

  test('waits for text that comes after its tokens, and for tokens that come after their text', () => {
    const draft = createTokenSeries(series('Hello', ' world').entries())
    const alignment = createTokenAlignment()
    expect(alignment.align(draft.snapshot(), 'Hel')).toMatchObject({
      unitCount: 0,
      unplaced: 2,
      uncovered: 3,
    })
    expect(alignment.align(draft.snapshot(), 'Hello world, hi')).toMatchObject({ unitCount: 2, uncovered: 4 })
  })

  test('gives the same object for the same text and tokens', () => {
    const tokens = series('a')
    const alignment = createTokenAlignment()
    expect(alignment.align(tokens, 'a')).toBe(alignment.align(tokens, 'a'))
  })

  test('begins anew with another text or other tokens', () => {
    const alignment = createTokenAlignment()
    expect(units(alignment.align(series('a', 'b'), 'ab'))).toEqual(['a 0', 'b 1'])
    expect(units(alignment.align(series('c', 'd'), 'cd'))).toEqual(['c 0', 'd 1'])
  })
})

test('units and tokens find one another', () => {
  const alignment = alignTokens(series('```', 'a', [0xf0, 0x9f], [0x92, 0x99], ' b'), 'a💙 b')
  expect([0, 1, 2, 3, 4].map((token) => alignment.unitOfToken(token))).toEqual([undefined, 0, 1, 1, 2])
  expect([0, 1, 2, 3, 4].map((offset) => alignment.unitAt(offset))).toEqual([0, 1, 1, 2, 2])
  expect(alignment.unitAt(5)).toBeUndefined()
  expect(() => alignment.unit(3)).toThrow('The text has 3 units; there is no unit 3.')
})

test('tokens without a text stand on one of their own', () => {
  const strip = tokenStrip(series('get', '_weather', '\n', []))
  expect(strip).toMatchObject({ text: 'get _weather ↵ ∅ ', mode: 'exact' })
  expect(units(strip)).toEqual(['get 0', '_weather 1', '↵ 2', '∅ 3'])
})

test('Σ of the units is Σ of the tokens', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          text: fc.constantFrom('a', '💙', ' é', '東京'),
          logprob: fc.double({ min: -20, max: 0, noNaN: true }),
        }),
        {
          minLength: 1,
          maxLength: 30,
        },
      ),
      fc.integer({ min: 1, max: 3 }),
      (words, size) => {
        const bytes = words.flatMap(({ text }) => Array.from(utf8.encode(text)))
        const entries = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index): TokenLogprob => {
          const part = bytes.slice(index * size, (index + 1) * size)
          return { token: escapes(part), logprob: words[index % words.length]!.logprob, bytes: part }
        })
        const tokens = createTokenSeries(entries).snapshot()
        const alignment = alignTokens(tokens, words.map(({ text }) => text).join(''))
        let sum = 0
        for (let index = 0; index < alignment.unitCount; index++) {
          const { from, to } = alignment.unit(index)
          sum += tokens.totals(from, to).logprob
        }
        expect(sum).toBeCloseTo(tokens.totals().logprob, 9)
        expectTiling(alignment, entries.length)
      },
    ),
  )
})

/** Every character and every token in exactly one unit, in order, and no unit within a character. */
function expectTiling(alignment: TokenAlignment, tokens: number): void {
  const graphemes = new Set(
    Array.from(
      new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(alignment.text),
      ({ index }) => index,
    ),
  )
  let [offset, token] = [0, 0]
  for (let index = 0; index < alignment.unitCount; index++) {
    const unit = alignment.unit(index)
    expect([unit.start, unit.from]).toEqual([offset, token])
    expect(graphemes.has(unit.start)).toBe(true)
    ;[offset, token] = [unit.end, unit.to]
  }
  expect([offset, token]).toEqual([alignment.text.length, tokens])
}

const recordings = join(import.meta.dirname, '../../../../../shared/recordings/servers')

describe.runIf(existsSync(recordings))('recorded answers', () => {
  test.each([
    ['ollama/logprobs-stream.sse', 'exact', 0],
    ['ollama/unicode-logprobs-stream.sse', 'exact', 0],
    ['llama-cpp-python/logprobs-stream.sse', 'exact', 0],
    ['llama-cpp-python/unicode-logprobs-stream.sse', 'exact', 16],
    ['llama-cpp-python/err-top-logprobs-99-stream.sse', 'exact', 0],
  ])('%s is %s, with %i tokens without text', (file, mode, empty) => {
    const chunks = Array.from(
      readFileSync(join(recordings, file), 'utf8').matchAll(/^data: (\{.*)$/gm),
      ([, body]): Chunk => JSON.parse(body!),
    )
    const draft = createTokenSeries()
    const alignment = createTokenAlignment()
    let text = ''
    for (const { choices } of chunks) {
      text += choices[0]?.delta.content ?? ''
      draft.append(choices[0]?.logprobs?.content ?? [])
      alignment.align(draft.snapshot(), text)
    }
    const streamed = alignment.align(draft.snapshot(), text)
    expect(streamed).toMatchObject({ mode, empty, unplaced: 0, uncovered: 0, text })
    expect(units(streamed)).toEqual(units(alignTokens(draft.snapshot(), text)))
  })
})

interface Chunk {
  choices: { delta: { content?: string | null }; logprobs?: { content: TokenLogprob[] | null } | null }[]
}
