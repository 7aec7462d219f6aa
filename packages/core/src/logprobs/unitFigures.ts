import type { TextUnit } from './alignTokens.ts'
import { logprobBin, surprisalBin, type SurprisalBin } from './surprisal.ts'
import type { TokenSeries } from './TokenSeries.ts'

/** How surprising a unit is: its tokens' surprisal together, in bits; NaN where none of them has a figure. */
export function unitSurprisal(series: TokenSeries, { from, to }: TextUnit): number {
  const { counted, logprob } = series.totals(from, to)
  return counted === 0 ? Number.NaN : Math.abs(logprob) / Math.LN2
}

/** The bin of a unit; the last one when one of its tokens is "not among those reported". */
export function unitBin(series: TokenSeries, unit: TextUnit): SurprisalBin {
  if (unit.to - unit.from === 1) return logprobBin(series.logprob(unit.from))
  for (let token = unit.from; token < unit.to; token++) {
    const bin = logprobBin(series.logprob(token))
    if (bin === 4) return bin
  }
  return surprisalBin(unitSurprisal(series, unit))
}
