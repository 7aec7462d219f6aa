import type { TokenSeries } from './TokenSeries.ts'

/** What is known of a stretch of tokens. Means are over the tokens that have a figure. */
export interface SequenceFigures {
  /** Tokens in the stretch, without those at the end that have no text (end-of-sequence markers). */
  readonly tokens: number
  /** Tokens that the means count: those with a usable figure. */
  readonly counted: number
  /** Tokens whose figure is a sentinel or missing. */
  readonly floorCount: number
  /** Natural logarithm of the probability of the whole stretch. */
  readonly sumLogprob: number
  /** `sumLogprob / counted`; NaN when nothing was counted. */
  readonly meanLogprob: number
  /** e^−meanLogprob: among how many equally likely tokens the model chose, on average. */
  readonly perplexity: number
  /** Mean surprisal in bits. */
  readonly bitsPerToken: number
  /** Bits for each UTF-8 byte: the only one of these that can be compared between models with different tokens. */
  readonly bitsPerByte: number
  /** Tokens that another one at their place was likelier than. */
  readonly notTopPick: number
  /** The most alternatives that a token came with. */
  readonly alternatives: number
}

/** Figures of tokens `from` up to but without `to`. @default the whole series */
export function sequenceFigures(series: TokenSeries, from = 0, to: number = series.length): SequenceFigures {
  let end = Math.min(to, series.length)
  while (end > from && series.bytes(end - 1).length === 0) end--
  const totals = series.totals(from, end)
  const meanLogprob = totals.counted === 0 ? Number.NaN : totals.logprob / totals.counted
  return {
    tokens: totals.tokens,
    counted: totals.counted,
    floorCount: totals.floors,
    sumLogprob: totals.logprob,
    meanLogprob,
    perplexity: Math.exp(-meanLogprob),
    bitsPerToken: meanLogprob === 0 ? 0 : -meanLogprob / Math.LN2,
    bitsPerByte: totals.bytes === 0 ? Number.NaN : Math.abs(totals.logprob) / Math.LN2 / totals.bytes,
    notTopPick: totals.notTopPick,
    alternatives: usualAlternatives(series, from, end),
  }
}

/** Looks at the first tokens only: a server answers `top_logprobs: 5` with five everywhere, give or take the token itself. */
function usualAlternatives(series: TokenSeries, from: number, to: number): number {
  let most = 0
  for (let index = from; index < Math.min(to, from + 16); index++)
    most = Math.max(most, series.alternativeCount(index))
  return most
}
