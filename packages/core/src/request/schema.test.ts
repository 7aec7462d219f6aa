import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, expectTypeOf, test } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'

import {
  fromJsonSchema,
  validateWithSchema,
  withJsonSchema,
  type InferSchema,
  type InferSchemaInput,
} from './schema.ts'
import { toJsonSchema } from './toJsonSchema.ts'

const withZod = z.object({ city: z.string().describe('Name of the city'), days: z.int().min(1).default(1) })
const withArktype = type({ city: 'string', days: 'number.integer >= 1 = 1' })
const withValibot = toStandardJsonSchema(
  v.object({ city: v.string(), days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1) }),
)
const raw = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 } },
  required: ['city'],
} as const

describe.each([
  ['zod', withZod],
  ['arktype', withArktype],
  ['valibot', withValibot],
  ['raw JSON Schema', raw],
])('%s', (_library, schema) => {
  test('says what the model is to write', () => {
    expect(toJsonSchema(schema)).toMatchObject({
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 } },
      required: ['city'],
    })
    expect(toJsonSchema(schema)).not.toHaveProperty('$schema')
  })

  test('returns a value that fits', async () => {
    expect(await validateWithSchema(schema, { city: 'Oslo', days: 2 })).toMatchObject({
      value: { city: 'Oslo', days: 2 },
    })
  })

  test('says where a value does not fit', async () => {
    const { issues } = await validateWithSchema(schema, { city: 'Oslo', days: 0 })
    expect(issues).toHaveLength(1)
    expect(
      [...(issues?.[0]?.path ?? [])].map((segment) => (typeof segment === 'object' ? segment.key : segment)),
    ).toEqual(['days'])
  })
})

test('defaults of the schema are filled in on the way back', async () => {
  expect(await validateWithSchema(withZod, { city: 'Oslo' })).toEqual({ value: { city: 'Oslo', days: 1 } })
})

test('the types of what is written and of what is read are inferred', () => {
  expectTypeOf<InferSchema<typeof withZod>>().toEqualTypeOf<{ city: string; days: number }>()
  expectTypeOf<InferSchemaInput<typeof withZod>>().toEqualTypeOf<{
    city: string
    days?: number | undefined
  }>()
  expectTypeOf<InferSchema<typeof withArktype>>().toEqualTypeOf<{ city: string; days: number }>()
  expectTypeOf<InferSchema<typeof withValibot>>().toEqualTypeOf<{ city: string; days: number }>()
  expectTypeOf<InferSchema<typeof raw>>().toEqualTypeOf<{ city: string; days?: number }>()
})

test('raw JSON Schema infers unions, lists, tuples, constants and local references', () => {
  const schema = fromJsonSchema({
    type: 'object',
    properties: {
      unit: { enum: ['celsius', 'kelvin'] },
      range: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }] },
      note: { type: ['string', 'null'] },
      places: { type: 'array', items: { $ref: '#/$defs/place' } },
      mode: { anyOf: [{ const: 'fast' }, { type: 'boolean' }] },
    },
    required: ['unit', 'range', 'note', 'places', 'mode'],
    $defs: { place: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
  })
  expectTypeOf<InferSchema<typeof schema>>().toEqualTypeOf<{
    unit: 'celsius' | 'kelvin'
    range: [number, number]
    note: string | null
    places: { name: string }[]
    mode: 'fast' | boolean
  }>()
})

describe('a schema that cannot say its own JSON Schema', () => {
  test('of zod, because JSON has no such value, is refused with what to take instead', () => {
    expect(() => toJsonSchema(z.object({ born: z.date() }))).toThrow(
      /zod cannot be said as JSON Schema.*Date.*withJsonSchema/,
    )
  })

  test('of valibot is refused with the wrapper to use', () => {
    expect(() => toJsonSchema(v.object({ city: v.string() }))).toThrow(/toStandardJsonSchema/)
  })

  test('of zod/mini is refused with what to do', () => {
    expect(() => toJsonSchema(mini.object({ city: mini.string() }))).toThrow(/zod\/mini/)
  })

  test('can be paired with one, and keeps its own checks and types', async () => {
    const city = mini.object({ city: mini.string().check(mini.trim(), mini.minLength(1)) })
    const paired = withJsonSchema(city, z.toJSONSchema(city))
    expect(toJsonSchema(paired)).toMatchObject({ properties: { city: { type: 'string', minLength: 1 } } })
    expect(await validateWithSchema(paired, { city: ' Oslo ' })).toEqual({ value: { city: 'Oslo' } })
    expectTypeOf<InferSchema<typeof paired>>().toEqualTypeOf<{ city: string }>()
  })
})

test('JSON Schema with keywords that would go unchecked is refused', () => {
  expect(() => fromJsonSchema({ type: 'object', unevaluatedProperties: false })).toThrow(
    /unevaluatedProperties/,
  )
})

test('a schema that checks asynchronously is waited for', async () => {
  const known = z.object({ city: z.string().refine(async (city) => city !== 'Atlantis', 'unknown city') })
  expect(await validateWithSchema(known, { city: 'Oslo' })).toEqual({ value: { city: 'Oslo' } })
  expect(await validateWithSchema(known, { city: 'Atlantis' })).toMatchObject({
    issues: [{ message: 'unknown city' }],
  })
})
