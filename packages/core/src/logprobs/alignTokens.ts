import { visibleToken } from './formatFigures.ts'
import { isGraphemeBoundary } from './isGraphemeBoundary.ts'
import type { TokenSeries } from './TokenSeries.ts'

/**
 * A stretch of text that whole tokens wrote: one token mostly, several where a character is made of parts ("💙" of three
 * tokens). It begins and ends where a character does for a reader, so it can be marked without breaking one.
 */
export interface TextUnit {
  /** Where it begins in the text (UTF-16). */
  readonly start: number
  /** Where it ends. */
  readonly end: number
  /** Its first token. */
  readonly from: number
  /** The token after its last. */
  readonly to: number
}

/**
 * How well tokens and text agree:
 * - `exact`: every token that has text stands in it, and no text is without a token;
 * - `partial`: some do not, see `unplaced` and `uncovered`;
 * - `detached`: neither most tokens nor most of the text do. The tokens are of something else (a tool call).
 */
export type AlignmentMode = 'exact' | 'partial' | 'detached'

/** Where tokens stand in the text. Immutable. */
export interface TokenAlignment {
  /** The text as it was given, from which alone anything is shown. */
  readonly text: string
  readonly mode: AlignmentMode
  /** How many units there are, in the order of the text. */
  readonly unitCount: number
  /** How many of them, from the first on, stay as they are when text and tokens grow. */
  readonly settledCount: number
  unit(index: number): TextUnit
  /** The unit that token `index` is part of; `undefined` when it has no place in the text. */
  unitOfToken(index: number): number | undefined
  /** The unit at an offset of the text; `undefined` where no token wrote. */
  unitAt(offset: number): number | undefined
  /** Tokens that have text, but not this one: reasoning, held back, of a tool call, of a stop sequence. */
  readonly unplaced: number
  /** Tokens without any text: ends of sequence, parts of characters that the server lost. */
  readonly empty: number
  /** Characters (UTF-16) of the text that no token wrote: repeated from a prefill, or their tokens are missing. */
  readonly uncovered: number
}

/** An alignment that grows with its text and tokens. */
export interface TokenAlignmentDraft {
  /**
   * Aligns the tokens with the text. When both have only grown since the last call, it costs what was added; the same
   * arguments give the same object.
   */
  align(series: TokenSeries, text: string): TokenAlignment
}

/** Finds where the tokens stand in the text, by their bytes. The text is never made from the tokens. */
export function alignTokens(series: TokenSeries, text: string): TokenAlignment {
  return createTokenAlignment().align(series, text)
}

/**
 * Tokens on a text made of nothing but themselves, one after another with blanks between, so that they can be shown
 * though they have no place in the answer's own text.
 */
export function tokenStrip(series: TokenSeries): TokenAlignment {
  const units = new Uint32Array(series.length * 4)
  let text = ''
  for (let token = 0; token < series.length; token++) {
    const visible = visibleToken({ token: series.token(token), bytes: series.bytes(token) })
    units.set([text.length, text.length + visible.length, token, token + 1], token * 4)
    text += `${visible} `
  }
  return new AlignmentSnapshot(series.length, text, units, series.length, series.length, undefined, 0, 0, 0)
}

/** Starts an alignment of an answer that streams. */
export function createTokenAlignment(): TokenAlignmentDraft {
  let aligner: Aligner | undefined
  let last: { series: TokenSeries; text: string; alignment: TokenAlignment } | undefined
  return {
    align(series, text) {
      if (last !== undefined && last.series === series && last.text === text) return last.alignment
      // Not startsWith, which compares one character after another: 0.4 ms a frame at 32,000 tokens.
      const grown =
        last !== undefined && series.continues(last.series) && text.slice(0, last.text.length) === last.text
      if (aligner === undefined || !grown) aligner = new Aligner()
      const alignment = aligner.advance(series, text)
      last = { series, text, alignment }
      return alignment
    },
  }
}

/** A resynchronisation that rests on less text than this is tried again when more has come. */
const firmBytes = 64
/** What has to agree before text or tokens are skipped, where more is there. */
const anchorBytes = 16
/** At the end of the tokens less has to do; but a single character is found anywhere, which proves nothing. */
const leastAnchorBytes = 4
/** How many tokens are given up one by one before the steps grow. */
const patience = 16
/** How far ahead in the text tokens are looked for: a prefill or a template can be long, an answer is not searched whole. */
const searchBytes = 65_536
/** The most tokens in a row whose bytes were replaced by U+FFFD, and the most ways to place them that are followed. */
const longestBrokenRun = 256
const mostPlacings = 64

/** How far an alignment has come. */
interface Position {
  token: number
  /** Byte of the text up to which tokens stand. */
  byte: number
  unitCount: number
  /** The unit that the last token may still share with the next one. */
  open: { from: number; to: number; startByte: number; start: number; endByte: number } | undefined
  /** First of the tokens without text that directly precede `token`. */
  emptyFrom: number
  unplaced: number
  empty: number
  uncovered: number
  /** How often in a row a token was given up since nothing ahead fits. */
  failures: number
}

class Aligner {
  private text = ''
  private bytes: Uint8Array<ArrayBuffer> = new Uint8Array(256)
  private byteLength = 0
  /** How much of the text is encoded; less than all while it ends in half a surrogate pair. */
  private encoded = 0
  private units: Uint32Array<ArrayBuffer> = new Uint32Array(256)
  private at: Position = {
    token: 0,
    byte: 0,
    unitCount: 0,
    open: undefined,
    emptyFrom: 0,
    unplaced: 0,
    empty: 0,
    uncovered: 0,
    failures: 0,
  }
  /** Where a guess began that rests on little text, to begin there again when there is more. */
  private doubtful: { position: Position; byteLength: number } | undefined
  private readonly encoder = new TextEncoder()

  advance(series: TokenSeries, text: string): TokenAlignment {
    this.addText(text)
    if (this.doubtful !== undefined) {
      this.at = this.doubtful.position
      // Earlier snapshots read the units that are written anew now.
      this.units = this.units.slice()
      this.doubtful = undefined
    }
    while (this.at.token < series.length && this.step(series));
    return this.snapshot(series)
  }

  /** Places the next token (or a run of them); false when more text is needed for it. */
  private step(series: TokenSeries): boolean {
    const { at } = this
    const token = series.bytes(at.token)
    if (token.length === 0) {
      at.token++
      at.empty++
      return true
    }
    if (at.byte === this.byteLength) return false
    for (const form of tokenForms(series, at.token, token)) {
      const agreement = this.agreement(form, at.byte)
      if (agreement === 'whole') {
        this.place(at.token, at.byte + form.length)
        return true
      }
      if (agreement === 'so far') return false
    }
    const { open } = at
    // llama.cpp: the last part of a character comes with the bytes of all its parts.
    if (
      open !== undefined &&
      !this.isCharacterStart(at.byte) &&
      this.agreement(token, open.startByte) === 'whole'
    ) {
      const end = open.startByte + token.length
      if (end > at.byte) {
        this.place(at.token, end)
        return true
      }
    }
    const run = this.placeBrokenRun(series)
    if (run !== 'no way') return run === 'placed'
    return this.resynchronise(series)
  }

  private agreement(bytes: Uint8Array, at: number): 'whole' | 'so far' | 'none' {
    const length = Math.min(bytes.length, this.byteLength - at)
    for (let index = 0; index < length; index++) if (this.bytes[at + index] !== bytes[index]) return 'none'
    return length === bytes.length ? 'whole' : 'so far'
  }

  /** Puts `token` between where the last one ended and byte `end`, together with tokens without text before it. */
  private place(token: number, end: number): void {
    const { at } = this
    if (at.open !== undefined && this.isBoundary(at.open, at.byte)) this.closeUnit()
    if (at.open === undefined) {
      // Parts of characters come as tokens without text (vLLM) before the one that has it all.
      const joined = at.emptyFrom < token && (this.bytes[at.byte] ?? 0) >= 0x80
      if (joined) at.empty -= token - at.emptyFrom
      at.open = {
        from: joined ? at.emptyFrom : token,
        to: token + 1,
        startByte: at.byte,
        start: this.offsetOf(at.byte),
        endByte: end,
      }
    } else {
      at.open.to = token + 1
      at.open.endByte = end
    }
    at.byte = end
    at.token = token + 1
    at.emptyFrom = token + 1
    at.failures = 0
  }

  private closeUnit(): void {
    const { at } = this
    if (at.open === undefined) return
    const { start, from, to, endByte } = at.open
    const index = at.unitCount++ * 4
    if (index + 4 > this.units.length) {
      const larger = new Uint32Array(this.units.length * 2)
      larger.set(this.units)
      this.units = larger
    }
    this.units[index] = start
    this.units[index + 1] = this.offsetOf(endByte)
    this.units[index + 2] = from
    this.units[index + 3] = to
    at.open = undefined
  }

  private isBoundary(open: NonNullable<Position['open']>, byte: number): boolean {
    return this.isCharacterStart(byte) && isGraphemeBoundary(this.text, this.offsetOf(byte), open.start)
  }

  private isCharacterStart(byte: number): boolean {
    return byte >= this.byteLength || ((this.bytes[byte] ?? 0) & 0xc0) !== 0x80
  }

  /** The place in the text (UTF-16) of a byte at which a character begins. Asked in order, so it walks on from the last. */
  private offsetOf(byte: number): number {
    if (byte < this.walked.byte) this.walked = { byte: 0, offset: 0 }
    let { byte: from, offset } = this.walked
    while (from < byte) {
      const lead = this.bytes[from] ?? 0
      from += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
      offset += lead < 0xf0 ? 1 : 2
    }
    this.walked = { byte: from, offset }
    return offset
  }
  private walked = { byte: 0, offset: 0 }

  // -------------------------------------------------------------------------------------------------------------------
  // Bytes that the server replaced
  // -------------------------------------------------------------------------------------------------------------------

  /**
   * Places a run of tokens whose bytes were partly replaced by U+FFFD (Ollama one for each byte, Python servers one for
   * up to three), by following all ways in which they can stand in the text until a whole token decides.
   */
  private placeBrokenRun(series: TokenSeries): 'placed' | 'wait' | 'no way' {
    const { at } = this
    if (!isBroken(series.bytes(at.token))) return 'no way'
    // For each token of the run: where it can end → where it then begins. In ascending order, one byte a U+FFFD first.
    const ways: Map<number, number>[] = []
    let ends: number[] = [at.byte]
    let index = at.token
    for (; index < series.length && index < at.token + longestBrokenRun; index++) {
      const token = series.bytes(index)
      const way = new Map<number, number>()
      for (const start of ends) {
        for (const end of this.endsOfBroken(token, start)) if (!way.has(end)) way.set(end, start)
      }
      if (way.size === 0) return 'no way'
      ways.push(way)
      ends = Array.from(way.keys()).slice(0, mostPlacings)
      if (token.length > 0 && !isBroken(token)) break
    }
    const decided = index < series.length
    // Nothing decides yet: it must at least fill the text that is there, and is looked at again when more comes.
    const end = decided ? Math.min(...ends) : ends.find((byte) => byte === this.byteLength)
    if (end === undefined) return 'wait'
    if (!decided || ends.length > 1) this.doubt()

    const placed: number[] = [end]
    for (let back = ways.length - 1; back >= 0; back--) placed.unshift(ways[back]?.get(placed[0] ?? 0) ?? 0)
    const first = at.token
    for (let token = first; token < first + ways.length; token++) {
      if (series.bytes(token).length > 0) this.place(token, placed[token - first + 1] ?? end)
      else {
        at.token++
        at.empty++
      }
    }
    return 'placed'
  }

  private endsOfBroken(token: Uint8Array, start: number): number[] {
    let ends = [start]
    for (let index = 0; index < token.length; index++) {
      const next: number[] = []
      if (isReplacement(token, index)) {
        index += 2
        for (const end of ends) {
          for (let length = 1; length <= 3; length++) {
            if (end + length > this.byteLength || (this.bytes[end + length - 1] ?? 0) < 0x80) break
            if (!next.includes(end + length)) next.push(end + length)
          }
        }
      } else {
        for (const end of ends) {
          if (end < this.byteLength && this.bytes[end] === token[index]) next.push(end + 1)
        }
      }
      ends = next.slice(0, mostPlacings)
    }
    return ends
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Text and tokens that have nothing to do with one another
  // -------------------------------------------------------------------------------------------------------------------

  /** Skips tokens that are not in the text (reasoning, a fence held back), or text that no token wrote (a prefill). */
  private resynchronise(series: TokenSeries): boolean {
    const { at } = this
    const rest = this.byteLength - at.byte
    if (rest < firmBytes) this.doubt()

    const ahead = this.tokensAhead(series)
    const text = binary(this.bytes.subarray(at.byte, Math.min(this.byteLength, at.byte + searchBytes)))
    // The tokens so far end with the text so far: whatever came before is not part of it.
    const skip =
      ahead.tokenWhere(text, at.token, 'last') ??
      ahead.tokenWhere(text.slice(0, anchorBytes), at.token, 'first')
    if (skip !== undefined && skip > at.token) {
      this.skipTokens(series, skip)
      return true
    }
    const anchor = ahead.bytesFrom(at.token, anchorBytes)
    const found = text.indexOf(anchor)
    if (found > 0 && anchor.length >= leastAnchorBytes) {
      this.skipText(at.byte + found)
      return true
    }
    // Tokens of something else altogether are given up in steps that grow, or each would be looked for in all that follows.
    const step = 2 ** Math.max(0, at.failures - patience)
    at.failures++
    this.skipTokens(series, Math.min(series.length, at.token + step))
    return true
  }

  private tokensAhead(series: TokenSeries): TokenBytes {
    if (this.ahead?.series !== series || this.ahead.from > this.at.token)
      this.ahead = new TokenBytes(series, this.at.token)
    return this.ahead
  }
  private ahead: TokenBytes | undefined

  private skipTokens(series: TokenSeries, to: number): void {
    const { at } = this
    this.closeOpenAtBoundary()
    for (; at.token < to; at.token++) {
      if (series.bytes(at.token).length > 0) at.unplaced++
      else at.empty++
    }
    at.emptyFrom = to
  }

  private skipText(byte: number): void {
    const { at } = this
    this.closeOpenAtBoundary()
    let to = byte
    while (!this.isCharacterStart(to)) to++
    at.uncovered += this.offsetOf(to) - this.offsetOf(at.byte)
    at.byte = to
  }

  /** Ends the open unit where the last token ended, or at the end of the character that it is within. */
  private closeOpenAtBoundary(): void {
    const { at } = this
    if (at.open === undefined) return
    while (!this.isCharacterStart(at.byte)) at.byte++
    at.open.endByte = at.byte
    this.closeUnit()
  }

  private doubt(): void {
    const { open } = this.at
    this.doubtful ??= {
      position: { ...this.at, open: open === undefined ? undefined : { ...open } },
      byteLength: this.byteLength,
    }
  }

  // -------------------------------------------------------------------------------------------------------------------

  private addText(text: string): void {
    this.text = text
    let stop = text.length
    const lastUnit = text.charCodeAt(stop - 1)
    // The other half of the pair comes with the next piece; alone it would be encoded as U+FFFD.
    if (lastUnit >= 0xd800 && lastUnit <= 0xdbff) stop--
    if (stop <= this.encoded) return
    const added = text.slice(this.encoded, stop)
    const needed = this.byteLength + added.length * 3
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2))
      larger.set(this.bytes)
      this.bytes = larger
    }
    this.byteLength += this.encoder.encodeInto(added, this.bytes.subarray(this.byteLength)).written
    this.encoded = stop
  }

  private snapshot(series: TokenSeries): TokenAlignment {
    const { at } = this
    // Tokens whose text has not come, and text whose tokens have not.
    let waiting = 0
    let empty = at.empty
    for (let token = at.token; token < series.length; token++) {
      if (series.bytes(token).length > 0) waiting++
      else empty++
    }
    const open = at.open
    let covered = open?.endByte ?? at.byte
    let last: TextUnit | undefined
    if (open !== undefined) {
      while (!this.isCharacterStart(covered)) covered++
      last = { start: open.start, end: this.offsetOf(covered), from: open.from, to: open.to }
    }
    const uncovered = at.uncovered + this.text.length - this.offsetOf(covered)
    return new AlignmentSnapshot(
      series.length,
      this.text,
      this.units,
      at.unitCount,
      Math.min(at.unitCount, this.doubtful?.position.unitCount ?? at.unitCount),
      last,
      at.unplaced + waiting,
      empty,
      uncovered,
    )
  }
}

/** The bytes of the tokens from `from` on, one character a byte, so that they can be searched natively. */
class TokenBytes {
  readonly series: TokenSeries
  readonly from: number
  private readonly text: string
  private readonly starts: Uint32Array<ArrayBuffer>

  constructor(series: TokenSeries, from: number) {
    this.series = series
    this.from = from
    this.starts = new Uint32Array(series.length - from + 1)
    const parts: string[] = []
    let length = 0
    for (let token = from; token < series.length; token++) {
      this.starts[token - from] = length
      const part = binary(series.bytes(token))
      parts.push(part)
      length += part.length
    }
    this.starts[series.length - from] = length
    this.text = parts.join('')
  }

  bytesFrom(token: number, count: number): string {
    const start = this.starts[token - this.from] ?? 0
    return this.text.slice(start, start + count)
  }

  /** The first or the last token from `token` on that begins with `wanted`, or with what goes on as `wanted`. */
  tokenWhere(wanted: string, token: number, which: 'first' | 'last'): number | undefined {
    if (wanted === '') return undefined
    const least = this.starts[token - this.from] ?? 0
    let found = which === 'first' ? this.text.indexOf(wanted, least) : this.text.lastIndexOf(wanted)
    // Within a token it is chance, as between the spaces of an indentation: not worth many tries.
    for (let tries = 0; found >= least && tries < patience; tries++) {
      const beginning = this.tokenAt(found)
      if (this.starts[beginning - this.from] === found) return beginning
      if (found === 0) break
      found =
        which === 'first' ? this.text.indexOf(wanted, found + 1) : this.text.lastIndexOf(wanted, found - 1)
    }
    return undefined
  }

  /** The last token that begins at or before `byte`, so never an empty one. */
  private tokenAt(byte: number): number {
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.starts[middle] ?? 0) <= byte) low = middle + 1
      else high = middle
    }
    return this.from + low - 1
  }
}

function binary(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4_096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4_096))
  return text
}

const glyphs: { readonly [glyph: string]: string } = { Ġ: ' ', '▁': ' ', Ċ: '\n' }
const utf8 = new TextEncoder()

/** The bytes that a token can stand for: the server's; its text; its text with a tokenizer's glyphs for blanks replaced. */
function* tokenForms(series: TokenSeries, index: number, bytes: Uint8Array): Generator<Uint8Array> {
  yield bytes
  const token = series.token(index)
  yield utf8.encode(token)
  if (/[Ġ▁Ċ]/.test(token)) yield utf8.encode(token.replace(/[Ġ▁Ċ]/g, (glyph) => glyphs[glyph] ?? glyph))
}

function isReplacement(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd
}

function isBroken(bytes: Uint8Array): boolean {
  for (let at = 0; at + 2 < bytes.length; at++) if (isReplacement(bytes, at)) return true
  return false
}

class AlignmentSnapshot implements TokenAlignment {
  readonly text: string
  readonly mode: AlignmentMode
  readonly unitCount: number
  readonly settledCount: number
  readonly unplaced: number
  readonly empty: number
  readonly uncovered: number
  readonly #units: Uint32Array
  readonly #closed: number
  readonly #last: TextUnit | undefined

  constructor(
    tokens: number,
    text: string,
    units: Uint32Array,
    closed: number,
    settled: number,
    last: TextUnit | undefined,
    unplaced: number,
    empty: number,
    uncovered: number,
  ) {
    this.text = text
    this.#units = units
    this.#closed = closed
    this.settledCount = settled
    this.#last = last
    this.unitCount = closed + (last === undefined ? 0 : 1)
    this.unplaced = unplaced
    this.empty = empty
    this.uncovered = uncovered
    const placed = tokens - unplaced - empty
    if (unplaced === 0 && uncovered === 0) this.mode = 'exact'
    else
      this.mode = placed <= unplaced && (uncovered * 2 > text.length || text === '') ? 'detached' : 'partial'
  }

  unit(index: number): TextUnit {
    if (!(index >= 0 && index < this.unitCount)) {
      throw new RangeError(`The text has ${this.unitCount} units; there is no unit ${index}.`)
    }
    if (index === this.#closed && this.#last !== undefined) return this.#last
    const at = index * 4
    return {
      start: this.#units[at] ?? 0,
      end: this.#units[at + 1] ?? 0,
      from: this.#units[at + 2] ?? 0,
      to: this.#units[at + 3] ?? 0,
    }
  }

  unitOfToken(token: number): number | undefined {
    const index = this.#lastWhere((unit) => unit.from <= token)
    return index !== undefined && token < this.unit(index).to ? index : undefined
  }

  unitAt(offset: number): number | undefined {
    const index = this.#lastWhere((unit) => unit.start <= offset)
    return index !== undefined && offset < this.unit(index).end ? index : undefined
  }

  #lastWhere(holds: (unit: TextUnit) => boolean): number | undefined {
    let low = 0
    let high = this.unitCount
    while (low < high) {
      const middle = (low + high) >> 1
      if (holds(this.unit(middle))) low = middle + 1
      else high = middle
    }
    return low === 0 ? undefined : low - 1
  }
}
