import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { readChunk } from '../stream/readChunk.ts'
import { createEventParser } from '../stream/parseEvents.ts'
import { joinBytes, readRecording, recordings } from '../testing/index.ts'
import { createJsonParser, type JsonParser } from './createJsonParser.ts'

function parse(...fragments: string[]): JsonParser {
  const parser = createJsonParser()
  for (const fragment of fragments) parser.push(fragment)
  return parser
}

function parseWhole(...fragments: string[]): JsonParser {
  const parser = parse(...fragments)
  parser.end()
  return parser
}

/** What a reader sees after each character, without repetitions. */
function moments(text: string): unknown[] {
  const parser = createJsonParser()
  const seen: unknown[] = []
  for (const char of text) {
    parser.push(char)
    if (seen.length === 0 || seen.at(-1) !== parser.value) seen.push(parser.value)
  }
  return seen
}

describe('the value so far', () => {
  test('is undefined before anything came', () => {
    expect(createJsonParser().value).toBe(undefined)
    expect(parse(' \n\t\r').value).toBe(undefined)
  })

  test('shows a string from its opening quote on', () => {
    expect(moments('"héé"')).toEqual(['', 'h', 'hé', 'héé'])
  })

  test('shows arrays and objects from their opening bracket on', () => {
    expect(moments('[{"a":[]}]')).toEqual([[], [{}], [{ a: [] }]])
  })

  test('shows true, false and null from their first letter on', () => {
    expect(moments('[true,false,null]')).toEqual([[], [true], [true, false], [true, false, null]])
  })

  test('shows a number only when its end is certain: the 1 of 12 would be wrong', () => {
    expect(moments('[12,-3.5e2]')).toEqual([[], [12], [12, -350]])
    expect(parse('12').value).toBe(undefined)
    expect(parse('12 ').value).toBe(12)
    expect(parseWhole('12').value).toBe(12)
  })

  test('shows a key when its value begins', () => {
    expect(moments('{"name" : "A"}')).toEqual([{}, { name: '' }, { name: 'A' }])
  })

  test('shows both halves of a character that is written as two escapes at once', () => {
    expect(moments(String.raw`"a😀b"`)).toEqual(['', 'a', 'a😀', 'a😀b'])
    expect(parse('"a\ud83d').value).toBe('a')
    expect(parse('"a\ud83d', '\ude00').value).toBe('a😀')
  })

  test('keeps half a pair that stays alone, as JSON.parse does', () => {
    expect(parse('"a\ud83d"').value).toBe('a\ud83d')
    expect(parse(String.raw`["\ude00\ud83d`, 'b').value).toEqual(['\ude00\ud83db'])
  })

  test('does not show a part of an escape', () => {
    expect(moments(String.raw`"\n\u00e9\\"`)).toEqual(['', '\n', '\né', '\né\\'])
  })

  test('takes the last of repeated keys, and shows the first one until the last one begins', () => {
    expect(moments('{"a":[1],"a":"x"}')).toEqual([{}, { a: [] }, { a: [1] }, { a: '' }, { a: 'x' }])
  })

  test('has __proto__ as a key like any other', () => {
    const parser = parse('{"__proto__":{"polluted":true},"a":[{"__proto__":"x')
    const value = parser.value as { a: object[] }
    expect(Object.keys(value)).toEqual(['__proto__', 'a'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.entries(value.a[0]!)).toEqual([['__proto__', 'x']])
    expect('polluted' in value).toBe(false)
    expect(parser.isPathComplete(['__proto__', 'polluted'])).toBe(true)
  })

  test('has numbers as JSON.parse makes them', () => {
    const numbers = [
      '-0',
      '0.1',
      '9007199254740993',
      '1E400',
      '-1e-400',
      '123456789012345678901234567890',
      '5e-324',
    ]
    for (const number of numbers) expect(parseWhole(number).value).toBe(JSON.parse(number))
  })

  test('begins behind a byte-order mark', () => {
    const parser = parseWhole('\uFEFF', '{"a":1}')
    expect([parser.value, parser.isComplete, parser.length]).toEqual([{ a: 1 }, true, 8])
    expect(parseWhole(' \uFEFF1').error?.position).toBe(1)
  })
})

describe('snapshots', () => {
  test('are the same object until something in them changes', () => {
    const parser = parse('{"list":[1,2')
    const before = parser.value
    expect(before).toEqual({ list: [1] })
    parser.push('0 ')
    const after = parser.value
    expect(after).toEqual({ list: [1, 20] })
    expect(before).toEqual({ list: [1] })
    for (const invisible of [' ', ']', ',', '"key', '":', ' -12']) {
      parser.push(invisible)
      expect(parser.value).toBe(after)
    }
  })

  test('share every finished part', () => {
    const parser = parse('{"first":{"a":[1]},"second":[{"b":2},{"c":"x')
    const before = parser.value as { first: object; second: object[] }
    parser.push('y"},{')
    const after = parser.value as { first: object; second: object[] }
    expect(after).toEqual({ first: { a: [1] }, second: [{ b: 2 }, { c: 'xy' }, {}] })
    expect(after.first).toBe(before.first)
    expect(after.second).not.toBe(before.second)
    expect(after.second[0]).toBe(before.second[0])
    expect(after.second[1]).not.toBe(before.second[1])
  })

  test('end as the object that was read last, when nothing came after it but brackets', () => {
    const parser = parse('{"a":["x"')
    const before = parser.value
    parser.push(']}')
    expect(parser.isComplete).toBe(true)
    expect(parser.value).toBe(before)
  })

  test('are never written to again', () => {
    fc.assert(
      fc.property(jsonText(), (text) => {
        const parser = createJsonParser()
        for (const char of text) {
          parser.push(char)
          deepFreeze(parser.value)
        }
        parser.end()
        expect(parser.error).toBe(undefined)
      }),
    )
  })
})

describe('paths', () => {
  test('are complete when nothing in them can change', () => {
    const parser = parse('{"a":{"b":[1,"x"],"c":"y')
    const complete = (...path: (string | number)[]): boolean => parser.isPathComplete(path)
    expect([complete('a', 'b'), complete('a', 'b', 1), complete('a', 'b', 0)]).toEqual([true, true, true])
    expect([complete(), complete('a'), complete('a', 'c')]).toEqual([false, false, false])
    parser.push('"')
    expect([complete('a', 'c'), complete('a')]).toEqual([true, false])
    parser.push('}')
    expect([complete('a'), complete()]).toEqual([true, false])
    parser.push('}')
    expect(complete()).toBe(true)
  })

  test('that lead nowhere are not complete', () => {
    const parser = parseWhole('{"a":["x"],"5":null}')
    for (const path of [['b'], ['a', 1], ['a', 'length'], ['a', 0, 'length'], ['toString'], ['5', 'x']]) {
      expect(parser.isPathComplete(path)).toBe(false)
    }
    expect(parser.isPathComplete(['5'])).toBe(true)
    expect(parse('').isPathComplete([])).toBe(false)
  })

  test('of which one is open say what is being read', () => {
    const steps: [fragment: string, open: (string | number)[] | undefined][] = [
      ['', []],
      ['{', []],
      ['"a', []],
      ['"', ['a']],
      [':[', ['a']],
      ['1', ['a', 0]],
      [' ', ['a']],
      [',', ['a', 1]],
      ['{"b":tr', ['a', 1, 'b']],
      ['ue', ['a', 1]],
      ['}]', []],
      ['}', undefined],
    ]
    const parser = createJsonParser()
    for (const [fragment, open] of steps) {
      parser.push(fragment)
      expect([fragment, parser.openPath]).toEqual([fragment, open])
    }
  })

  test('of a repeated key are open again', () => {
    const parser = parse('{"a":1')
    expect(parser.isPathComplete(['a'])).toBe(false)
    parser.push(',')
    expect(parser.isPathComplete(['a'])).toBe(true)
    parser.push('"a":')
    expect(parser.isPathComplete(['a'])).toBe(false)
  })
})

describe('a text that is not JSON', () => {
  const cases: [text: string, code: string, position: number, value: unknown][] = [
    ['nan', 'unexpected-character', 1, null],
    ['NaN', 'unexpected-character', 0, undefined],
    ['[Infinity]', 'unexpected-character', 1, []],
    ["{'a':1}", 'unexpected-character', 1, {}],
    ['{a:1}', 'unexpected-character', 1, {}],
    ['{"a" 1}', 'unexpected-character', 5, {}],
    ['{"a":1,}', 'unexpected-character', 7, { a: 1 }],
    ['[1,]', 'unexpected-character', 3, [1]],
    ['[1 2]', 'unexpected-character', 3, [1]],
    ['[1}', 'unexpected-character', 2, [1]],
    ['{"a":1]', 'unexpected-character', 6, { a: 1 }],
    ['[01]', 'unexpected-character', 2, []],
    ['[-01]', 'unexpected-character', 3, []],
    ['[1.]', 'unexpected-character', 3, []],
    ['[.5]', 'unexpected-character', 1, []],
    ['[+1]', 'unexpected-character', 1, []],
    ['[-]', 'unexpected-character', 2, []],
    ['[1e+]', 'unexpected-character', 4, []],
    ['[1e5e5]', 'unexpected-character', 4, []],
    ['[1.5.5]', 'unexpected-character', 4, []],
    ['["a\nb"]', 'unexpected-character', 3, ['a']],
    [String.raw`["a\x41"]`, 'unexpected-character', 4, ['a']],
    [String.raw`["a\u00g0"]`, 'unexpected-character', 7, ['a']],
    ['[tru3]', 'unexpected-character', 4, [true]],
    ['[truE]', 'unexpected-character', 4, [true]],
    ['\u00a0[]', 'unexpected-character', 0, undefined],
    ['```json\n{}', 'unexpected-character', 0, undefined],
    ['{"a":1} {"b":2}', 'trailing-text', 8, { a: 1 }],
    ['{}}', 'trailing-text', 2, {}],
    ['"a" // no', 'trailing-text', 4, 'a'],
    ['1 2', 'trailing-text', 2, 1],
    ['12px', 'unexpected-character', 2, undefined],
    ['', 'unexpected-end', 0, undefined],
    [' ', 'unexpected-end', 1, undefined],
    ['{"a":[1,2', 'unexpected-end', 9, { a: [1] }],
    ['-', 'unexpected-end', 1, undefined],
    ['"', 'unexpected-end', 1, ''],
  ]

  test.each(cases)('%j: %s at %i', (text, code, position, value) => {
    const parser = parseWhole(...text.split(''))
    expect(parser.error).toMatchObject({ code, position })
    expect(parser.value).toEqual(value)
    expect(parser.isComplete).toBe(false)
  })

  test('is told where it stopped being JSON and what would have been right there', () => {
    expect(parse('{"rows":[{"id":1},{"id":NaN}]}').error).toEqual({
      code: 'unexpected-character',
      position: 24,
      path: ['rows', 1, 'id'],
      message: 'At position 24 stands "N", where JSON has a value.',
    })
    expect(parseWhole('{"a').error?.message).toBe(
      'The text ends at position 3, where JSON has text without raw control characters, or its closing quote.',
    )
  })

  test('says the same of a character beyond U+FFFF whether it is cut or not', () => {
    const message = 'At position 1 stands a character beyond U+FFFF, where JSON has a value or ].'
    expect(parse('[\ud83d\ude00').error?.message).toBe(message)
    expect(parseWhole('[\ud83d', '\ude00').error?.message).toBe(message)
  })

  test('keeps its value, and takes nothing more', () => {
    const parser = parse('[1,2,oops')
    const { value, error } = parser
    parser.push('3]')
    parser.end()
    expect([parser.value, parser.error, parser.length]).toEqual([[1, 2], error, 11])
    expect(parser.value).toBe(value)
  })

  test('with a second value leaves the first one whole', () => {
    const parser = parse('{"a":1}{"a":2}')
    expect(parser.isComplete).toBe(false)
    expect(parser.isPathComplete([])).toBe(true)
    expect(parser.openPath).toBe(undefined)
  })

  test('is bounded in depth', () => {
    const parser = parse('['.repeat(100_000))
    expect(parser.error).toMatchObject({ code: 'too-deep', position: 512 })
    expect(JSON.stringify(parser.value)).toBe('['.repeat(512) + ']'.repeat(512))
    const shallow = createJsonParser({ maxDepth: 1 })
    shallow.push('{"a":1,"b":{')
    expect([shallow.error?.message, shallow.value]).toEqual([
      'More than 1 arrays and objects stand within one another at position 11.',
      { a: 1 },
    ])
  })

  test('takes nothing after its end was told', () => {
    const parser = parseWhole('12')
    parser.push('3')
    expect([parser.value, parser.isComplete]).toEqual([12, true])
  })
})

describe('laws', () => {
  test('a JSON text ends as what JSON.parse makes of it, however it is cut and read', () => {
    fc.assert(
      fc.property(jsonText(), fc.infiniteStream(fc.nat(8)), (text, sizes) => {
        const parser = createJsonParser()
        for (const fragment of cut(text, sizes)) {
          parser.push(fragment)
          if (fragment.length % 2 === 0) void parser.value
        }
        parser.end()
        expect([parser.error, parser.isComplete]).toEqual([undefined, true])
        expect(JSON.stringify(parser.value)).toBe(JSON.stringify(JSON.parse(text)))
        expect(isDeepStrictEqual(parser.value, JSON.parse(text))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('every value on the way is a beginning of the next one', () => {
    fc.assert(
      fc.property(jsonText(), (text) => {
        const parser = createJsonParser()
        let before: unknown
        for (const char of text) {
          parser.push(char)
          expect(isBeginning(before, parser.value)).toBe(true)
          before = parser.value
        }
        parser.end()
        expect(isBeginning(before, JSON.parse(text))).toBe(true)
      }),
    )
  })

  test('what is said to be complete is the very value of the end', () => {
    fc.assert(
      fc.property(jsonText(), fc.nat(), (text, cutAt) => {
        const at = cutAt % (text.length + 1)
        const parser = parse(text.slice(0, at))
        const paths = pathsOf(parser.value)
        const complete = paths.filter((path) => parser.isPathComplete(path))
        const values = complete.map((path) => valueAt(parser.value, path))
        // All but those on the way to the open one.
        expect(paths.length - complete.length).toBeLessThanOrEqual((parser.openPath?.length ?? -1) + 1)
        parser.push(text.slice(at))
        parser.end()
        complete.forEach((path, index) => expect(valueAt(parser.value, path)).toBe(values[index]))
      }),
    )
  })

  test('a text is taken exactly when JSON.parse takes it, and then as the same value', () => {
    fc.assert(
      fc.property(brokenText(), (text) => {
        const parser = parseWhole(...text.split(''))
        const expected = parsedOrUndefined(text)
        expect(parser.isComplete).toBe(expected !== undefined)
        expect(parser.error === undefined).toBe(parser.isComplete)
        expect(!parser.isComplete || isDeepStrictEqual(parser.value, expected)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('an error stands at the first character that does not fit, and what came before it is kept', () => {
    fc.assert(
      fc.property(brokenText(), (text) => {
        const { error, value } = parseWhole(...text.split(''))
        fc.pre(error !== undefined)
        const before = parse(text.slice(0, error?.position))
        expect(before.error).toBe(undefined)
        expect(isBeginning(before.value, value)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('cuts change nothing, in broken texts either', () => {
    fc.assert(
      fc.property(brokenText(), fc.infiniteStream(fc.nat(5)), (text, sizes) => {
        const whole = parseWhole(text)
        const pieces = parseWhole(...cut(text, sizes))
        expect(pieces.error).toEqual(whole.error)
        expect(isDeepStrictEqual(pieces.value, whole.value)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('recorded tool calls', () => {
  const calls = Object.entries(recordings).flatMap(([name, text]) =>
    Object.entries(argumentFragments(text)).map(([index, fragments]) => ({ name, index, fragments })),
  )

  test('are there', () => expect(calls.length).toBeGreaterThan(4))

  test.each(calls)('$name, call $index: its arguments as they came', ({ fragments }) => {
    const parser = createJsonParser()
    let before: unknown
    for (const fragment of fragments) {
      parser.push(fragment)
      expect(isBeginning(before, parser.value)).toBe(true)
      before = parser.value
    }
    expect(parser.error).toBe(undefined)
    const whole = parsedOrUndefined(fragments.join(''))
    expect(parser.isComplete).toBe(whole !== undefined)
    expect(parser.isComplete ? parser.value : undefined).toEqual(whole)
  })
})

// ---------------------------------------------------------------------------------------------------------------------

/** A JSON text with blanks, escapes and keys of every kind. */
function jsonText(): fc.Arbitrary<string> {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '/', '\n', '\ud83d', '\ude00', 'é', '\u2028', 'a') }),
    fc.constantFrom('__proto__', 'constructor', '0', '10', ''),
  )
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constant(2 ** 60),
  )
  // JSON.parse of V8 (seen in Node 24.21) gives an escaped key the name of one that begins with a backslash, where an object
  // of that shape was made before: {"\u0061":1} becomes {"\\":1}.
  const key = text.filter((name) => !name.startsWith('\\'))
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(text, number, fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  })).value
  return fc.tuple(value, fc.constantFrom('', ' ', '\n\t'), fc.boolean()).map(([json, blank, escapesAll]) => {
    const written = JSON.stringify(json, undefined, blank.trim() === '' ? blank : '')
    const inBlanks = blank + written + blank
    return escapesAll ? inBlanks.replace(/[^\0-~]/g, (unit) => unicodeEscape(unit)) : inBlanks
  })
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

const noiseUnits = ['true', 'null', '"a"', '\u00e9', '\ud800', ...'{}[]:,"\\/-+.eE0123tfn \n\tu'.split('')]

/** A JSON text with something put in or taken out, or characters of JSON in any order. */
function brokenText(): fc.Arbitrary<string> {
  const noise = fc.string({
    unit: fc.constantFrom(...noiseUnits),
    maxLength: 20,
  })
  const mutated = fc.tuple(jsonText(), fc.nat(), fc.nat(3), noise).map(([text, place, removed, added]) => {
    const at = place % (text.length + 1)
    return text.slice(0, at) + added.slice(0, 2) + text.slice(at + removed)
  })
  return fc.oneof(noise, mutated)
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function cut(text: string, sizes: Iterable<number>): string[] {
  const fragments: string[] = []
  let at = 0
  for (const size of sizes) {
    if (at >= text.length) break
    fragments.push(text.slice(at, at + size))
    at += size
  }
  return fragments
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
}

/** Whether `later` is `value` with more at its open end. */
function isBeginning(value: unknown, later: unknown): boolean {
  if (value === undefined || value === later) return true
  if (typeof value === 'string') return typeof later === 'string' && later.startsWith(value)
  if (Array.isArray(value)) {
    return (
      Array.isArray(later) &&
      later.length >= value.length &&
      value.every((item, index) => (index < value.length - 1 ? isSame : isBeginning)(item, later[index]))
    )
  }
  if (typeof value !== 'object' || value === null || typeof later !== 'object' || later === null) {
    return Object.is(value, later)
  }
  const inner = Object.entries(value)
  const changed = inner.filter(([key, item]) => !isSame(item, valueAt(later, [key])))
  return (
    !Array.isArray(later) &&
    changed.length <= 1 &&
    changed.every(([key, item]) => Object.hasOwn(later, key) && isBeginning(item, valueAt(later, [key])))
  )
}

function isSame(value: unknown, other: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(other)
}

type Path = (string | number)[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (value === undefined) return []
  if (typeof value !== 'object' || value === null) return [path]
  const keys: Path = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  return [path, ...keys.flatMap((key) => pathsOf(valueAt(value, [key]), [...path, key]))]
}

function valueAt(value: unknown, path: Path): unknown {
  let inner = value
  for (const name of path) inner = Object.getOwnPropertyDescriptor(inner, name)?.value
  return inner
}

/** The fragments of each tool call's arguments, as a recorded server sent them. */
function argumentFragments(recording: string): { [call: string]: string[] } {
  const calls: { [call: string]: string[] } = {}
  const parser = createEventParser({
    onRecord({ data }) {
      for (const call of readChunk(data, () => {})?.choices?.[0]?.delta?.tool_calls ?? []) {
        const text = call.function?.arguments
        if (typeof text === 'string') (calls[String(call.index)] ??= []).push(text)
      }
    },
  })
  const { pieces } = readRecording(recording)
  parser.push(new TextDecoder().decode(joinBytes(pieces.map(({ bytes }) => bytes))))
  parser.end()
  return calls
}
