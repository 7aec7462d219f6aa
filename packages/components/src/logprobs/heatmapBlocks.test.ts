import { alignTokens, createTokenAlignment, createTokenSeries, type TokenLogprob } from '@candor/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createHeatmapBlocks, type HeatmapBlock } from './heatmapBlocks.ts'

const token = (text: string, bits = 0): TokenLogprob => ({
  token: text,
  logprob: -bits * Math.LN2,
  bytes: null,
})

function blocksOf(...tokens: TokenLogprob[]): readonly HeatmapBlock[] {
  const series = createTokenSeries(tokens).snapshot()
  return createHeatmapBlocks().update(
    series,
    alignTokens(series, tokens.map((entry) => entry.token).join('')),
  )
}

/** Marks as "text:bin". */
const marksOf = ({ text, marks }: HeatmapBlock): string[] =>
  Array.from({ length: marks.length / 3 }, (_, at) => {
    const [from, to, bin] = marks.slice(at * 3, at * 3 + 3)
    return `${text.slice(from, to)}:${bin}`
  })

describe('blocks of a text', () => {
  test('mark the words of tokens, not the blanks around them', () => {
    const [block] = blocksOf(token('so'), token(' pack', 2.9), token(' a', 0.5), token(' raincoat', 5))
    expect(block?.text).toBe('so pack a raincoat')
    expect(marksOf(block!)).toEqual(['pack:3', 'a:1', 'raincoat:4'])
  })

  test('mark blanks that are a token of their own', () => {
    expect(marksOf(blocksOf(token('a'), token('\n', 3), token('b'))[0]!)).toEqual(['\n:3'])
  })

  test('mark the line breaks of a token where they are', () => {
    const [block] = blocksOf(token('en.\n', 3), token('Then.\n\n', 3), token('\n  go', 3), token(' a\nb', 3))
    expect(marksOf(block!)).toEqual(['en.:3', '\n:3', 'Then.:3', '\n\n:3', '\n:3', 'go:3', 'a\nb:3'])
  })

  test('end where a line does, once there is enough', () => {
    const line = `${'word '.repeat(40)}\n`
    const blocks = blocksOf(...Array.from({ length: 9 }, () => token(line)))
    expect(blocks.map(({ text, endsLine }) => [text.length / line.length, endsLine])).toEqual([
      [3, true],
      [3, true],
      [3, true],
    ])
  })

  test('share a token of two line breaks', () => {
    const long = 'x'.repeat(500)
    const blocks = blocksOf(token(long), token('\n\n', 5), token('b'))
    expect(blocks.map(marksOf)).toEqual([['\n:4'], ['\n:4']])
  })

  test('cut a line without end between two tokens', () => {
    const blocks = blocksOf(...Array.from({ length: 1_000 }, () => token(' word')))
    expect(blocks.map(({ text }) => text.length % 5)).toEqual(blocks.map(() => 0))
    expect(blocks.slice(0, -1).map(({ endsLine, text }) => [endsLine, text.length])).toEqual([
      [false, 2_000],
      [false, 2_000],
    ])
  })
})

describe('blocks of a text that grows', () => {
  const word = fc.constantFrom('a', ' word', '\n', '\n\n', ' and so on', '.', ' long'.repeat(30), '💙')
  test('are those of the whole text, and finished ones stay the same objects', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.integer({ min: 0, max: 6 })), { maxLength: 120 }), (words) => {
        const draft = createTokenSeries()
        const alignment = createTokenAlignment()
        const blocks = createHeatmapBlocks()
        let text = ''
        let before: readonly HeatmapBlock[] = []
        for (const [piece, bits] of words) {
          text += piece
          draft.append([token(piece, bits)])
          const now = blocks.update(draft.snapshot(), alignment.align(draft.snapshot(), text))
          expect(now.map((block) => block.text).join('')).toBe(text)
          const kept = now.filter((block) => before.includes(block)).length
          expect(kept).toBeGreaterThanOrEqual(before.length - 2)
          before = now
        }
        const series = draft.snapshot()
        expect(before).toEqual(createHeatmapBlocks().update(series, alignTokens(series, text)))
      }),
    )
  })

  test('begin anew with another text', () => {
    const blocks = createHeatmapBlocks()
    for (const text of ['one', 'two']) {
      const series = createTokenSeries([token(text, 2)]).snapshot()
      expect(blocks.update(series, alignTokens(series, text)).map((block) => block.text)).toEqual([text])
    }
  })
})
