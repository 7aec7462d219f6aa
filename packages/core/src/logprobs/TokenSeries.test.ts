import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { TokenLogprob } from '../wire.ts'
import { createTokenSeries, isFloor, usableLogprob } from './TokenSeries.ts'

const hello: TokenLogprob = {
  token: 'Hello',
  logprob: -0.5,
  bytes: [72, 101, 108, 108, 111],
  top_logprobs: [
    { token: 'Hello', logprob: -0.5, bytes: [72, 101, 108, 108, 111] },
    { token: 'Hi', logprob: -1.5, bytes: [72, 105] },
  ],
}

/** What toEqual does not see: the order of fields. */
const asJson = (value: unknown): string => JSON.stringify(value)

describe('what comes out is what the server sent', () => {
  const odd: { [what: string]: any } = {
    'OpenAI: all four fields': hello,
    'llama.cpp: an id first': { id: 3473, token: 'At', bytes: [65, 116], logprob: -1.25, top_logprobs: [] },
    'llama-cpp-python: bytes before logprob, null': {
      token: 'I',
      bytes: null,
      logprob: -2,
      top_logprobs: [],
    },
    'no bytes and no alternatives at all': { token: 'a', logprob: -1 },
    'alternatives null': { token: 'a', logprob: -1, top_logprobs: null },
    'a sentinel of llama.cpp': { token: '', bytes: [], logprob: -3.4028234663852886e38, top_logprobs: [] },
    'no log probability but null': { token: 'a', logprob: null, bytes: null },
    'llama.cpp: a probability in its place': {
      id: 1,
      token: 'a',
      bytes: [97],
      prob: 0.5,
      top_probs: [{ prob: 0.5 }],
    },
    'fields that nobody knows': {
      token: 'a',
      sampler: { name: 'min_p' },
      logprob: -1,
      top_logprobs: [{ token: 'b', rank: 2, logprob: -2 }],
    },
    'known fields of unknown types': { token: 7, logprob: '-1', bytes: 'YQ==', id: 'a-7', top_logprobs: {} },
    'bytes that are none': { token: 'a', logprob: -1, bytes: [1, 256, -1, 0.5] },
    'an entry that is no object': null,
    'alternatives that are no objects': { token: 'a', logprob: -1, top_logprobs: [null, 'b', [1]] },
    'a field called __proto__': JSON.parse('{"token":"a","__proto__":{"polluted":1},"logprob":-1}'),
  }

  test.each(Object.entries(odd))('%s', (_what, entry) => {
    const series = createTokenSeries([hello, entry, hello]).snapshot()
    expect(asJson(series.entry(1))).toBe(asJson(entry))
    expect(asJson(series.entries())).toBe(asJson([hello, entry, hello]))
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  test('any JSON as an entry, in any number of pieces', () => {
    const token = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.constantFrom(' the', ' a', '', '\\xf0\\x9f'),
    )
    const alternative = fc.record(
      {
        token,
        logprob: fc.oneof(
          fc.double({ max: 0, noNaN: true, noDefaultInfinity: true }),
          fc.constantFrom(-9999, 0, null),
        ),
        bytes: fc.oneof(fc.constant(null), fc.array(fc.nat(260), { maxLength: 5 })),
        id: fc.nat(),
        extra: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    const entry = fc
      .tuple(
        alternative,
        fc.oneof(fc.array(fc.oneof(alternative, fc.jsonValue()), { maxLength: 4 }), fc.jsonValue()),
      )
      .map(([fields, top_logprobs]) => ({ ...fields, top_logprobs }))
    fc.assert(
      fc.property(fc.array(fc.oneof(entry, fc.jsonValue()), { maxLength: 8 }), fc.nat(8), (entries, cut) => {
        const sent: TokenLogprob[] = JSON.parse(JSON.stringify(entries))
        const draft = createTokenSeries()
        draft.append(sent.slice(0, cut))
        draft.append(sent.slice(cut))
        expect(asJson(draft.snapshot().entries())).toBe(asJson(sent))
      }),
    )
  })

  test('tokens that read alike and differ in their bytes or ids, again and again', () => {
    const bytes: unknown[] = [
      [97, 98],
      null,
      [97, 99],
      [97],
      [],
      [97, 98, 99],
      { length: 2, 0: 97, 1: 98 },
      'ab',
      undefined,
    ]
    const twins = bytes.flatMap((listed) =>
      [undefined, 1, 2].map((id) => ({
        token: 'ab',
        logprob: -1,
        ...(listed !== undefined && { bytes: listed }),
        ...(id !== undefined && { id }),
      })),
    )
    const others = ['é', '\\xc3\\xa9'].flatMap((token) =>
      [[195, 169], [233], null].map((listed) => ({ token, logprob: -1, bytes: listed })),
    )
    const sent: any[] = [...twins, ...others, ...others, ...twins, ...twins.toReversed()]
    expect(asJson(createTokenSeries(sent).snapshot().entries())).toBe(asJson(sent))
  })

  test('as many different sets of fields as there are entries', () => {
    const entries = Array.from({ length: 2_000 }, (_, index) => ({
      token: 'a',
      logprob: -1,
      [`field${index}`]: index,
    }))
    const series = createTokenSeries(entries).snapshot()
    for (const index of [0, 1, 1_000, 1_999]) expect(asJson(series.entry(index))).toBe(asJson(entries[index]))
  })
})

describe('a series that grows', () => {
  test('leaves earlier snapshots as they were', () => {
    const draft = createTokenSeries([hello])
    const before = draft.snapshot()
    for (let count = 0; count < 1_000; count++) draft.append([{ token: String(count), logprob: -1 }])
    expect(before.length).toBe(1)
    expect(before.entries()).toEqual([hello])
    expect(() => before.token(1)).toThrow('The series has 1 tokens; there is no token 1.')
    expect(draft.snapshot().token(1_000)).toBe('999')
  })

  test('gives the same snapshot until something is added', () => {
    const draft = createTokenSeries([hello])
    expect(draft.snapshot()).toBe(draft.snapshot())
    const before = draft.snapshot()
    draft.append([])
    expect(draft.snapshot()).toBe(before)
    draft.append([hello])
    expect(draft.snapshot()).not.toBe(before)
  })

  test('gives the same entry objects in every later snapshot', () => {
    const draft = createTokenSeries([hello])
    const first = draft.snapshot().entries()[0]
    draft.append([hello])
    expect(draft.snapshot().entries()[0]).toBe(first)
    expect(draft.snapshot().entries()).toHaveLength(2)
  })
})

describe('bytes', () => {
  test.each([
    [
      'the listed ones, whatever the text',
      { token: '\\xf0\\x9f', logprob: 0, bytes: [0xf0, 0x9f] },
      [0xf0, 0x9f],
    ],
    [
      'escapes in the text when none are listed',
      { token: ' \\xf0\\x9F', logprob: 0, bytes: null },
      [32, 0xf0, 0x9f],
    ],
    ['escapes after "bytes:"', { token: 'bytes:\\xe2\\x82', logprob: 0 }, [0xe2, 0x82]],
    ['program text that only looks like ASCII escapes', { token: '\\x41', logprob: 0 }, [92, 120, 52, 49]],
    ['UTF-8 of the text otherwise', { token: 'é', logprob: 0, bytes: null }, [0xc3, 0xa9]],
    ['none of an end-of-sequence token', { token: '', logprob: 0, bytes: [] }, []],
  ])('%s', (_what, entry, bytes) => {
    expect(Array.from(createTokenSeries([entry]).snapshot().bytes(0))).toEqual(bytes)
  })
})

describe('figures to count with', () => {
  test.each([
    [-9999, true],
    [-1000, true],
    [-3.4028234663852886e38, true],
    [-Infinity, true],
    [Infinity, true],
    [Number.NaN, true],
    [-999, false],
    [0, false],
  ])('a log probability of %d is a sentinel: %s', (logprob, floor) => {
    expect(isFloor(logprob)).toBe(floor)
    expect(Number.isNaN(usableLogprob(logprob))).toBe(floor)
  })

  test('a hair above zero is zero, more is no log probability', () => {
    expect(usableLogprob(5e-7)).toBe(0)
    expect(usableLogprob(0.87)).toBeNaN()
  })

  test('the legacy shape becomes the same series', () => {
    const draft = createTokenSeries()
    draft.appendLegacy({
      tokens: ['Hel', 'lo'],
      token_logprobs: [null, -0.25],
      top_logprobs: [null, { lo: -0.25, p: -2 }],
      text_offset: [0, 3],
    })
    const series = draft.snapshot()
    expect(series.legacy).toBe(true)
    expect([series.token(0), series.token(1)]).toEqual(['Hel', 'lo'])
    expect(series.logprob(0)).toBeNaN()
    expect(series.alternative(1, 1)).toMatchObject({ token: 'p', logprob: -2 })
    expect(series.totals()).toMatchObject({ tokens: 2, floors: 1, logprob: -0.25 })
  })

  test('sums of any stretch leave out what is no figure, and count it', () => {
    const anyLogprob = fc.oneof(
      fc.double({ min: -50, max: 0, noNaN: true }),
      fc.constantFrom(-9999, -Infinity, Number.NaN, 0.5),
    )
    fc.assert(
      fc.property(fc.array(anyLogprob, { maxLength: 60 }), fc.nat(60), fc.nat(60), (logprobs, a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a]
        const series = createTokenSeries(logprobs.map((logprob) => ({ token: 'é', logprob }))).snapshot()
        const stretch = logprobs.slice(from, to)
        const usable = stretch.map(usableLogprob).filter((logprob) => !Number.isNaN(logprob))
        const totals = series.totals(from, to)
        expect(totals.tokens).toBe(stretch.length)
        expect(totals.counted).toBe(usable.length)
        expect(totals.floors).toBe(stretch.filter(isFloor).length)
        expect(totals.positives).toBe(
          stretch.filter((logprob) => logprob > 1e-6 && logprob < Infinity).length,
        )
        expect(totals.bytes).toBe(usable.length * 2)
        expect(totals.logprob).toBeCloseTo(
          usable.reduce((sum, logprob) => sum + logprob, 0),
          9,
        )
      }),
    )
  })
})

const recordings = join(import.meta.dirname, '../../../../../shared/recordings/servers')

describe.runIf(existsSync(recordings))('recorded answers', () => {
  for (const server of existsSync(recordings) ? readdirSync(recordings) : []) {
    for (const file of readdirSync(join(recordings, server)).filter((name) =>
      /logprobs.*\.(sse|json)$/.test(name),
    )) {
      test(`${server}/${file}: every entry comes out as it came`, () => {
        const records = readRecords(join(recordings, server, file))
        const entries = records.flatMap((record) => record.choices?.[0]?.logprobs?.content ?? [])
        const draft = createTokenSeries()
        for (const record of records) draft.append(record.choices?.[0]?.logprobs?.content ?? [])
        expect(asJson(draft.snapshot().entries())).toBe(asJson(entries))
      })
    }
  }
})

function readRecords(path: string): Answer[] {
  const text = readFileSync(path, 'utf8')
  const bodies = path.endsWith('.sse') ? text.matchAll(/^data: (\{.*)$/gm) : text.matchAll(/^(\{.*)$/gms)
  return Array.from(bodies, ([, body]) => JSON.parse(body!))
}

interface Answer {
  choices?: { logprobs?: { content: TokenLogprob[] | null } | null }[]
}
