import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

import type { ChatCompletionChunk, TokenLogprob } from '../wire.ts'
import { alignTokens, createTokenAlignment, type TokenAlignment } from './alignTokens.ts'
import { createChoiceLogprobs, tokenSeries } from './choiceLogprobs.ts'
import { logprobsWarnings } from './logprobsWarnings.ts'
import { sequenceFigures } from './sequenceFigures.ts'

const folder = join(import.meta.dirname, '../testing/recordings')
const files = readdirSync(folder).filter((name) => name.endsWith('.sse'))

/** The first choice, chunk by chunk. */
function chunksOf(file: string): { text: string; entries: TokenLogprob[] }[] {
  const records = readFileSync(join(folder, file), 'utf8').matchAll(/^data: (\{.*)$/gm)
  return Array.from(records, ([, body]) => {
    const chunk: ChatCompletionChunk = JSON.parse(body!)
    const choice = chunk.choices?.find(({ index }) => index === 0)
    const content = choice?.delta?.content
    return { text: typeof content === 'string' ? content : '', entries: choice?.logprobs?.content ?? [] }
  })
}

const streams = files
  .map((file) => ({ file, chunks: chunksOf(file) }))
  .filter(({ chunks }) => chunks.some(({ entries }) => entries.length > 0))

function unitsOf(alignment: TokenAlignment): string[] {
  return Array.from({ length: alignment.unitCount }, (_, index) => {
    const { start, end, from, to } = alignment.unit(index)
    return `${from}–${to} ${alignment.text.slice(start, end)}`
  })
}

describe('streams of the embedded model with logprobs', () => {
  test('there are some', () => {
    expect(streams.length).toBeGreaterThan(3)
  })

  test.each(streams)(
    '$file: every entry reads back, every token finds its place, at every moment',
    ({ chunks }) => {
      const draft = createChoiceLogprobs()
      const alignment = createTokenAlignment()
      let text = ''
      let sent = 0
      for (const chunk of chunks) {
        text += chunk.text
        sent += chunk.entries.length
        draft.append({ content: chunk.entries })
        const series = tokenSeries(draft.snapshot())!
        const now = alignment.align(series, text)
        expect(series.length).toBe(sent)
        // What was held back by a grammar is all that may have no place.
        expect(now.unplaced + now.empty).toBeLessThanOrEqual(1)
        expect(now.uncovered).toBe(0)
        expect(unitsOf(now)).toEqual(unitsOf(alignTokens(series, text)))
      }
      const series = tokenSeries(draft.snapshot())!
      expect(JSON.stringify(draft.snapshot()!.content)).toBe(
        JSON.stringify(chunks.flatMap(({ entries }) => entries)),
      )
      expect(sequenceFigures(series).perplexity).toBeGreaterThanOrEqual(1)
      expect(logprobsWarnings(series).map(({ code }) => code)).toEqual([])
    },
  )
})
