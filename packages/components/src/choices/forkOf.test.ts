import { describe, expect, it } from 'vitest'

import { forkOf } from './forkOf.ts'

function wordAt(text: string, others: readonly string[]): string | undefined {
  const fork = forkOf(text, others)
  return fork && text.slice(fork.start, fork.end)
}

describe('forkOf', () => {
  it('finds the word at which a text departs from the one that begins most as it does', () => {
    const texts = ['The largest planet is Jupiter.', 'The largest planet is Neptune.', 'The sea is deep.']
    expect(wordAt(texts[0]!, [texts[1]!, texts[2]!])).toBe('Jupiter.')
    expect(wordAt(texts[2]!, [texts[0]!, texts[1]!])).toBe('sea')
  })

  it('compares words, not letters', () => {
    expect(wordAt('two planets here', ['two planet here'])).toBe('planets')
    expect(wordAt('two planet here', ['two planets here'])).toBe('planet')
  })

  it('finds none in texts that share nothing, not even their first word', () => {
    expect(forkOf('Jupiter it is', ['Neptune it is'])).toBeUndefined()
    expect(forkOf('planets', ['planet'])).toBeUndefined()
  })

  it('finds none while a text has only said what another says too', () => {
    expect(forkOf('The largest', ['The largest planet'])).toBeUndefined()
    expect(forkOf('The same', ['The same'])).toBeUndefined()
    expect(forkOf('', ['The'])).toBeUndefined()
  })

  it('marks what follows where another has ended', () => {
    expect(wordAt('Jupiter. It is big.', ['Jupiter.'])).toBe('It')
  })
})
