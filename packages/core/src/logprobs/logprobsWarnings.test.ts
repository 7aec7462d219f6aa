import { describe, expect, test } from 'vitest'

import type { TokenLogprob } from '../wire.ts'
import { alignTokens } from './alignTokens.ts'
import { logprobsWarnings } from './logprobsWarnings.ts'
import { createTokenSeries } from './TokenSeries.ts'

function token(text: string, logprob = -0.5, alternatives: string[] = [text]): TokenLogprob {
  return { token: text, logprob, top_logprobs: alternatives.map((other) => ({ token: other, logprob })) }
}

function warnings(tokens: TokenLogprob[], text = tokens.map((entry) => entry.token).join('')): string[] {
  const series = createTokenSeries(tokens).snapshot()
  return logprobsWarnings(series, alignTokens(series, text)).map(({ code, count }) => `${code} ${count}`)
}

describe('what a reader of the figures should know', () => {
  test('nothing, of an ordinary answer', () => {
    expect(warnings([token('Paris'), token(' is'), token(' big')])).toEqual([])
  })

  test('tokens that have only "less likely than those listed"', () => {
    expect(warnings([token('a'), token('b', -9999), token('c', -Infinity)])).toEqual(['floor 2'])
  })

  test('probabilities in place of their logarithms', () => {
    expect(warnings([token('a', 0.9), token('b', 0.2)])).toEqual(['not-a-logprob 2'])
  })

  test('a server that reports after sampling, so that everything is certain', () => {
    expect(warnings([token('a', 0), token('b', 0), token('c', 0), token('d', 0)])).toEqual(['all-certain 4'])
    expect(warnings([token('a', 0), token('b', 0), token('c', 0)])).toEqual([])
  })

  test('no alternatives at all', () => {
    expect(warnings([token('a', -1, []), token('b', -1, [])])).toEqual(['no-alternatives 2'])
    expect(warnings([token('a', -1, []), token('b', -1)])).toEqual([])
  })

  test('nothing, of a token that was drawn from further down than the alternatives reach', () => {
    expect(warnings([token('{'), token('color', -7.8, ['age', 'name'])])).toEqual([])
  })

  test('tokens and text that differ', () => {
    expect(warnings([token('```'), token('{"a"'), token(':1}')], '{"a":1}')).toEqual(['unplaced 1'])
    expect(warnings([token(' five'), token(' six'), token(' seven')], 'four five six seven')).toEqual([
      'uncovered 4',
    ])
    expect(warnings([token('get'), token('_weather')], '')).toEqual(['detached 2'])
  })

  test('characters that the server lost, but not the end of the sequence', () => {
    expect(warnings([token('a'), token(''), token(''), token(' b'), token('')])).toEqual(['lost-text 2'])
    expect(warnings([token('a'), token(' b'), token('')])).toEqual([])
  })
})
