import { isFloor, usableLogprob } from './TokenSeries.ts'

/** How surprising a token was to the model that wrote it, in five steps; 0 is left unmarked on screen. */
export type SurprisalBin = 0 | 1 | 2 | 3 | 4

/**
 * The upper limits of bins 0 to 3, in bits. In probabilities: over 90 %, over 50 %, over 20 %, over 5 %, less. Absolute,
 * so that a colour means the same in every answer, and in bits, since most tokens have probabilities over 99 %.
 */
export const SURPRISAL_LIMITS: readonly [number, number, number, number] = [0.15, 1, 2.3, 4.3]

/** How surprising a token with this log probability is, in bits: −log₂ p. NaN where there is no figure. */
export function surprisal(logprob: number): number {
  const usable = usableLogprob(logprob)
  return usable === 0 ? 0 : -usable / Math.LN2
}

/** The bin of a surprisal in bits; no figure (NaN) is bin 0. */
export function surprisalBin(bits: number): SurprisalBin {
  if (bits >= SURPRISAL_LIMITS[3]) return 4
  if (bits >= SURPRISAL_LIMITS[2]) return 3
  if (bits >= SURPRISAL_LIMITS[1]) return 2
  return bits >= SURPRISAL_LIMITS[0] ? 1 : 0
}

/**
 * The bin of a token by its log probability. A sentinel is in the last bin: all that is known is that likelier tokens
 * were listed in its place. A value that is no log probability at all is left unmarked.
 */
export function logprobBin(logprob: number): SurprisalBin {
  if (!Number.isNaN(logprob) && isFloor(logprob)) return 4
  return surprisalBin(surprisal(logprob))
}
