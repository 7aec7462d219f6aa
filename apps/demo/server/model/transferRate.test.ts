import { expect, test } from 'vitest'

import { TransferRate } from './transferRate.ts'

test('a rate needs two readings', () => {
  const rate = new TransferRate()
  expect(rate.add(0, 0)).toBeUndefined()
  expect(rate.add(500, 500)).toBe(1000)
})

test('a stall shows within the window', () => {
  const rate = new TransferRate(2_000)
  for (let at = 0; at <= 2_000; at += 500) rate.add(at * 10, at)
  for (let at = 2_500; at < 4_000; at += 500) rate.add(20_000, at)
  expect(rate.add(20_000, 4_000)).toBe(0)
})

test('an early burst is forgotten', () => {
  const rate = new TransferRate(1_000)
  rate.add(0, 0)
  rate.add(1_000_000, 100)
  for (let at = 200; at <= 3_000; at += 100) rate.add(1_000_000 + at, at)
  expect(rate.add(1_003_100, 3_100)).toBeCloseTo(1_000)
})
