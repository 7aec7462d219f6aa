import { createTokenSeries, type TokenLogprob } from '@candor/core'
import { describe, expect, test } from 'vitest'

import { createTimelineBars, mostBars } from './timelineBars.ts'

const tokens = (...bits: number[]): TokenLogprob[] =>
  bits.map((value) => ({ token: 'a', logprob: value < 0 ? -9999 : -value * Math.LN2 }))

describe('bars along an answer', () => {
  test('are one a token while there is room for them', () => {
    const bars = createTimelineBars().update(createTokenSeries(tokens(0, 0.5, 5)).snapshot())
    expect(bars.map(({ token, bin }) => [token, bin])).toEqual([
      [0, 0],
      [1, 1],
      [2, 4],
    ])
    expect(bars[2]?.bits).toBeCloseTo(5, 9)
  })

  test('stand for several tokens when there are many, and lead to the most surprising of them', () => {
    const bits = Array.from({ length: 1_000 }, (_, at) => (at === 500 ? 9 : 0.1))
    const bars = createTimelineBars().update(createTokenSeries(tokens(...bits)).snapshot())
    expect(bars.length).toBeLessThanOrEqual(mostBars)
    const bar = bars.find(({ from, to }) => from <= 500 && 500 < to)
    expect(bar).toMatchObject({ token: 500, mostBits: expect.closeTo(9, 9) })
    expect(Math.max(...bars.map((other) => other.bits))).toBe(bar?.bits)
  })

  test('tell a stretch of many doubts from one with a single one', () => {
    const calm = Array.from({ length: 4_096 }, (_, at) => (at % 512 === 0 ? 8 : 0))
    const doubtful = Array.from({ length: 4_096 }, (_, at) => (at % 4 === 0 ? 8 : 0))
    const bars = createTimelineBars().update(createTokenSeries(tokens(...calm, ...doubtful)).snapshot())
    expect(bars.at(-1)?.bits).toBeGreaterThan(2 * (bars[0]?.bits ?? 0))
  })

  test('are high where there is only a sentinel', () => {
    const [bar] = createTimelineBars().update(createTokenSeries(tokens(-1)).snapshot())
    expect(bar).toMatchObject({ bits: 10, bin: 4 })
  })

  test('that are full stay the same while an answer streams', () => {
    const draft = createTokenSeries()
    const bars = createTimelineBars()
    draft.append(tokens(...Array.from({ length: 300 }, () => 1)))
    const before = bars.update(draft.snapshot())
    draft.append(tokens(2, 2, 2))
    const after = bars.update(draft.snapshot())
    expect(after.slice(0, before.length - 1).every((bar, at) => bar === before[at])).toBe(true)
    expect(after).toEqual(createTimelineBars().update(draft.snapshot()))
  })
})
