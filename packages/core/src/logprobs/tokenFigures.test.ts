import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { TokenLogprob, TopLogprob } from '../wire.ts'
import { logprobBin, surprisal, surprisalBin } from './surprisal.ts'
import { tokenFigures } from './tokenFigures.ts'
import { createTokenSeries } from './TokenSeries.ts'

function figures(entry: TokenLogprob, vocabularySize?: number) {
  return tokenFigures(createTokenSeries([entry]).snapshot(), 0, vocabularySize)
}

function top(token: string, probability: number, rest: Partial<TopLogprob> = {}): TopLogprob {
  return { token, logprob: Math.log(probability), ...rest }
}

describe('surprisal', () => {
  test('is −log₂ p in bits', () => {
    expect(surprisal(Math.log(0.25))).toBeCloseTo(2, 12)
    expect(surprisal(0)).toBe(0)
    expect(surprisal(-9999)).toBeNaN()
  })

  test.each([
    [0, 0],
    [0.149, 0],
    [0.15, 1],
    [0.99, 1],
    [1, 2],
    [2.29, 2],
    [2.3, 3],
    [4.29, 3],
    [4.3, 4],
    [400, 4],
    [Number.NaN, 0],
  ])('%d bits are in bin %d', (bits, bin) => {
    expect(surprisalBin(bits)).toBe(bin)
  })

  test('a sentinel is in the last bin, a value that is no log probability in none', () => {
    expect(logprobBin(-9999)).toBe(4)
    expect(logprobBin(-Infinity)).toBe(4)
    expect(logprobBin(Number.NaN)).toBe(0)
    expect(logprobBin(0.9)).toBe(0)
  })
})

describe('alternatives', () => {
  test('are sorted, likeliest first, though vLLM lists the written token first', () => {
    const { alternatives, rank, rankAtLeast } = figures({
      ...top(' pack', 0.134),
      top_logprobs: [top(' pack', 0.134), top(' bring', 0.41), top(' take', 0.092)],
    })
    expect(alternatives.map(({ token }) => token)).toEqual([' bring', ' pack', ' take'])
    expect(alternatives.map(({ listedAt }) => listedAt)).toEqual([1, 0, 2])
    expect(rank).toBe(2)
    expect(rankAtLeast).toBe(false)
  })

  test('hold the written token though the grammar chose one that is not listed', () => {
    const { alternatives, rank, rankAtLeast } = figures({
      ...top('color', 0.0004),
      top_logprobs: [top('age', 0.8), top('name', 0.1)],
    })
    expect(alternatives.map(({ token, chosen }) => [token, chosen])).toEqual([
      ['age', false],
      ['name', false],
      ['color', true],
    ])
    expect([rank, rankAtLeast]).toEqual([3, true])
  })

  test('hold the written token once though vLLM lists it twice', () => {
    const { alternatives, rank } = figures({
      ...top('a', 0.5),
      top_logprobs: [top('a', 0.5), top('a', 0.5), top('b', 0.25)],
    })
    expect(alternatives.map(({ token, chosen }) => [token, chosen])).toEqual([
      ['a', true],
      ['b', false],
    ])
    expect(rank).toBe(1)
  })

  test('keep two tokens apart that read the same', () => {
    const withIds = figures({
      ...top('true', 0.6, { id: 7 }),
      top_logprobs: [top('true', 0.6, { id: 7 }), top('true', 0.3, { id: 9 })],
    })
    expect(withIds.alternatives.map(({ id, chosen }) => [id, chosen])).toEqual([
      [7, true],
      [9, false],
    ])
    const withoutIds = figures({ ...top('�', 0.3), top_logprobs: [top('�', 0.6), top('�', 0.3)] })
    expect(withoutIds.alternatives.map(({ chosen }) => chosen)).toEqual([false, true])
    expect(withoutIds.rank).toBe(2)
  })

  test('know the written token by its id where llama.cpp gives it the bytes of the whole character', () => {
    const { alternatives, rank } = figures({
      ...top('é', 0.9, { id: 102, bytes: [195, 169] }),
      top_logprobs: [top('', 0.9, { id: 102, bytes: [169] }), top('', 0.05, { id: 110, bytes: [170] })],
    })
    expect(alternatives.map(({ id, chosen }) => [id, chosen])).toEqual([
      [102, true],
      [110, false],
    ])
    expect(rank).toBe(1)
  })

  test('have sentinels last, and they are not zeros in disguise', () => {
    const { alternatives, residual, floor, rank, rankAtLeast } = figures({
      token: 'x',
      logprob: -9999,
      top_logprobs: [
        { token: 'z', logprob: -9999 },
        top('a', 0.7),
        { token: 'x', logprob: -9999 },
        top('b', 0.2),
      ],
    })
    expect(floor).toBe(true)
    expect(alternatives.map(({ token }) => token)).toEqual(['a', 'b', 'z', 'x'])
    expect(residual).toBeCloseTo(0.1, 12)
    expect([rank, rankAtLeast]).toEqual([3, false])
  })

  test('bound the surprisal of a sentinel by the least likely of them, and by what is left for all others', () => {
    const floor = { token: 'x', logprob: -9999 }
    expect(figures({ ...floor, top_logprobs: [top('a', 0.5), top('b', 0.25)] }).surprisalAtLeast).toBeCloseTo(
      2,
      9,
    )
    expect(
      figures({ ...floor, top_logprobs: [top('a', 0.5), top('b', 0.375)] }).surprisalAtLeast,
    ).toBeCloseTo(3, 9)
    expect(figures({ ...floor, top_logprobs: [] }).surprisalAtLeast).toBeUndefined()
    expect(figures(top('a', 0.5)).surprisalAtLeast).toBeUndefined()
  })

  test('say nothing of the rank when none came', () => {
    expect(figures({ token: 'a', logprob: -1, top_logprobs: [] })).toMatchObject({
      rank: undefined,
      entropy: undefined,
    })
    expect(figures({ token: 'a', logprob: -1 }).alternatives).toHaveLength(1)
  })

  test('give only a bound when vLLM added a token from far down to its list', () => {
    const { rank, rankAtLeast } = figures({
      ...top('x', 0.001),
      top_logprobs: [top('x', 0.001), top('a', 0.7), top('b', 0.2)],
    })
    expect([rank, rankAtLeast]).toEqual([3, true])
  })
})

describe('entropy', () => {
  test('is exact when everything is listed', () => {
    const { entropy, residual } = figures({ ...top('a', 0.5), top_logprobs: [top('a', 0.5), top('b', 0.5)] })
    expect(residual).toBe(0)
    expect(entropy).toEqual({ lower: 1, upper: 1 })
  })

  test('lies between its bounds for any distribution, however many of its tokens are listed', () => {
    const weights = fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 2, maxLength: 60 })
    fc.assert(
      fc.property(weights, fc.nat(59), fc.nat(59), (raw, k, pick) => {
        const sum = raw.reduce((total, weight) => total + weight, 0)
        const probabilities = raw.map((weight) => weight / sum).toSorted((a, b) => b - a)
        const entropy = -probabilities.reduce((total, p) => total + p * Math.log2(p), 0)
        const listed = probabilities.slice(0, 1 + (k % probabilities.length)).map((p, at) => top(`t${at}`, p))
        const chosen = pick % probabilities.length
        const interval = figures(
          { ...top(`t${chosen}`, probabilities[chosen]!), top_logprobs: listed },
          probabilities.length,
        ).entropy!
        expect(interval.lower).toBeLessThanOrEqual(entropy + 1e-9)
        expect(interval.upper).toBeGreaterThanOrEqual(entropy - 1e-9)
      }),
    )
  })

  test('holds also when the written token was added to a list that it does not belong in', () => {
    const weights = fc.array(fc.double({ min: 1e-6, max: 1, noNaN: true }), { minLength: 4, maxLength: 40 })
    fc.assert(
      fc.property(weights, fc.nat(39), fc.nat(39), (raw, k, pick) => {
        const sum = raw.reduce((total, weight) => total + weight, 0)
        const probabilities = raw.map((weight) => weight / sum).toSorted((a, b) => b - a)
        const entropy = -probabilities.reduce((total, p) => total + p * Math.log2(p), 0)
        const written = pick % probabilities.length
        const token = top(`t${written}`, probabilities[written]!)
        const likeliest = probabilities
          .slice(0, 1 + (k % (probabilities.length - 1)))
          .map((p, at) => top(`t${at}`, p))
        const { entropy: interval } = figures(
          { ...token, top_logprobs: [token, ...likeliest] },
          probabilities.length,
        )
        expect(interval!.lower).toBeLessThanOrEqual(entropy + 1e-9)
        expect(interval!.upper).toBeGreaterThanOrEqual(entropy - 1e-9)
      }),
    )
  })

  test('agrees with the worked example: 20 of 100,000 tokens that follow Zipf', () => {
    const weights = Array.from({ length: 100_000 }, (_, rank) => (rank + 1) ** -1.15)
    const sum = weights.reduce((total, weight) => total + weight, 0)
    const listed = weights.slice(0, 20).map((weight, at) => top(`t${at}`, weight / sum))
    const entropy = -weights.reduce((total, weight) => total + (weight / sum) * Math.log2(weight / sum), 0)
    const { lower, upper } = figures({ ...listed[0]!, top_logprobs: listed }, 100_000).entropy!
    expect(lower).toBeLessThan(entropy)
    expect(upper).toBeGreaterThan(entropy)
    expect(upper - lower).toBeLessThan(6)
  })
})
