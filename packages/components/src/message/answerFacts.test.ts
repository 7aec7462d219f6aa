import { describe, expect, it } from 'vitest'

import { answer, withLogprobs } from '../fixtures/messages.ts'
import { answerFacts } from './answerFacts.ts'

const usage = (
  tokens: number,
): { prompt_tokens: number; completion_tokens: number; total_tokens: number } => ({
  prompt_tokens: 9,
  completion_tokens: tokens,
  total_tokens: 9 + tokens,
})

describe('answerFacts', () => {
  it('measures speed from the first token to the last, without the first', () => {
    const message = answer('x', {
      usage: usage(31),
      timings: { startedAt: 0, firstTokenMs: 200, lastTokenMs: 500 },
    })
    expect(answerFacts(message)).toEqual({ firstTokenMs: 200, tokens: 31, tokensPerSecond: 100 })
  })

  it('tells no speed where all tokens came at once', () => {
    const message = answer('x', {
      usage: usage(31),
      timings: { startedAt: 0, firstTokenMs: 500, lastTokenMs: 510 },
    })
    expect(answerFacts(message)).toEqual({ firstTokenMs: 500, tokens: 31 })
  })

  it('counts by probabilities until the server has counted', () => {
    const message = withLogprobs(answer('Hi there', { status: 'streaming' }), [
      ['Hi', -0.1],
      [' there', -0.2],
    ])
    expect(answerFacts(message).tokens).toBe(2)
    expect(answerFacts({ ...message, usage: usage(5) }).tokens).toBe(5)
  })

  it('does not say of one choice what the server counted for all of them', () => {
    const message = answer('Hi there', { usage: usage(31) })
    expect(answerFacts(message, { isOneOfSeveral: true }).tokens).toBeUndefined()
    const counted = withLogprobs(message, [
      ['Hi', -0.1],
      [' there', -0.2],
    ])
    expect(answerFacts(counted, { isOneOfSeveral: true }).tokens).toBe(2)
  })

  it('guesses nothing', () => {
    expect(answerFacts(answer('Hi', { timings: { startedAt: 0 } }))).toEqual({})
  })
})
