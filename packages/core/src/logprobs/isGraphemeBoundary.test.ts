import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { isGraphemeBoundary } from './isGraphemeBoundary.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

function boundaries(text: string): number[] {
  return Array.from(segmenter.segment(text), ({ index }) => index)
}

function found(text: string): number[] {
  const offsets: number[] = []
  let last = 0
  for (let offset = 0; offset < text.length; offset++) {
    if (!isGraphemeBoundary(text, offset, last)) continue
    offsets.push(offset)
    last = offset
  }
  return offsets
}

describe('where a character ends for a reader', () => {
  test.each([
    ['a family', '👩‍👩‍👧!'],
    ['two flags', '🇯🇵🇫🇷'],
    ['a skin tone', '👍🏽x'],
    ['a combining accent', 'e\u0301a'],
    ['Hangul of parts', '\u1112\u1161\u11ab글'],
    ['Devanagari', 'क्षत्रिय'],
    ['Windows line breaks', 'a\r\nb\n\nc'],
    ['Arabic with marks', 'مُحَمَّد'],
    ['half a character', 'a\ud83db'],
  ])('%s', (_what, text) => {
    expect(found(text)).toEqual(boundaries(text))
  })

  test('is what Intl.Segmenter says, for any text', () => {
    const unit = fc.oneof(
      fc.integer({ min: 0, max: 0x3100 }),
      fc.integer({ min: 0x4e00, max: 0xd7ff }),
      fc.integer({ min: 0xf900, max: 0x1faff }),
      fc.constantFrom(
        0x200d,
        0xfe0f,
        0x1f468,
        0x1f1ef,
        0x1f1f5,
        0x301,
        0x0d,
        0x0a,
        0x94d,
        0x1161,
        0xac00,
        0xac01,
      ),
    )
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 12 }), (codes) => {
        const text = String.fromCodePoint(...codes)
        expect(found(text)).toEqual(boundaries(text))
      }),
      { numRuns: 2_000 },
    )
  })

  test('every pair of characters that is decided without the segmenter is decided as it would', () => {
    const samples = Array.from({ length: 0x10000 }, (_, code) => code).filter(
      (code) => (code < 0xd800 || code > 0xdfff) && (code < 0x3100 || code % 97 === 0 || code > 0xff00),
    )
    const wrong = samples.filter((code) =>
      ['a', '한', '\u1161'].some((other) => {
        const character = String.fromCharCode(code)
        return [character + other, other + character].some(
          (pair) => isGraphemeBoundary(pair, 1, 0) !== boundaries(pair).includes(1),
        )
      }),
    )
    expect(wrong).toEqual([])
  })
})
