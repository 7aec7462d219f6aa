import { expect, it } from 'vitest'

import { formatDuration } from './formatDuration.ts'

it.each([
  [0, '< 0.01 s'],
  [9, '< 0.01 s'],
  [210, '0.21 s'],
  [999, '1.00 s'],
  [1840, '1.8 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 00 s'],
  [125_000, '2 min 05 s'],
])('%d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})
