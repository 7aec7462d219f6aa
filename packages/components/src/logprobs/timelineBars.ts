import { logprobBin, surprisal, surprisalBin, type SurprisalBin, type TokenSeries } from '@candor/core'

/** One bar of a timeline. */
export interface TimelineBar {
  /** Its tokens: from, up to but without. */
  readonly from: number
  readonly to: number
  /** The most surprising of them, and its surprisal in bits. */
  readonly token: number
  readonly mostBits: number
  /** How high it is: the mean of the most surprising eighth of its tokens, in bits. */
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

/**
 * Of eight tokens or less it is the most surprising one that counts. Of hundreds there is always one, so the most alone
 * would make all bars alike; and a mean of all would hide what is looked for.
 */
const counted = 1 / 8

function barOf(series: TokenSeries, from: number, to: number): TimelineBar {
  const all: number[] = []
  let token = from
  let mostBits = 0
  for (let at = from; at < to; at++) {
    const bits = bitsOf(series.logprob(at))
    all.push(bits)
    if (bits > mostBits) {
      mostBits = bits
      token = at
    }
  }
  const most = all.toSorted((a, b) => b - a).slice(0, Math.ceil(all.length * counted))
  const bits = most.reduce((sum, value) => sum + value, 0) / most.length
  return { from, to, token, mostBits, bits, bin: surprisalBin(bits) }
}

function bitsOf(logprob: number): number {
  const bits = surprisal(logprob)
  if (!Number.isNaN(bits)) return bits
  return logprobBin(logprob) === 4 ? sentinelBits : 0
}
