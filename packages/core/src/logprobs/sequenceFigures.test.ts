import { describe, expect, test } from 'vitest'

import { sequenceFigures } from './sequenceFigures.ts'
import { createTokenSeries } from './TokenSeries.ts'

describe('figures of an answer', () => {
  test('mean, perplexity, bits a token and bits a byte are of the tokens that have a figure', () => {
    const series = createTokenSeries([
      { token: 'ab', logprob: Math.log(0.5), top_logprobs: [{ token: 'ab', logprob: Math.log(0.5) }] },
      { token: 'cd', logprob: -9999, top_logprobs: [{ token: 'x', logprob: -0.1 }] },
      { token: 'é', logprob: Math.log(0.125), top_logprobs: [{ token: 'x', logprob: Math.log(0.5) }] },
    ]).snapshot()
    const figures = sequenceFigures(series)
    expect(figures).toMatchObject({ tokens: 3, counted: 2, floorCount: 1, notTopPick: 2, alternatives: 1 })
    expect(figures.meanLogprob).toBeCloseTo(Math.log(0.25), 12)
    expect(figures.perplexity).toBeCloseTo(4, 12)
    expect(figures.bitsPerToken).toBeCloseTo(2, 12)
    expect(figures.bitsPerByte).toBeCloseTo(1, 12)
  })

  test('one sentinel does not destroy the perplexity', () => {
    const tokens = Array.from({ length: 10 }, () => ({ token: 'a', logprob: Math.log(0.5) }))
    const series = createTokenSeries([...tokens, { token: 'b', logprob: -9999 }]).snapshot()
    expect(sequenceFigures(series).perplexity).toBeCloseTo(2, 12)
  })

  test('an end-of-sequence token is no token of the answer, so streamed and not streamed agree', () => {
    const streamed = createTokenSeries([{ token: 'a', logprob: -0.5, bytes: [97] }]).snapshot()
    const whole = createTokenSeries([
      { token: 'a', logprob: -0.5, bytes: [97] },
      { id: 2, token: '', bytes: [], logprob: -1.89 },
    ]).snapshot()
    expect(sequenceFigures(whole)).toEqual(sequenceFigures(streamed))
  })

  test('of nothing are no numbers, not zeros', () => {
    const figures = sequenceFigures(createTokenSeries().snapshot())
    expect(figures).toMatchObject({ tokens: 0, counted: 0 })
    expect(figures.meanLogprob).toBeNaN()
    expect(figures.perplexity).toBeNaN()
    expect(figures.bitsPerByte).toBeNaN()
  })
})
