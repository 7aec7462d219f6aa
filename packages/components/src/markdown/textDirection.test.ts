import { expect, test } from 'vitest'

import { textDirection } from './textDirection.ts'

test.each([
  ['**Paris** هي العاصمة', 'ltr'],
  ['1. **باريس** is the capital', 'rtl'],
  ['> שלום', 'rtl'],
  ['東京', 'ltr'],
  ['18 °, 21', undefined],
  ['', undefined],
])('%j is read as %s', (text, direction) => {
  expect(textDirection(text)).toBe(direction)
})
