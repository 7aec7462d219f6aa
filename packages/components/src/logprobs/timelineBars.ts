import { logprobBin, surprisal, type SurprisalBin, type TokenSeries } from '@candor/core'

/** One bar of a timeline. */
export interface TimelineBar {
  /** Its tokens: from, up to but without. */
  readonly from: number
  readonly to: number
  /** The most surprising of them. */
  readonly token: number
  /** Its surprisal in bits; that of the last bin's limit and more where there is only a sentinel. */
  readonly bits: number
  readonly bin: SurprisalBin
}

/** Makes bars of a series that may grow. */
export interface TimelineBarsDraft {
  /** The bars; those that are full are the same objects. */
  update(series: TokenSeries): readonly TimelineBar[]
}

/** The most bars that can be told apart. */
export const mostBars = 120

/** A sentinel says only "less likely than those listed"; it stands as high as what is seldom met. In bits. */
const sentinelBits = 10

/** Starts without bars. */
export function createTimelineBars(): TimelineBarsDraft {
  let last: TokenSeries | undefined
  let bars: readonly TimelineBar[] = []
  let width = 1
  return {
    update(series) {
      if (last === series) return bars
      const grown = last !== undefined && series.continues(last)
      last = series
      const before = width
      // Doubled, not fitted: bars that changed their tokens with each new one would be a flicker, not a picture.
      width = grown ? width : 1
      while (series.length > mostBars * width) width *= 2
      const kept = grown && width === before ? bars.slice(0, -1) : []
      for (let from = kept.length * width; from < series.length; from += width) {
        kept.push(barOf(series, from, Math.min(from + width, series.length)))
      }
      bars = kept
      return bars
    },
  }
}

function barOf(series: TokenSeries, from: number, to: number): TimelineBar {
  let bar: TimelineBar | undefined
  for (let token = from; token < to; token++) {
    const logprob = series.logprob(token)
    const bin = logprobBin(logprob)
    const known = surprisal(logprob)
    const bits = Number.isNaN(known) ? (bin === 4 ? sentinelBits : 0) : known
    if (bar === undefined || bits > bar.bits) bar = { from, to, token, bits, bin }
  }
  return bar ?? { from, to, token: from, bits: 0, bin: 0 }
}
