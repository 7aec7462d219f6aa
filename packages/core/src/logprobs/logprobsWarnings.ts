import type { TokenAlignment } from './alignTokens.ts'
import type { TokenSeries } from './TokenSeries.ts'

/**
 * What makes figures worth less than they look:
 * - `floor`: tokens without a figure, only "less likely than those listed" (−9999, −3.4e38, null);
 * - `not-a-logprob`: values above zero, which are no log probabilities;
 * - `all-certain`: every token is given as certain: the server reports after sampling (temperature 0), or not at all;
 * - `no-alternatives`: none came for any token;
 * - `lost-text`: tokens within the answer that came without text: parts of characters that the server lost;
 * - `unplaced`: tokens that are not in the text;
 * - `uncovered`: characters of the text (UTF-16) that no token stands for;
 * - `detached`: the tokens are not of this text at all.
 */
export type LogprobsWarningCode =
  | 'floor'
  | 'not-a-logprob'
  | 'all-certain'
  | 'no-alternatives'
  | 'lost-text'
  | 'unplaced'
  | 'uncovered'
  | 'detached'

/** One thing to know about the figures of an answer. */
export interface LogprobsWarning {
  readonly code: LogprobsWarningCode
  /** How many tokens (for `uncovered`: characters) it concerns. */
  readonly count: number
}

/** With fewer tokens it is no wonder that all are certain. */
const fewTokens = 4

/** What a reader of these figures should know, the most important first; empty when there is nothing. */
export function logprobsWarnings(series: TokenSeries, alignment?: TokenAlignment): LogprobsWarning[] {
  const totals = series.totals()
  const counts: { readonly [code in LogprobsWarningCode]: number } = {
    detached: alignment?.mode === 'detached' ? series.length : 0,
    'not-a-logprob': totals.positives,
    'all-certain': totals.counted >= fewTokens && totals.certain === totals.counted ? totals.certain : 0,
    floor: totals.floors,
    'no-alternatives': totals.withAlternatives === 0 ? series.length : 0,
    unplaced: alignment?.mode === 'partial' ? alignment.unplaced : 0,
    uncovered: alignment?.mode === 'partial' ? alignment.uncovered : 0,
    'lost-text': emptyWithin(series, alignment),
  }
  return order.filter((code) => counts[code] > 0).map((code) => ({ code, count: counts[code] }))
}

const order: readonly LogprobsWarningCode[] = [
  'detached',
  'not-a-logprob',
  'all-certain',
  'floor',
  'no-alternatives',
  'unplaced',
  'uncovered',
  'lost-text',
]

/** Tokens without text that are part of no character, but for those at the end, which end sequences. */
function emptyWithin(series: TokenSeries, alignment: TokenAlignment | undefined): number {
  if (alignment === undefined || alignment.empty === 0) return 0
  let atEnd = 0
  while (atEnd < series.length && series.bytes(series.length - 1 - atEnd).length === 0) atEnd++
  // A model ends once; several tokens without text at the end are as lost as those before.
  return alignment.empty - Math.min(atEnd, 1)
}
