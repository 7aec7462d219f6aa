import {
  tokenFigures,
  unitSurprisal,
  visibleToken,
  type TextUnit,
  type TokenAlignment,
  type TokenSeries,
} from '@candor/core'

import type { LabelledToken, LogprobsLabels } from './LogprobsLabels.ts'

/** A token or a character of several as labels speak of it, and the likeliest other one at its place. */
export function describeUnit(
  series: TokenSeries,
  text: string,
  unit: TextUnit,
  labels: LogprobsLabels,
): { token: LabelledToken; next: LabelledToken | undefined } {
  const isOneToken = unit.to - unit.from === 1
  const bits = unitSurprisal(series, unit)
  const written = text.slice(unit.start, unit.end)
  const figures = tokenFigures(series, unit.from)
  const token: LabelledToken = {
    text: spoken(written, labels),
    probability: isOneToken ? figures.probability : 2 ** -bits,
    bits,
    rank: isOneToken ? figures.rank : undefined,
    rankAtLeast: isOneToken && figures.rankAtLeast,
  }
  const other = isOneToken ? figures.alternatives.find(({ chosen }) => !chosen) : undefined
  if (other === undefined || Number.isNaN(other.probability)) return { token, next: undefined }
  const next: LabelledToken = {
    text: other.bytes.length === 0 && other.token === '' ? labels.end : spoken(visible(other), labels),
    probability: other.probability,
    bits: -Math.log2(other.probability),
    rank: undefined,
    rankAtLeast: false,
  }
  return { token, next }
}

/** The unit of a token; one of its own, without text, when it has no place in the text. */
export function unitOf(alignment: TokenAlignment, token: number): TextUnit {
  const index = alignment.unitOfToken(token)
  return index === undefined ? { start: 0, end: 0, from: token, to: token + 1 } : alignment.unit(index)
}

/** The text of a token that is a text; its bytes in hex where it is part of a character. */
function visible(token: { token: string; bytes: Uint8Array }): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(token.bytes)
  } catch {
    return visibleToken(token)
  }
}

/** Words for blanks, when there is nothing else to hear; without those around words otherwise. */
function spoken(text: string, labels: LogprobsLabels): string {
  const trimmed = text.trim()
  if (trimmed !== '') return trimmed
  return Array.from(text, (character) => labels.spoken[character] ?? character).join(' ')
}
