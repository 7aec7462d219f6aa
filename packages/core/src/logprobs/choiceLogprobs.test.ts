import { describe, expect, test } from 'vitest'

import type { ChoiceLogprobs, TokenLogprob } from '../wire.ts'
import { createChoiceLogprobs, tokenSeries } from './choiceLogprobs.ts'
import { tokenCount } from './tokenCount.ts'

const token = (text: string): TokenLogprob => ({ token: text, logprob: -0.5, bytes: null, top_logprobs: [] })

describe('logprobs gathered from chunks', () => {
  test('are null until some came', () => {
    const draft = createChoiceLogprobs()
    draft.append(null)
    draft.append(undefined)
    expect(draft.snapshot()).toBeNull()
  })

  test('have the shape of an answer that was not streamed', () => {
    const draft = createChoiceLogprobs()
    draft.append({ content: [token('a'), token('b')], refusal: null })
    draft.append({ content: [token('c')], refusal: null })
    expect(JSON.parse(JSON.stringify(draft.snapshot()))).toEqual({
      content: [token('a'), token('b'), token('c')],
      refusal: null,
    })
  })

  test('hold those of a refusal apart from those of content', () => {
    const draft = createChoiceLogprobs()
    draft.append({ content: null, refusal: [token('No')] })
    draft.append({ content: null, refusal: [token('.')] })
    expect(draft.snapshot()).toEqual({ content: null, refusal: [token('No'), token('.')] })
    expect(tokenSeries(draft.snapshot(), 'refusal')?.length).toBe(2)
    expect(tokenSeries(draft.snapshot(), 'content')).toBeUndefined()
  })

  test('keep what nobody knows: lists grow, other fields keep their last value', () => {
    const draft = createChoiceLogprobs()
    draft.append({ content: [token('a')], text_offset: [0], mode: 'raw' })
    draft.append({ content: [token('b')], text_offset: [1], mode: null })
    expect(draft.snapshot()).toEqual({ content: [token('a'), token('b')], text_offset: [0, 1], mode: 'raw' })
  })

  test('of the older shape grow too, and can be read in the current one', () => {
    const draft = createChoiceLogprobs()
    draft.append({
      content: null,
      tokens: ['a'],
      token_logprobs: [-0.1],
      top_logprobs: [{ a: -0.1, b: -2.4 }],
    })
    draft.append({ content: null, tokens: ['b'], token_logprobs: [-0.2], top_logprobs: [null] })
    expect(draft.snapshot()).toMatchObject({
      tokens: ['a', 'b'],
      token_logprobs: [-0.1, -0.2],
      content: [
        { token: 'a', logprob: -0.1, top_logprobs: [{ token: 'a' }, { token: 'b', logprob: -2.4 }] },
        { token: 'b', logprob: -0.2, top_logprobs: [] },
      ],
    })
  })

  test('are the same object until something is added, and earlier ones do not change', () => {
    const draft = createChoiceLogprobs()
    const sent = { content: [token('a')], text_offset: [0] }
    draft.append(sent)
    const before = draft.snapshot()
    expect(draft.snapshot()).toBe(before)
    draft.append({ content: [token('b')], text_offset: [1] })
    expect(draft.snapshot()).not.toBe(before)
    expect([before, sent]).toEqual([sent, { content: [token('a')], text_offset: [0] }])
    expect(draft.snapshot()).toEqual({ content: [token('a'), token('b')], text_offset: [0, 1] })
  })
})

describe('the series of a choice', () => {
  test('needs no entry to be built when the choice was streamed', () => {
    const draft = createChoiceLogprobs()
    draft.append({ content: [token('a')] })
    const logprobs = draft.snapshot()!
    const series = tokenSeries(logprobs)
    Object.defineProperty(logprobs, 'refusal', { get: () => expect.unreachable() })
    expect(tokenSeries(logprobs)).toBe(series)
    expect(series?.token(0)).toBe('a')
  })

  test('of a plain list that grows takes only the new entries', () => {
    const entries = [token('a'), token('b')]
    const first = tokenSeries({ content: [...entries] })
    let reads = 0
    const watched = { ...token('c') }
    const proxied = new Proxy(entries[1]!, { get: (target, field) => (reads++, Reflect.get(target, field)) })
    const grown = tokenSeries({ content: [entries[0]!, entries[1]!, watched] })
    expect(grown?.length).toBe(3)
    expect(first?.length).toBe(2)
    expect(grown?.token(2)).toBe('c')
    expect(tokenSeries({ content: [entries[0]!, entries[1]!, watched] })).toBe(grown)
    // Another list with the same beginning (a branch) is another series.
    expect(tokenSeries({ content: [entries[0]!, proxied] })?.length).toBe(2)
    expect(reads).toBeGreaterThan(0)
    expect(first?.token(1)).toBe('b')
  })

  test('is undefined when there are no logprobs, and empty when the list is', () => {
    const none: (ChoiceLogprobs | null | undefined)[] = [null, undefined, { content: null }]
    expect(none.map((logprobs) => tokenSeries(logprobs))).toEqual([undefined, undefined, undefined])
    expect(tokenSeries({ content: [] })?.length).toBe(0)
  })

  test('of the older shape is the same object each time', () => {
    const logprobs: ChoiceLogprobs = { content: null, tokens: ['a'], token_logprobs: [-1] }
    expect(tokenSeries(logprobs)?.token(0)).toBe('a')
    expect(tokenSeries(logprobs)).toBe(tokenSeries(logprobs))
  })
})

describe('the count of tokens', () => {
  test('is that of the lists, in whichever shape they came, and 0 where none came', () => {
    const draft = createChoiceLogprobs()
    draft.append({ content: [token('a'), token('b')], refusal: [token('c')] })
    const gathered = draft.snapshot()
    expect([tokenCount(gathered), tokenCount(gathered, 'refusal')]).toEqual([2, 1])
    const plain: ChoiceLogprobs = { content: [token('a')] }
    expect([tokenCount(plain), tokenCount(plain, 'refusal')]).toEqual([1, 0])
    const legacy: ChoiceLogprobs = { content: null, tokens: ['a', 'b', 'c'], token_logprobs: [-1, -1, -1] }
    expect([tokenCount(legacy), tokenCount(legacy, 'refusal')]).toEqual([3, 0])
    expect([tokenCount(null), tokenCount(undefined)]).toEqual([0, 0])
  })
})
