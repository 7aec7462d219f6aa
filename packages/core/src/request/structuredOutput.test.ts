import { type } from 'arktype'
import { describe, expect, expectTypeOf, test } from 'vitest'
import * as z from 'zod'

import { checkRequest } from './checkRequest.ts'
import { openai } from './profiles/openai.ts'
import type { Validation } from './schema.ts'
import { jsonSchemaFormat, parseStructured } from './structuredOutput.ts'

const person = z.object({ name: z.string(), born: z.int().nullable() })

test('a schema of zod becomes a strict form of the answer that OpenAI takes', () => {
  const response_format = jsonSchemaFormat('person', person, { description: 'Who it is' })
  expect(response_format).toMatchObject({
    type: 'json_schema',
    json_schema: {
      name: 'person',
      description: 'Who it is',
      strict: true,
      schema: { additionalProperties: false },
    },
  })
  const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Who?' }], response_format }
  expect(checkRequest(request, { profile: openai })).toEqual([])
})

test('a schema that cannot be strict says so in its own words: no request is there yet', () => {
  expect(() => jsonSchemaFormat('map', z.record(z.string(), z.string()))).toThrow(
    /^Strict mode would refuse the schema: 2 things are wrong with it\.\n- /,
  )
})

test('a schema that cannot be strict is refused at its path in the request, or sent as it is when asked to', () => {
  const map = z.record(z.string(), z.string())
  expect(() => jsonSchemaFormat('map', map)).toThrow(
    /response_format\.json_schema\.schema\.additionalProperties/,
  )
  expect(jsonSchemaFormat('map', map, { strict: false }).json_schema).toMatchObject({ strict: false })
})

describe('an answer', () => {
  test('that fits comes back typed', async () => {
    const answer = await parseStructured(person, '{"name":"Ada","born":1815}')
    expect(answer).toEqual({ value: { name: 'Ada', born: 1815 } })
    expectTypeOf(answer).toEqualTypeOf<Validation<{ name: string; born: number | null }>>()
  })

  test('that does not fit comes back with every issue', async () => {
    const answer = await parseStructured(person, '{"born":"1815"}')
    expect(answer.issues?.map(({ path }) => path)).toEqual([['name'], ['born']])
  })

  test('that is cut off says so', async () => {
    const answer = await parseStructured(type({ name: 'string' }), '{"name":"A')
    expect(answer.issues).toMatchObject([{ message: expect.stringMatching(/^The answer is not JSON: /) }])
  })
})
