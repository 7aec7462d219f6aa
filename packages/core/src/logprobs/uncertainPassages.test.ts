import { describe, expect, test } from 'vitest'

import { alignTokens } from './alignTokens.ts'
import { createTokenSeries } from './TokenSeries.ts'
import { uncertainPassages, type UncertainPassagesOptions } from './uncertainPassages.ts'

/** Passages of an answer of tokens with their bits, as "before[word]after bits @token". */
function passages(tokens: [text: string, bits: number][], options?: UncertainPassagesOptions): string[] {
  const series = createTokenSeries(
    tokens.map(([token, bits]) => ({ token, logprob: bits < 0 ? -9999 : -bits * Math.LN2 })),
  ).snapshot()
  const alignment = alignTokens(series, tokens.map(([token]) => token).join(''))
  return uncertainPassages(series, alignment, options).map(
    ({ before, word, after, bits, token }) => `${before}[${word}]${after} ${bits.toFixed(1)} @${token}`,
  )
}

describe('where it wavered', () => {
  test('the most surprising words with a word around them, the most surprising first', () => {
    expect(
      passages([
        ['Around', 0.1],
        [' 18', 1.7],
        [' degrees', 0],
        [', so', 0.2],
        [' pack', 2.9],
        [' a', 0.3],
        [' raincoat', 5.1],
        [',', 0],
        [' warm', 0.9],
      ]),
    ).toEqual(['a [raincoat], warm 5.1 @6', 'so [pack] a 2.9 @4', 'Around [18] degrees 1.7 @1'])
  })

  test('a word of several tokens is one passage, by its most surprising token', () => {
    expect(
      passages([
        ['a', 0],
        [' rain', 2],
        ['co', 4],
        ['at', 1.5],
        ['.', 0],
      ]),
    ).toEqual(['a [raincoat]. 4.0 @2'])
  })

  test('a line break and a mark are passages of their own', () => {
    expect(
      passages([
        ['yes', 0],
        ['!', 3],
        ['\n', 2],
        ['No', 0],
      ]),
    ).toEqual(['yes[!] 3.0 @1', 'yes![\n] 2.0 @2'])
  })

  test('Han is not swallowed as one long word', () => {
    expect(
      passages([
        ['東京', 0],
        ['は', 2],
        ['大き', 3],
        ['い', 0],
      ]),
    ).toEqual(['東京は[大き] 3.0 @2', '東京[は] 2.0 @1'])
  })

  test('a token that is only "less likely than those listed" counts for what it must have at least', () => {
    const series = createTokenSeries([
      { token: 'It is', logprob: -0.01 },
      { token: ' odd', logprob: -9999, top_logprobs: [{ token: ' good', logprob: Math.log(0.875) }] },
    ]).snapshot()
    expect(uncertainPassages(series, alignTokens(series, 'It is odd'))).toEqual([
      { token: 1, bits: expect.closeTo(3, 9), atLeast: true, before: 'is ', word: 'odd', after: '' },
    ])
  })

  test('no more than asked for, nothing under the threshold, nothing without a figure', () => {
    const tokens: [string, number][] = [
      ['a', 1.2],
      [' b', 3],
      [' c', 2],
      [' d', -1],
      [' e', 0.9],
    ]
    expect(passages(tokens, { maxItems: 2 })).toEqual(['a [b] c 3.0 @1', 'b [c] d 2.0 @2'])
    expect(passages(tokens, { threshold: 2.5 })).toEqual(['a [b] c 3.0 @1'])
    expect(passages([['sure', 0.01]])).toEqual([])
  })
})
