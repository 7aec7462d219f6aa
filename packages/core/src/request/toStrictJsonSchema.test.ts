import { describe, expect, test } from 'vitest'
import * as z from 'zod'

import { checkStrictSchema } from './checkStrictSchema.ts'
import { RequestError } from './RequestError.ts'
import type { SchemaSource } from './schema.ts'
import { toStrictJsonSchema } from './toStrictJsonSchema.ts'

const text = { type: 'string' }

function object(properties: { [name: string]: unknown }, more: object = {}): { [keyword: string]: unknown } {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
    ...more,
  }
}

/** `path: code` of every issue. */
function issuesOf(schema: unknown): string[] {
  return checkStrictSchema(schema).map(({ path, code }) => `${path}: ${code}`)
}

function refusal(schema: SchemaSource): string[] {
  try {
    toStrictJsonSchema(schema)
  } catch (error) {
    if (error instanceof RequestError) return error.issues.map(({ path, code }) => `${path}: ${code}`)
    throw error
  }
  return []
}

function nested(depth: number): { [keyword: string]: unknown } {
  return depth === 1 ? object({ leaf: text }) : object({ inner: nested(depth - 1) })
}

function manyProperties(count: number): { [keyword: string]: unknown } {
  return object(Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, text])))
}

function enumOf(count: number, length = 4): { [keyword: string]: unknown } {
  return object({
    e: { enum: Array.from({ length: count }, (_, index) => String(index).padStart(length, '0')) },
  })
}

describe('what strict mode takes', () => {
  const TAKEN: { [fact: string]: unknown } = {
    'an object that is closed and complete': object({ a: text, b: { type: ['string', 'null'] } }),
    'an object without properties': object({}),
    'a list of one kind of item': object({ list: { type: 'array', items: text, minItems: 1, maxItems: 3 } }),
    'ranges and patterns': object({
      n: { type: 'number', minimum: 0, multipleOf: 2 },
      s: { type: 'string', pattern: '^a' },
    }),
    'a choice whose branches begin with different constants': object({
      shape: {
        anyOf: [object({ kind: { const: 'a' }, n: text }), object({ kind: { const: 'b' }, m: text })],
      },
    }),
    'a recursive definition': object(
      { node: { $ref: '#/$defs/node' } },
      { $defs: { node: object({ next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } }) } },
    ),
    'a recursion through the root': object({ child: { anyOf: [{ $ref: '#' }, { type: 'null' }] } }),
    '10 objects deep': nested(10),
    '5000 properties': manyProperties(5000),
    '1000 enum values': enumOf(1000),
    '120000 characters of names and values': object({ e: { const: 'x'.repeat(119_999) } }),
    '250 enum values of any length': enumOf(250, 100),
  }
  test.each(Object.entries(TAKEN))('%s', (_fact, schema) => {
    expect(checkStrictSchema(schema)).toEqual([])
  })
})

describe('what strict mode refuses, at its path', () => {
  const circular = object({ self: text })
  circular.properties = { self: circular }
  const REFUSED: { [fact: string]: [unknown, string] } = {
    'a root that is not an object': [{ type: 'array', items: text }, 'type: strict-root'],
    'a root that may be null': [{ ...object({}), type: ['object', 'null'] }, 'type: strict-root'],
    'a root without type': [{}, 'type: strict-root'],
    'a choice at the root': [{ anyOf: [object({})] }, 'anyOf: strict-root'],
    'a reference at the root': [{ $ref: '#/$defs/a', $defs: { a: object({}) } }, '$ref: strict-root'],
    'no schema at all': [true, ': strict-root'],
    'an open object': [
      { type: 'object', properties: {}, required: [] },
      'additionalProperties: strict-additional-properties',
    ],
    'additionalProperties: true': [
      object({}, { additionalProperties: true }),
      'additionalProperties: strict-additional-properties',
    ],
    'a map': [
      object({ map: { type: 'object', additionalProperties: text } }),
      'properties.map.additionalProperties: strict-additional-properties',
    ],
    'an optional property': [object({ a: text }, { required: [] }), 'properties.a: strict-required'],
    'a required name that is no property': [object({}, { required: ['b'] }), 'required[0]: strict-required'],
    'a list without items': [object({ l: { type: 'array' } }), 'properties.l.items: strict-items'],
    'a tuple in draft 7 form': [
      object({ l: { type: 'array', items: [text] } }),
      'properties.l.items: strict-items',
    ],
    'items: true': [object({ l: { type: 'array', items: true } }), 'properties.l.items: strict-items'],
    'a boolean schema': [object({ a: true }), 'properties.a: strict-schema'],
    'a reference to nothing': [object({ a: { $ref: '#/$defs/a' } }), 'properties.a.$ref: strict-ref'],
    'a reference to elsewhere': [
      object({ a: { $ref: 'https://example.org' } }),
      'properties.a.$ref: strict-ref',
    ],
    'a reference to a boolean schema': [
      object({ a: { $ref: '#/$defs/a' } }, { $defs: { a: true } }),
      'properties.a.$ref: strict-ref',
    ],
    'references that lead only to one another': [
      object({ a: { $ref: '#/$defs/a' } }, { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }),
      'properties.a.$ref: strict-ref',
    ],
    'a root that refers to itself': [{ $ref: '#' }, '$ref: strict-ref'],
    'an object that contains itself': [circular, 'properties.self: strict-schema'],
    'a reference with words beside it': [
      object({ a: { $ref: '#/$defs/a', description: 'A' } }, { $defs: { a: object({}) } }),
      'properties.a.$ref: strict-ref',
    ],
    'a choice of nothing': [object({ a: { anyOf: [] } }), 'properties.a.anyOf: strict-any-of'],
    'branches that begin with the same property': [
      object({ a: { anyOf: [object({ n: text, b: text }), object({ n: text, c: text })] } }),
      'properties.a.anyOf[1].properties.n: strict-any-of',
    ],
    'a nested $id': [object({ a: { type: 'string', $id: 'a' } }), 'properties.a.$id: strict-keyword'],
    '11 objects deep': [nested(11), ': strict-too-deep'],
    '5001 properties': [manyProperties(5001), ': strict-too-large'],
    '1001 enum values': [enumOf(1001), ': strict-too-large'],
    '120001 characters of names and values': [
      object({ e: { const: 'x'.repeat(120_000) } }),
      ': strict-too-large',
    ],
    'a mistake in a definition': [
      object({ a: { $ref: '#/$defs/a' } }, { $defs: { a: object({ b: text }, { required: [] }) } }),
      '$defs.a.properties.b: strict-required',
    ],
  }
  test.each(Object.entries(REFUSED))('%s', (_fact, [schema, issue]) => {
    expect(issuesOf(schema)).toContain(issue)
  })

  test.each(
    (
      '$anchor $dynamicAnchor $dynamicRef $recursiveAnchor $recursiveRef allOf contains contentEncoding ' +
      'contentMediaType contentSchema default dependentRequired dependentSchemas dependencies if then else ' +
      'maxContains minContains maxProperties minProperties not oneOf patternProperties prefixItems propertyNames ' +
      'unevaluatedItems unevaluatedProperties uniqueItems'
    )
      .split(' ')
      .map((keyword) => [keyword]),
  )('the keyword %s, unless it is undefined', (keyword) => {
    expect(issuesOf(object({ a: { ...text, [keyword]: [] } }))).toEqual([
      `properties.a.${keyword}: strict-keyword`,
    ])
    expect(issuesOf(object({ a: { ...text, [keyword]: undefined } }))).toEqual([])
  })

  test('all mistakes at once', () => {
    expect(issuesOf({ type: 'object', properties: { a: { type: 'array' } } })).toEqual([
      'additionalProperties: strict-additional-properties',
      'properties.a: strict-required',
      'properties.a.items: strict-items',
    ])
  })

  test('a format that strict mode is not known to take is a warning', () => {
    expect(checkStrictSchema(object({ a: { ...text, format: 'uri' } }))).toMatchObject([
      { path: 'properties.a.format', level: 'warning' },
    ])
    expect(checkStrictSchema(object({ a: { ...text, format: 'uuid' } }))).toEqual([])
  })

  test('more than 250 enum values of more than 15000 characters are a warning', () => {
    expect(checkStrictSchema(enumOf(251, 60))).toMatchObject([
      { path: 'properties.e.enum', level: 'warning' },
    ])
  })

  test('paths begin where the schema stands in the request', () => {
    expect(checkStrictSchema(true, { path: 'tools[2].function.parameters', level: 'warning' })).toMatchObject(
      [{ path: 'tools[2].function.parameters', level: 'warning' }],
    )
  })
})

describe('a strict schema is derived', () => {
  test('from zod: closed, complete, and what may be null is required', () => {
    const schema = z.object({
      city: z.string().describe('Name of the city'),
      unit: z.enum(['celsius', 'kelvin']).nullish(),
      days: z.array(z.object({ n: z.number() })),
    })
    expect(toStrictJsonSchema(schema)).toEqual(
      object(
        {
          city: { type: 'string', description: 'Name of the city' },
          days: { type: 'array', items: object({ n: { type: 'number' } }) },
          unit: { anyOf: [{ type: 'string', enum: ['celsius', 'kelvin'] }, { type: 'null' }] },
        },
        { required: ['city', 'days', 'unit'] },
      ),
    )
  })

  test('from a discriminated union of zod, whose oneOf becomes anyOf', () => {
    const schema = z.object({
      shape: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('circle'), radius: z.number() }),
        z.object({ kind: z.literal('square'), side: z.number() }),
      ]),
    })
    expect(toStrictJsonSchema(schema)).toMatchObject({ properties: { shape: { anyOf: [{}, {}] } } })
  })

  test('from a recursive schema of zod', () => {
    const node = z.object({
      value: z.string(),
      get children() {
        return z.array(node)
      },
    })
    expect(checkStrictSchema(toStrictJsonSchema(node))).toEqual([])
    expect(checkStrictSchema(toStrictJsonSchema(z.object({ tree: node })))).toEqual([])
  })

  test('with a root reference written out and its definitions kept', () => {
    const schema = {
      $ref: '#/$defs/node',
      $defs: { node: object({ next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } }) },
    }
    expect(toStrictJsonSchema(schema)).toMatchObject({ type: 'object', $defs: { node: {} } })
  })

  test('with a single allOf written out and several objects made one', () => {
    expect(toStrictJsonSchema(object({ a: { description: 'A', allOf: [{ type: 'string' }] } }))).toEqual(
      object({ a: { type: 'string', description: 'A' } }),
    )
    expect(
      toStrictJsonSchema(z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() }))),
    ).toEqual(object({ a: { type: 'string' }, b: { type: 'number' } }))
  })

  test('with a reference that has a description wrapped, so that the description stays', () => {
    const schema = object({ a: { $ref: '#/$defs/a', description: 'A' } }, { $defs: { a: object({}) } })
    expect(toStrictJsonSchema(schema)).toMatchObject({
      properties: { a: { description: 'A', anyOf: [{ $ref: '#/$defs/a' }] } },
    })
  })

  test('without changing the schema it came from', () => {
    const schema = Object.freeze({
      type: 'object',
      properties: Object.freeze({ a: Object.freeze({ default: null, type: 'null' }) }),
    })
    expect(toStrictJsonSchema(schema)).toEqual(object({ a: { type: 'null' } }))
  })

  test('never by making an optional property required that cannot be null', () => {
    expect(refusal(z.object({ a: z.string().optional() }))).toEqual(['properties.a: strict-required'])
  })

  test('never by following an object that contains itself', () => {
    const circular: { [keyword: string]: unknown } = { type: 'object' }
    circular.properties = { self: circular }
    expect(() => toStrictJsonSchema(circular)).toThrow(/contains itself/)
  })

  test('never by closing a map', () => {
    expect(refusal(z.object({ map: z.record(z.string(), z.string()) }))).toContain(
      'properties.map.additionalProperties: strict-additional-properties',
    )
  })

  test('never by dropping a contradiction between the parts of an intersection', () => {
    const schema = z.object({ ab: z.intersection(z.object({ a: z.string() }), z.object({ a: z.number() })) })
    expect(refusal(schema)).toEqual(['properties.ab.properties.a.allOf: strict-keyword'])
  })
})
