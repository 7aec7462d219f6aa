import { expect, it } from 'vitest'

import { progressFacts } from './progressFacts.ts'

const step = { step: 'downloading', what: 'Fetching' } as const

it.each([
  [
    '41 of 127 MB · 12 MB/s · 7 s left',
    { bytesDone: 41e6, bytesTotal: 126.7e6, bytesPerSecond: 12.3e6, secondsLeft: 6.4 },
  ],
  ['0.0 of 127 MB', { bytesDone: 0, bytesTotal: 126.7e6 }],
  [
    '3.2 of 127 MB · 0.4 MB/s · 6 min left',
    { bytesDone: 3.2e6, bytesTotal: 126.7e6, bytesPerSecond: 0.4e6, secondsLeft: 309 },
  ],
])('says %j', (words, progress) => {
  expect(progressFacts({ ...step, ...progress })).toBe(words)
})
