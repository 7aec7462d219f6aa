import { createChoiceLogprobs, tokenSeries, type ChoiceLogprobs, type TokenLogprob } from '@candor/core'

/**
 * What 32,000 tokens with 20 alternatives cost: heap as parsed JSON beside heap as a token series, and the time to append
 * them in chunks of one token, at n, 2n and 4n, so that growth shows. Run with `node --expose-gc`.
 */

const alternatives = 20
const vocabulary = Array.from({ length: 49_152 }, (_, id) => ` tok${id.toString(36)}`)
const encoder = new TextEncoder()

/** Deterministic, so that two runs measure the same thing. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

/** The chunks' JSON as text, as they come off the wire: each token's strings and lists are objects of their own. */
function chunkTexts(tokens: number): string[] {
  const next = random(7)
  const token = (logprob: number): TokenLogprob => {
    // Words follow Zipf: a few stand everywhere, most hardly ever.
    const id = Math.floor(vocabulary.length ** next())
    const text = vocabulary[id] ?? ''
    return { id, token: text, bytes: Array.from(encoder.encode(text)), logprob }
  }
  return Array.from({ length: tokens }, () => {
    const top_logprobs = Array.from({ length: alternatives }, (_, rank) => token(-0.1 - rank - next()))
    return JSON.stringify({ content: [{ ...token(-next()), top_logprobs }] })
  })
}

function heapMegabytes(): number {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return (heapUsed + Math.max(external, arrayBuffers)) / 1e6
}

for (const tokens of [8_000, 16_000, 32_000]) {
  const texts = chunkTexts(tokens)
  const empty = heapMegabytes()

  const parsed: ChoiceLogprobs[] = texts.map((text) => JSON.parse(text))
  const asJson = heapMegabytes() - empty
  parsed.length = 0

  const parseOnly = milliseconds(() => texts.forEach((text) => JSON.parse(text)))
  let draft = createChoiceLogprobs()
  const parseAndAppend = milliseconds(() => {
    draft = createChoiceLogprobs()
    for (const text of texts) draft.append(JSON.parse(text))
  })
  const series = tokenSeries(draft.snapshot())
  const asSeries = heapMegabytes() - empty
  if (texts.length !== series?.length) throw new Error('Tokens were lost.')

  console.log(
    `${tokens} tokens × ${alternatives}: as JSON ${asJson.toFixed(1)} MB, as a series ${asSeries.toFixed(1)} MB; ` +
      `JSON.parse ${((parseOnly / tokens) * 1000).toFixed(1)} µs a token, ` +
      `with append × ${(parseAndAppend / parseOnly).toFixed(2)}`,
  )
}

/** The median of five runs. */
function milliseconds(run: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now()
    run()
    return performance.now() - started
  })
  return times.toSorted((a, b) => a - b)[2] ?? Number.NaN
}
