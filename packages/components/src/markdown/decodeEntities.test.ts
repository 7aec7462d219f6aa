import { describe, expect, it } from 'vitest'

import { decodeEntities } from './decodeEntities.ts'

describe('decodeEntities', () => {
  it.each([
    ['a &amp; b', 'a & b'],
    ['&lt;b&gt;', '<b>'],
    ['&#169; &#xA9; &copy;', '© © ©'],
    ['&#x1F600;', '😀'],
    ['5 &le; 6&nbsp;m', '5 ≤ 6\u00a0m'],
  ])('reads %s', (source, text) => {
    expect(decodeEntities(source)).toBe(text)
  })

  it('leaves what it does not know as it is written', () => {
    expect(decodeEntities('AT&T, &unknown; &constructor; &amp')).toBe('AT&T, &unknown; &constructor; &amp')
  })

  it('reads no character that is none', () => {
    expect(decodeEntities('&#0; &#xD800; &#1114112;')).toBe('\ufffd \ufffd \ufffd')
  })
})
