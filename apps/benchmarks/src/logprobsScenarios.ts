import { createChoiceLogprobs, tokenSeries } from '@candor/core'

import { generateLogprob, textRecords, type ExpectedChoice } from './generateStream.ts'
import { random } from './random.ts'
import type { Scenario } from './Scenario.ts'
import { readCandor, readFloor, readOpenAI, serve, type Gathered } from './streamReaders.ts'

/** As many as OpenAI sends at most. */
const alternatives = 20

const kept: Scenario = {
  name: 'logprobs-heap',
  title: `What an answer with ${alternatives} alternatives a token holds when it has ended`,
  unit: 'tokens',
  sizes: [8000, 16_000, 32_000],
  measures: 'heap',
  prepare(tokens) {
    // Made while they are read: held in memory, they would be weighed with the answers.
    const serveBody = serve({
      [Symbol.iterator]: () => textRecords(tokens, alternatives, [emptyChoice()]),
    })
    const asked = { choices: 1, alternatives }
    return {
      contenders: [
        { name: 'plain objects, as JSON.parse makes them', run: () => readFloor(serveBody) },
        { name: 'Candor createCompletion', run: () => readCandor(serveBody, asked) },
        { name: 'openai-node stream', run: () => readOpenAI(serveBody, asked) },
      ],
      check(result, { name }) {
        const { tokens: gathered } = (result as Gathered).choices[0] ?? {}
        if (gathered !== tokens) throw new Error(`${name}: ${gathered} of ${tokens} tokens have logprobs.`)
      },
    }
  },
}

function emptyChoice(): ExpectedChoice {
  return { content: '', arguments: '', tokens: 0 }
}

const appended: Scenario = {
  name: 'logprobs-append',
  title: `Entries with ${alternatives} alternatives into a token series, a chunk each`,
  unit: 'tokens',
  sizes: [8000, 16_000, 32_000],
  measures: 'time',
  prepare(tokens) {
    const next = random(7)
    const texts = Array.from({ length: tokens }, (_, token) =>
      JSON.stringify({ content: [generateLogprob(` token${token % 5000}`, next, alternatives)] }),
    )
    return {
      contenders: [
        {
          name: 'JSON.parse alone',
          run() {
            let count = 0
            for (const text of texts) if (JSON.parse(text).content.length === 1) count++
            return count
          },
        },
        {
          name: 'JSON.parse, and Candor appends',
          run() {
            const draft = createChoiceLogprobs()
            for (const text of texts) draft.append(JSON.parse(text))
            return tokenSeries(draft.snapshot())?.length
          },
        },
      ],
      check(result, { name }) {
        if (result !== tokens) throw new Error(`${name}: ${String(result)} of ${tokens} tokens.`)
      },
    }
  },
}

export const logprobsScenarios: readonly Scenario[] = [kept, appended]
