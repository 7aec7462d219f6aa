import { expect, test } from 'vitest'

import { serializeRequest } from './serializeRequest.ts'

const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Grüße "👩‍🚀"' }] }

test('writes what JSON.stringify writes, in the order of the keys', () => {
  const params = { ...request, top_k: 4, stop: null, absent: undefined, stream: true, seed: 7 }
  expect(serializeRequest(params)).toBe(JSON.stringify(params))
})

test.each([9223372036854775807n, '9223372036854775807'])(
  'writes the seed %s with all its digits, unquoted',
  (seed) => {
    expect(serializeRequest({ ...request, seed })).toContain('"seed":9223372036854775807}')
  },
)

test('writes the lowest 64-bit seed with its sign', () => {
  expect(serializeRequest({ ...request, seed: '-9223372036854775808' })).toContain(
    '"seed":-9223372036854775808}',
  )
})

test('writes a bigint in an unknown parameter with all its digits', () => {
  expect(serializeRequest({ ...request, noise_seed: 18446744073709551615n })).toContain(
    '"noise_seed":18446744073709551615}',
  )
})
