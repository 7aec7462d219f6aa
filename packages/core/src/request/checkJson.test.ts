import { describe, expect, test } from 'vitest'

import { checkJson } from './checkJson.ts'

function shape(kind: string, property: string): object {
  return {
    type: 'object',
    properties: { kind: { const: kind }, [property]: { type: 'number' } },
    required: ['kind', property],
  }
}

type Case = [schema: { [keyword: string]: unknown }, fits: unknown[], fails: unknown[]]

// Each keyword on both sides of its limit.
const KEYWORDS: { [keyword: string]: Case } = {
  'type string': [{ type: 'string' }, [''], [0, null, true, [], {}]],
  'type number': [{ type: 'number' }, [0.5, -1], ['1', null, Number.NaN, Infinity]],
  'type integer': [{ type: 'integer' }, [1, 2], [1.5, '1']],
  'type list': [{ type: ['string', 'null'] }, ['a', null], [1]],
  'no type but JSON': [{}, [1, 'a', null, [], {}], [undefined, () => 0, Symbol('s'), [() => 0], { a: 1n }]],
  const: [{ const: { a: [1] } }, [{ a: [1] }], [{ a: [2] }, { a: [1], b: 1 }]],
  enum: [{ enum: ['a', 1, null] }, ['a', 1, null], ['b', '1', false]],
  'minimum and maximum': [{ minimum: 0, maximum: 2 }, [0, 2], [-0.01, 2.01]],
  'exclusive bounds': [{ exclusiveMinimum: 0, exclusiveMaximum: 1 }, [0.01, 0.99], [0, 1]],
  multipleOf: [{ multipleOf: 0.1 }, [0.3, 0.7, 1], [0.35]],
  'length in characters, not code units': [
    { minLength: 2, maxLength: 3 },
    ['ab', '👩👩👩'],
    ['a', '👩', 'abcd'],
  ],
  pattern: [{ pattern: '^[a-z]+$' }, ['abc'], ['aBc', '']],
  'minItems and maxItems': [{ minItems: 1, maxItems: 2 }, [[1], [1, 2]], [[], [1, 2, 3]]],
  items: [{ items: { type: 'string' } }, [[], ['a']], [[1], ['a', 1]]],
  prefixItems: [{ prefixItems: [{ type: 'string' }], items: false }, [['a'], []], [[1], ['a', 2]]],
  'draft 7 tuple': [
    { items: [{ type: 'string' }], additionalItems: { type: 'number' } },
    [['a', 1]],
    [['a', 'b']],
  ],
  uniqueItems: [
    { uniqueItems: true },
    [
      [1, 2],
      [{ a: 1 }, { a: 2 }],
    ],
    [
      [1, 1],
      [{ a: 1 }, { a: 1 }],
    ],
  ],
  contains: [{ contains: { const: 1 }, maxContains: 1 }, [[1, 2]], [[2], [1, 1]]],
  required: [{ required: ['a'] }, [{ a: null }], [{}, { a: undefined }, Object.create({ a: 1 })]],
  'property counts': [{ minProperties: 1, maxProperties: 2 }, [{ a: 1 }], [{}, { a: 1, b: 2, c: 3 }]],
  propertyNames: [{ propertyNames: { pattern: '^x' } }, [{ x1: 1 }], [{ y: 1 }]],
  patternProperties: [{ patternProperties: { '^n': { type: 'number' } } }, [{ n: 1, s: 'a' }], [{ n: 'a' }]],
  additionalProperties: [
    { properties: { a: {} }, additionalProperties: { type: 'number' } },
    [{ a: 'x', b: 1 }],
    [{ a: 'x', b: 'y' }],
  ],
  'no additional properties': [
    { properties: { a: {} }, additionalProperties: false },
    [{ a: 1 }],
    [{ b: 1 }],
  ],
  dependentRequired: [{ dependentRequired: { a: ['b'] } }, [{ b: 1 }, { a: 1, b: 1 }], [{ a: 1 }]],
  dependentSchemas: [{ dependentSchemas: { a: { required: ['b'] } } }, [{ b: 1 }], [{ a: 1 }]],
  allOf: [{ allOf: [{ minimum: 0 }, { maximum: 1 }] }, [0.5], [-1, 2]],
  anyOf: [{ anyOf: [{ type: 'string' }, { minimum: 5 }] }, ['a', 5], [4]],
  oneOf: [{ oneOf: [{ minimum: 0 }, { maximum: 5 }] }, [-1, 6], [3]],
  not: [{ not: { type: 'string' } }, [1], ['a']],
  'if, then, else': [
    // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's keyword
    { if: { type: 'string' }, then: { minLength: 2 }, else: { minimum: 2 } },
    ['ab', 2],
    ['a', 1],
  ],
  $ref: [{ $ref: '#/$defs/a~1b%20c', $defs: { 'a/b c': { type: 'number' } } }, [1], ['a']],
  'a schema that contains itself': [
    { type: 'object', properties: { next: { $ref: '#' }, value: { type: 'number' } } },
    [{ next: { next: { value: 1 } } }],
    [{ next: { next: { value: 'a' } } }],
  ],
}

describe.each(Object.entries(KEYWORDS))('%s', (_keyword, [schema, fits, fails]) => {
  test.each(fits.map((value) => [value]))('lets %o pass', (value) => {
    expect(checkJson(schema, value)).toEqual([])
  })
  test.each(fails.map((value) => [value]))('reports %o', (value) => {
    expect(checkJson(schema, value)).not.toEqual([])
  })
})

describe('what is reported', () => {
  test('every violation, each at its place', () => {
    const schema = {
      type: 'object',
      properties: { list: { type: 'array', items: { type: 'object', properties: { n: { maximum: 1 } } } } },
      required: ['name'],
    }
    expect(checkJson(schema, { list: [{ n: 1 }, { n: 2 }, 3] }).map(({ path }) => path.join('/'))).toEqual([
      'name',
      'list/1/n',
      'list/2',
    ])
  })

  test('within a choice of forms, what is wrong with the form that was meant', () => {
    const schema = { anyOf: [shape('circle', 'radius'), shape('square', 'side')] }
    expect(checkJson(schema, { kind: 'square', side: 'two' })).toMatchObject([
      { path: ['side'], hint: 'Give a number.' },
    ])
    expect(checkJson(schema, { kind: 'line' })).toMatchObject([
      {
        path: ['kind'],
        problem: '"line" is not one of the values.',
        hint: 'Give one of "circle", "square".',
      },
    ])
  })

  test('a reference that leads out of the schema is an error of the schema, not of the value', () => {
    expect(() => checkJson({ $ref: 'https://example.org/schema.json' }, 1)).toThrow(/not within it/)
  })

  test('a schema that only refers to itself ends', () => {
    expect(checkJson({ $ref: '#' }, 1)).toMatchObject([{ keyword: '$ref' }])
  })
})
