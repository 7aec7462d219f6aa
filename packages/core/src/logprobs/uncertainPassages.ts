import type { TextUnit, TokenAlignment } from './alignTokens.ts'
import { tokenFigures } from './tokenFigures.ts'
import { isFloor, type TokenSeries } from './TokenSeries.ts'
import { unitSurprisal } from './unitFigures.ts'

/** A word at which the model wavered, with its surroundings. */
export interface UncertainPassage {
  /** The most surprising token of the word. */
  readonly token: number
  /** The surprisal of its unit, in bits; for a sentinel the least that it can be. */
  readonly bits: number
  /** Whether `bits` says only "at least". */
  readonly atLeast: boolean
  /** The text before the word, from a word's beginning on. */
  readonly before: string
  /** The word. */
  readonly word: string
  /** The text after the word, to a word's end. */
  readonly after: string
}

/** What to look for. */
export interface UncertainPassagesOptions {
  /** The least surprisal that counts, in bits. @default 1 */
  readonly threshold?: number
  /** The most passages. @default 5 */
  readonly maxItems?: number
}

/** The words at which the model wavered most, the most surprising first; of each word only its most surprising token. */
export function uncertainPassages(
  series: TokenSeries,
  alignment: TokenAlignment,
  { threshold = 1, maxItems = 5 }: UncertainPassagesOptions = {},
): UncertainPassage[] {
  const { text } = alignment
  const found: { token: number; bits: number; atLeast: boolean; start: number; end: number }[] = []
  for (let index = 0; index < alignment.unitCount; index++) {
    const unit = alignment.unit(index)
    const bound = series.totals(unit.from, unit.to).floors === 0 ? undefined : leastSurprisal(series, unit)
    const bits = bound ?? unitSurprisal(series, unit)
    if (!(bits >= threshold) || (found.length >= maxItems && bits <= (found.at(-1)?.bits ?? 0))) continue
    const [start, end] = wordAround(text, unit.start, unit.end)
    const same = found.findIndex((other) => other.start < end && other.end > start)
    if (same !== -1) {
      if ((found[same]?.bits ?? 0) >= bits) continue
      found.splice(same, 1)
    }
    const at = found.findIndex((other) => other.bits < bits)
    found.splice(at === -1 ? found.length : at, 0, {
      token: mostSurprising(series, unit.from, unit.to),
      bits,
      atLeast: bound !== undefined,
      start,
      end,
    })
    found.length = Math.min(found.length, maxItems)
  }
  return found.map(({ token, bits, atLeast, start, end }) => ({
    token,
    bits,
    atLeast,
    before: /(?:\S+[^\S\n]+)?\S*$/.exec(text.slice(Math.max(0, start - contextLength), start))?.[0] ?? '',
    word: text.slice(start, end),
    after:
      /^[^\s\p{L}\p{N}]*(?:[^\S\n]+[\p{L}\p{M}\p{N}'’]+)?/u.exec(text.slice(end, end + contextLength))?.[0] ??
      '',
  }))
}

/** No word of a language is longer, and no line of the list could show more. */
const contextLength = 40

/** The word that a stretch is part of, without blanks around it; the stretch itself where it is no word. */
function wordAround(text: string, from: number, to: number): [start: number, end: number] {
  const inner = text.slice(from, to)
  let start = from + (inner.length - inner.trimStart().length)
  let end = from + inner.trimEnd().length
  if (start >= end) return [from, to]
  if (isWordPart(text.slice(start, end))) {
    const before =
      /[\p{L}\p{M}\p{N}'’]*$/u.exec(text.slice(Math.max(0, start - contextLength), start))?.[0] ?? ''
    const after = /^[\p{L}\p{M}\p{N}'’]*/u.exec(text.slice(end, end + contextLength))?.[0] ?? ''
    start -= isSpaced(before) ? before.length : 0
    end += isSpaced(after) ? after.length : 0
  }
  return [start, end]
}

function isWordPart(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}'’]+$/u.test(text) && isSpaced(text)
}

/** Han, kana, Thai and the like write no blanks between words, so a run of letters there is a sentence. */
function isSpaced(text: string): boolean {
  return !/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u.test(
    text,
  )
}

/** Of a unit with sentinels: what they have at least, and what the others have. */
function leastSurprisal(series: TokenSeries, unit: TextUnit): number | undefined {
  let bits = unitSurprisal(series, unit) || 0
  for (let token = unit.from; token < unit.to; token++) {
    if (isFloor(series.logprob(token))) bits += tokenFigures(series, token).surprisalAtLeast ?? 0
  }
  return bits > 0 ? bits : undefined
}

function mostSurprising(series: TokenSeries, from: number, to: number): number {
  let most = from
  for (let token = from + 1; token < to; token++)
    if (series.logprob(token) < series.logprob(most)) most = token
  return most
}
