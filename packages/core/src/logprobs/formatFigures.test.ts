import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { formatBits, formatFigure, formatProbability, visibleToken } from './formatFigures.ts'

describe('probabilities in words', () => {
  test.each([
    [1, '>99.99%'],
    [0.99995, '>99.99%'],
    [0.9997, '99.97%'],
    [0.9994, '99.9%'],
    [0.41, '41.0%'],
    [0.134, '13.4%'],
    [0.092, '9.2%'],
    [0.0037, '0.37%'],
    [0.0001, '0.01%'],
    [0.00009, '<0.01%'],
    [0, '<0.01%'],
    [Number.NaN, '–'],
  ])('%d is %s', (probability, text) => {
    expect(formatProbability(probability)).toBe(text)
  })

  test('never say 100% or 0%, whatever the probability', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (probability) => {
        const figure = Number.parseFloat(formatProbability(probability).replace(/^[<>]/, ''))
        expect(figure).toBeGreaterThan(0)
        expect(figure).toBeLessThan(100)
      }),
    )
  })
})

test('bits have one decimal and are never rounded to nothing', () => {
  expect([2.897, 0, 0.01, 0.06, Number.NaN].map(formatBits)).toEqual(['2.9', '0.0', '<0.1', '0.1', '–'])
})

test('means have the figures that count', () => {
  expect([1.94, 0.934, 12.34, 123.4, 1234.5, Infinity].map(formatFigure)).toEqual([
    '1.9',
    '0.93',
    '12.3',
    '123',
    '1,235',
    '–',
  ])
})

describe('a token that can be seen', () => {
  test.each([
    [' pack', '·pack'],
    ['\n\n', '↵↵'],
    ['\t', '⇥'],
    ['\u00a0', '⍽'],
    ['\u200d', '[zero-width joiner]'],
    ['naïve', 'naïve'],
    ['', '∅'],
  ])('%j is %s', (token, visible) => {
    expect(visibleToken({ token, bytes: new TextEncoder().encode(token) })).toBe(visible)
  })

  test('part of a character is its bytes', () => {
    expect(visibleToken({ token: '\\xf0\\x9f', bytes: Uint8Array.of(0xf0, 0x9f) })).toBe('f0 9f')
  })
})
