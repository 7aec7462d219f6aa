import { surprisal } from './surprisal.ts'
import { isFloor, usableLogprob, type SeriesToken, type TokenSeries } from './TokenSeries.ts'

/** One of the tokens that were possible at a place. */
export interface TokenAlternative extends SeriesToken {
  /** e^logprob; NaN for a sentinel. */
  readonly probability: number
  /** Whether it is the token that was written. */
  readonly chosen: boolean
  /** Its position in the server's list; `undefined` when the server did not list it (then it is the token itself). */
  readonly listedAt: number | undefined
}

/** What is known of one token. */
export interface TokenFigures {
  /** As the server wrote it; NaN where it wrote no number. */
  readonly logprob: number
  /** e^logprob; NaN where there is no figure. */
  readonly probability: number
  /** −log₂ of the probability, in bits; NaN where there is no figure. */
  readonly surprisal: number
  /**
   * For a sentinel: the least surprisal that it can have, in bits, since it is less likely than every listed token and
   * than all unlisted ones together; `undefined` for others, and where no alternatives came.
   */
  readonly surprisalAtLeast: number | undefined
  /** Whether the figure is a sentinel for "not among those reported", or missing. */
  readonly floor: boolean
  /** Place among the possible tokens, 1 for the likeliest; `undefined` when no alternatives came. */
  readonly rank: number | undefined
  /** Whether `rank` says only "this or further down": the token is not in the server's list, or was added to its end. */
  readonly rankAtLeast: boolean
  /** p₁ − p₂ of the two likeliest; NaN with less than two. */
  readonly margin: number
  /** The likeliest tokens, likeliest first, each once, always with the token itself. */
  readonly alternatives: readonly TokenAlternative[]
  /** How much probability is with tokens that are not listed, 0 to 1; NaN when that cannot be known. */
  readonly residual: number
  /** The entropy of the choice; `undefined` when no alternatives came. */
  readonly entropy: EntropyInterval | undefined
}

/** The bounds between which an entropy must lie, since only some of the probabilities are known. In bits. */
export interface EntropyInterval {
  readonly lower: number
  readonly upper: number
}

/** The size of a vocabulary where nobody tells it: about that of current large models. */
const defaultVocabularySize = 200_000

/** Differences below this are how servers round, not different tokens. */
const logprobTolerance = 1e-6

/**
 * Everything that is known of token `index`.
 * @param vocabularySize for the upper bound of the entropy. @default 200,000
 */
export function tokenFigures(series: TokenSeries, index: number, vocabularySize?: number): TokenFigures {
  const logprob = series.logprob(index)
  const usable = usableLogprob(logprob)
  const alternatives = tokenAlternatives(series, index)
  const likelier = alternatives.filter(
    (other) => !other.chosen && other.probability > (Number.isNaN(usable) ? 0 : Math.exp(usable)),
  ).length
  const listed = series.alternativeCount(index)
  const chosen = alternatives.find((alternative) => alternative.chosen)
  const known = alternatives.filter((alternative) => !Number.isNaN(alternative.probability))
  const residual = residualOf(known)
  return {
    logprob,
    probability: Math.exp(usable),
    surprisal: surprisal(logprob),
    surprisalAtLeast: isFloor(logprob) && listed > 0 ? surprisalBound(known, residual) : undefined,
    floor: isFloor(logprob),
    rank: listed === 0 ? undefined : likelier + 1,
    rankAtLeast:
      listed > 0 && (chosen?.listedAt === undefined ? likelier > 0 : isAddedToTheEnd(known, likelier)),
    margin: (known[0]?.probability ?? Number.NaN) - (known[1]?.probability ?? Number.NaN),
    alternatives,
    residual,
    entropy: listed === 0 ? undefined : entropyInterval(known, residual, vocabularySize),
  }
}

/**
 * The tokens that were possible at `index`: likeliest first, each once, sentinels last, always with the token itself.
 *
 * Servers list the token first or not at all, twice, or unsorted. Same id is the same token; without ids, same text and
 * bytes with the same figure is: two parts of characters that both read "�" are two tokens.
 */
export function tokenAlternatives(series: TokenSeries, index: number): TokenAlternative[] {
  const itself: SeriesToken = {
    token: series.token(index),
    logprob: series.logprob(index),
    bytes: series.bytes(index),
    id: series.tokenId(index),
  }
  const listed = Array.from({ length: series.alternativeCount(index) }, (_, at) =>
    series.alternative(index, at),
  )
  const chosenAt = findChosen(itself, listed)
  const alternatives: TokenAlternative[] = []
  listed.forEach((token, listedAt) => {
    const chosen = listedAt === chosenAt
    const twin = alternatives.findIndex((other) => isSameListing(other, token))
    if (twin === -1) {
      alternatives.push({ ...token, probability: probabilityOf(token.logprob), chosen, listedAt })
    } else if (chosen) alternatives[twin] = { ...alternatives[twin]!, chosen }
  })
  if (chosenAt === undefined) {
    alternatives.push({
      ...itself,
      probability: probabilityOf(itself.logprob),
      chosen: true,
      listedAt: undefined,
    })
  }
  return alternatives.toSorted((a, b) => (b.probability || -1) - (a.probability || -1))
}

/** Lower and upper bound of the entropy of a distribution of which only the likeliest tokens are known. */
function entropyInterval(
  known: readonly TokenAlternative[],
  residual: number,
  vocabularySize = defaultVocabularySize,
): EntropyInterval | undefined {
  if (known.length === 0 || Number.isNaN(residual)) return undefined
  let knownEntropy = 0
  for (const { probability } of known)
    if (probability > 0) knownEntropy -= probability * Math.log2(probability)
  if (residual === 0) return { lower: knownEntropy, upper: knownEntropy }
  // An unlisted token is at most as likely as the least likely listed one. The token itself does not count there: it
  // may stand in the list only because it was written, with likelier ones left out.
  const least = Math.min(...known.filter(({ chosen }) => !chosen).map(({ probability }) => probability), 1)
  const unlisted = Math.max(1, vocabularySize - known.length)
  return {
    lower: knownEntropy + residual * Math.log2(1 / Math.min(least, residual)),
    upper: knownEntropy + residual * Math.max(0, Math.log2(unlisted / residual)),
  }
}

function surprisalBound(known: readonly TokenAlternative[], residual: number): number | undefined {
  if (known.length === 0) return undefined
  const most = Math.min(residual, ...known.map(({ probability }) => probability))
  // Where the listed ones have all of the probability, rounding is all that is left.
  return most > 0 ? -Math.log2(most) : undefined
}

function residualOf(known: readonly TokenAlternative[]): number {
  if (known.length === 0) return Number.NaN
  return Math.max(0, 1 - known.reduce((sum, { probability }) => sum + probability, 0))
}

function probabilityOf(logprob: number): number {
  return Math.exp(usableLogprob(logprob))
}

/** The token itself among those listed. */
function findChosen(itself: SeriesToken, listed: readonly SeriesToken[]): number | undefined {
  let best: number | undefined
  let distance = Infinity
  listed.forEach((token, at) => {
    if (!isSameToken(itself, token)) return
    const off = Math.abs(token.logprob - itself.logprob)
    // Sentinels differ in nothing, so their distance (NaN or 0) is as good as any.
    if (best === undefined || off < distance) {
      best = at
      distance = Number.isNaN(off) ? Infinity : off
    }
  })
  return best
}

function isSameToken(a: SeriesToken, b: SeriesToken): boolean {
  // llama.cpp gives the last part of a character the bytes of all its parts, so ids decide where they are.
  if (a.id !== undefined && b.id !== undefined) return a.id === b.id
  return (
    a.token === b.token &&
    a.bytes.length === b.bytes.length &&
    a.bytes.every((byte, at) => byte === b.bytes[at])
  )
}

function isSameListing(a: SeriesToken, b: SeriesToken): boolean {
  if (!isSameToken(a, b)) return false
  return a.id !== undefined || Math.abs(a.logprob - b.logprob) <= logprobTolerance
}

/** vLLM puts the written token before the likeliest ones, however far down it is: least likely of all, yet listed first. */
function isAddedToTheEnd(known: readonly TokenAlternative[], likelier: number): boolean {
  const last = known.at(-1)
  return likelier > 0 && likelier === known.length - 1 && last?.chosen === true && last.listedAt === 0
}
