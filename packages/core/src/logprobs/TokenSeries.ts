import type { TokenLogprob, TopLogprob } from '../wire.ts'

/**
 * The tokens of one answer with their alternatives, in columns: entries as a server sent them go in, the same objects
 * come out again when asked for, and the figures in between are read from typed arrays.
 *
 * 32,000 tokens with 20 alternatives each are 672,000 objects of four fields as parsed JSON (over 100 MB), and 8 to 15 MB
 * here: a number and two small indices for each entry, and each different token (text, bytes, id) only once.
 */
export interface TokenSeries {
  /** How many tokens there are. */
  readonly length: number
  /** Whether the tokens came in the older shape: `tokens`, `token_logprobs`, `top_logprobs` as maps. */
  readonly legacy: boolean
  /** Token `index` as text, as the server wrote it. */
  token(index: number): string
  /** The natural logarithm of its probability as the server wrote it (sentinels too); NaN where it wrote no number. */
  logprob(index: number): number
  /** Its UTF-8 bytes: the server's, else those of its text, in which `\xNN` stands for a byte. Not to be written to. */
  bytes(index: number): Uint8Array
  /** Its id in the vocabulary, where the server tells it. */
  tokenId(index: number): number | undefined
  /** How many alternatives the server listed at `index`. */
  alternativeCount(index: number): number
  /** Alternative `rank` (from 0, in the server's order) at `index`, without its unknown fields. */
  alternative(index: number, rank: number): SeriesToken
  /** What the server sent for token `index`, every field in its order: a new object on each call. */
  entry(index: number): TokenLogprob
  /** What the server sent for every token. Built on the first call; an entry is the same object in every later series of the same answer. */
  entries(): TokenLogprob[]
  /** Whether this is `earlier` with nothing but more tokens at its end. */
  continues(earlier: TokenSeries): boolean
  /** Sums over tokens `from` up to but without `to`, in constant time. @default the whole series */
  totals(from?: number, to?: number): SeriesTotals
}

/** A token as a series holds it. */
export interface SeriesToken {
  /** As text, as the server wrote it. */
  readonly token: string
  /** As the server wrote it; NaN where it wrote no number. */
  readonly logprob: number
  /** UTF-8; not to be written to. */
  readonly bytes: Uint8Array
  /** Its id in the vocabulary, where the server tells it. */
  readonly id: number | undefined
}

/** Sums over a stretch of a series. Tokens without a usable figure are counted and left out of every sum. */
export interface SeriesTotals {
  /** Tokens in the stretch. */
  readonly tokens: number
  /** Tokens with a usable log probability. */
  readonly counted: number
  /** Tokens whose figure is a sentinel ("not among those reported") or missing. */
  readonly floors: number
  /** Tokens whose "log probability" is above zero, so it is none. */
  readonly positives: number
  /** Sum of the log probabilities (natural) of the counted tokens. */
  readonly logprob: number
  /** UTF-8 bytes of the counted tokens. */
  readonly bytes: number
  /** Tokens that another one at their place was likelier than. */
  readonly notTopPick: number
  /** Tokens that came with alternatives. */
  readonly withAlternatives: number
  /** Tokens with alternatives that do not include the token itself. */
  readonly unlisted: number
  /** Counted tokens whose log probability is exactly 0: the server says that nothing else was possible. */
  readonly certain: number
}

/** A series that grows: one owner appends, everyone else reads its snapshots. */
export interface TokenSeriesDraft {
  /** How many tokens there are so far. */
  readonly length: number
  /** Adds entries as a chunk brought them, in time proportional to their number. Anything is taken, nothing is thrown. */
  append(entries: readonly TokenLogprob[]): void
  /** Adds tokens in the older shape, as `ChoiceLogprobs` with `tokens` and `token_logprobs` brings them. */
  appendLegacy(logprobs: LegacyLogprobs): void
  /** The series so far, immutable. The same object until something is added; costs the same at any length. */
  snapshot(): TokenSeries
}

/** The older shape of logprobs (legacy completions; also from chat endpoints of Together, llama-cpp-python, old vLLM). */
export interface LegacyLogprobs {
  readonly tokens?: unknown
  readonly token_logprobs?: unknown
  readonly top_logprobs?: unknown
  readonly [serverField: string]: unknown
}

/**
 * Log probabilities at or below this stand for "not among those reported": −9999 (OpenAI, vLLM, DeepSeek), −3.4e38
 * (llama.cpp). A real one is never near it: e^−1000 is less than 10^−434.
 */
export const FLOOR_LOGPROB = -1000

/** Whether a log probability is no figure but "not among those reported" (or missing): see `FLOOR_LOGPROB`. */
export function isFloor(logprob: number): boolean {
  return !(logprob > FLOOR_LOGPROB && logprob < Infinity)
}

/**
 * The log probability as a figure to count with: at most 0; NaN for sentinels, and for values above 10^−6, which are
 * probabilities that a server (text-generation-webui) sent under the wrong name, or nonsense.
 */
export function usableLogprob(logprob: number): number {
  if (isFloor(logprob) || logprob > 1e-6) return Number.NaN
  return logprob > 0 ? 0 : logprob
}

/** Two listings of one token may differ by how a server rounds. */
const roundingTolerance = 1e-6

/** Starts a series. */
export function createTokenSeries(entries?: readonly TokenLogprob[]): TokenSeriesDraft {
  const columns = new Columns()
  let legacy = false
  let current: TokenSeries | undefined
  const draft: TokenSeriesDraft = {
    get length() {
      return columns.tokens
    },
    append(added) {
      for (const entry of added) columns.appendToken(entry)
    },
    appendLegacy(logprobs) {
      legacy = true
      for (const entry of readLegacy(logprobs)) columns.appendToken(entry)
    },
    snapshot() {
      if (current?.length !== columns.tokens || current.legacy !== legacy) {
        current = new SeriesSnapshot(columns, columns.tokens, legacy)
      }
      return current
    },
  }
  if (entries !== undefined) draft.append(entries)
  return draft
}

/** The older shape as entries of the current one. */
export function readLegacy({ tokens, token_logprobs, top_logprobs }: LegacyLogprobs): TokenLogprob[] {
  if (!Array.isArray(tokens)) return []
  const logprobs: readonly unknown[] = Array.isArray(token_logprobs) ? token_logprobs : []
  const tops: readonly unknown[] = Array.isArray(top_logprobs) ? top_logprobs : []
  return tokens.map((token: unknown, index): TokenLogprob => {
    const top = tops[index]
    return {
      token: typeof token === 'string' ? token : String(token),
      // Missing (null) for the first token of an answer that echoes its prompt.
      logprob: numberOrNaN(logprobs[index]),
      bytes: null,
      top_logprobs:
        typeof top === 'object' && top !== null
          ? Object.entries(top).map(([text, logprob]) => ({
              token: text,
              logprob: numberOrNaN(logprob),
              bytes: null,
            }))
          : [],
    }
  })
}

// ---------------------------------------------------------------------------------------------------------------------
// Columns
// ---------------------------------------------------------------------------------------------------------------------

/** How `bytes` of a token was written. */
const bytesAbsent = 0
const bytesNull = 1
const bytesListed = 2
/** As a list, and those of its text, which is ASCII: then equal texts have equal bytes. */
const bytesPlain = 3
const formBits = 2
const formMask = 3

/** Stands for a whole entry that is no object at all. */
const wholeEntry: unique symbol = Symbol('whole entry')

/** Values that do not fit a column, by field: unknown fields, and known ones of an unexpected type. */
type Leftovers = { [field: string]: unknown; [wholeEntry]?: unknown }

type Floats = Float64Array<ArrayBuffer>
type Integers = Uint32Array<ArrayBuffer>

function grownFloats(column: Floats, length: number): Floats {
  const larger = new Float64Array(Math.max(64, length + (length >> 1)))
  larger.set(column)
  return larger
}

function grownIntegers(column: Integers, length: number): Integers {
  const larger = new Uint32Array(Math.max(64, length + (length >> 1)))
  larger.set(column)
  return larger
}

/** Entries of one kind: the tokens themselves, or all alternatives one after another. */
class EntryColumns {
  length = 0
  piece: Integers = new Uint32Array(0)
  logprob: Floats = new Float64Array(0)
  shape: Integers = new Uint32Array(0)
  readonly leftovers: Map<number, Leftovers> = new Map()

  push(piece: number, logprob: number, shape: number, leftovers: Leftovers | undefined): void {
    const index = this.length++
    if (index >= this.piece.length) {
      this.piece = grownIntegers(this.piece, this.length)
      this.logprob = grownFloats(this.logprob, this.length)
      this.shape = grownIntegers(this.shape, this.length)
    }
    this.piece[index] = piece
    this.logprob[index] = logprob
    this.shape[index] = shape
    if (leftovers !== undefined) this.leftovers.set(index, leftovers)
  }
}

/** A token that is not found within so many steps is kept once more: a hostile server cannot make the search long. */
const maximalProbes = 64

/**
 * Every different token once: text, bytes, id. A hash table of its own, since `Map` hashes each freshly parsed string
 * and costs a third more than parsing the JSON does.
 */
class PieceTable {
  readonly texts: string[] = []
  private ids: (number | undefined)[] | undefined
  private readonly forms: number[] = []
  private readonly byteEnds: number[] = []
  private byteArena: Uint8Array<ArrayBuffer> = new Uint8Array(256)
  /**
   * Pairs: the hash of a piece's text; the piece + 1 and its form of bytes (`formBits`), at its hash or the next free
   * place after it; 0 is free. At most half full. Side by side, so that a search reads little besides the text.
   */
  private slots: Int32Array<ArrayBuffer> = new Int32Array(256)
  private readonly encoder: TextEncoder = new TextEncoder()
  /** Of what was last looked for. */
  private hash = 0
  private form = bytesAbsent

  bytes(piece: number): Uint8Array {
    return this.byteArena.subarray(this.byteStart(piece), this.byteEnds[piece])
  }

  byteLength(piece: number): number {
    return (this.byteEnds[piece] ?? 0) - this.byteStart(piece)
  }

  id(piece: number): number | undefined {
    return this.ids?.[piece]
  }

  /** `bytes` as the server wrote it: a list, or null. */
  listedBytes(piece: number): number[] | null {
    return this.forms[piece] === bytesNull ? null : Array.from(this.bytes(piece))
  }

  /** The piece, if it was seen before, else −1. Takes bytes unseen: those that equal known ones are bytes. */
  find(text: string, listed: readonly number[] | null | undefined, id: number | undefined): number {
    this.look(text, listed)
    const { slots, hash, form, ids } = this
    const mask = slots.length - 1
    let slot = (hash << 1) & mask
    for (let probe = 0; probe < maximalProbes; probe++) {
      const entry = slots[slot + 1] ?? 0
      if (entry === 0) return -1
      if (slots[slot] === hash && (entry & formMask) === form) {
        const piece = (entry >> formBits) - 1
        if (this.texts[piece] === text && ids?.[piece] === id) {
          if (form !== bytesListed || this.equals(piece, listed)) return piece
        }
      }
      slot = (slot + 2) & mask
    }
    return -1
  }

  intern(text: string, listed: readonly number[] | null | undefined, id: number | undefined): number {
    const known = this.find(text, listed, id)
    return known === -1 ? this.add(text, listed, id) : known
  }

  /** Adds what `find` has just not found. */
  add(text: string, listed: readonly number[] | null | undefined, id: number | undefined): number {
    const piece = this.texts.length
    if ((piece + 1) * 4 > this.slots.length) this.grow()
    this.texts.push(text)
    if (id !== undefined) (this.ids ??= [])[piece] = id
    this.forms.push(this.form)
    this.byteEnds.push(this.store(listed ?? tokenTextBytes(text, this.encoder)))
    this.place(this.hash, ((piece + 1) << formBits) | this.form)
    return piece
  }

  /** Whether two pieces are the same token as far as text and ids tell. */
  isSameToken(a: number, b: number): boolean {
    if (a === b) return true
    const id = this.id(a)
    const other = this.id(b)
    return id !== undefined && other !== undefined ? id === other : this.texts[a] === this.texts[b]
  }

  /** Hashes the text, and sees on the way whether the bytes are just those of the text, as nearly always. */
  private look(text: string, listed: readonly number[] | null | undefined): void {
    let hash = 7
    let isPlain = Array.isArray(listed) && listed.length === text.length
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      hash = Math.imul(hash, 31) + unit
      if (isPlain && (unit > 127 || listed![at] !== unit)) isPlain = false
    }
    hash = Math.imul(hash, 0x9e3779b1)
    this.hash = hash ^ (hash >>> 15)
    this.form = isPlain
      ? bytesPlain
      : listed === undefined
        ? bytesAbsent
        : listed === null
          ? bytesNull
          : bytesListed
  }

  private byteStart(piece: number): number {
    return piece === 0 ? 0 : (this.byteEnds[piece - 1] ?? 0)
  }

  private place(hash: number, entry: number): void {
    const { slots } = this
    const mask = slots.length - 1
    let slot = (hash << 1) & mask
    for (let probe = 0; probe < maximalProbes; probe++) {
      if (slots[slot + 1] === 0) {
        slots[slot] = hash
        slots[slot + 1] = entry
        return
      }
      slot = (slot + 2) & mask
    }
  }

  private grow(): void {
    const before = this.slots
    this.slots = new Int32Array(before.length * 2)
    for (let slot = 0; slot < before.length; slot += 2) {
      const entry = before[slot + 1] ?? 0
      if (entry !== 0) this.place(before[slot] ?? 0, entry)
    }
  }

  private equals(piece: number, listed: readonly number[] | null | undefined): boolean {
    const start = this.byteStart(piece)
    if (!Array.isArray(listed) || this.byteLength(piece) !== listed.length) return false
    for (let at = 0; at < listed.length; at++) if (this.byteArena[start + at] !== listed[at]) return false
    return true
  }

  private store(bytes: ArrayLike<number>): number {
    const start = this.byteEnds.at(-1) ?? 0
    const end = start + bytes.length
    if (end > this.byteArena.length) {
      const larger = new Uint8Array(Math.max(end, this.byteArena.length * 2))
      larger.set(this.byteArena)
      this.byteArena = larger
    }
    for (let at = 0; at < bytes.length; at++) this.byteArena[start + at] = bytes[at] ?? 0
    return end
  }
}

/**
 * The bytes that a token's text stands for. Part of a character comes as escapes, `\xf0\x9f` or `bytes:\xf0\x9f`
 * (OpenAI, DeepSeek); only bytes from 0x80 up, so that a program text that writes `\x41` stays what it is.
 */
function tokenTextBytes(text: string, encoder: TextEncoder): Uint8Array {
  if (!text.includes('\\x')) return encoder.encode(text)
  const bytes: number[] = []
  const plain = text.replace(/^bytes:(?=\\x)/, '')
  for (const [part] of plain.matchAll(/(?:\\x[89a-f][0-9a-f])+|(?:(?!\\x[89a-f][0-9a-f])[^])+/gi)) {
    if (/^\\x[89a-f][0-9a-f]/i.test(part)) {
      for (const [, hex] of part.matchAll(/\\x(..)/g)) bytes.push(Number.parseInt(hex ?? '', 16))
    } else bytes.push(...encoder.encode(part))
  }
  return Uint8Array.from(bytes)
}

class Columns {
  readonly pieces: PieceTable = new PieceTable()
  readonly entries: EntryColumns = new EntryColumns()
  readonly alternatives: EntryColumns = new EntryColumns()
  /** Where the alternatives of a token end; those of the next one begin there. */
  alternativeEnd: Integers = new Uint32Array(0)
  // Running sums up to and with each token, so that the sums of any stretch are two reads.
  sumLogprob: Floats = new Float64Array(0)
  sumBytes: Integers = new Uint32Array(0)
  sumFloors: Integers = new Uint32Array(0)
  sumPositives: Integers = new Uint32Array(0)
  sumNotTop: Integers = new Uint32Array(0)
  sumWithAlternatives: Integers = new Uint32Array(0)
  sumUnlisted: Integers = new Uint32Array(0)
  sumCertain: Integers = new Uint32Array(0)
  /** Entries that were asked for as objects, so far. */
  readonly built: TokenLogprob[] = []

  private readonly shapes: string[][] = []
  private readonly shapeNumbers: Map<string, number> = new Map()
  /** The shapes of which every field has a column, as they came last: of a token, of an alternative. */
  private readonly usualShapes: [token: number, alternative: number] = [-1, -1]

  get tokens(): number {
    return this.entries.length
  }

  appendToken(entry: TokenLogprob): void {
    const index = this.entries.length
    const start = this.alternatives.length
    this.push(this.entries, entry, 0)
    const listed: unknown = isObject(entry) ? entry.top_logprobs : undefined
    if (Array.isArray(listed)) for (const top of listed) this.push(this.alternatives, top, 1)

    if (index >= this.alternativeEnd.length) this.growSums(index + 1)
    this.alternativeEnd[index] = this.alternatives.length
    this.addSums(index, start)
  }

  /** What a server wrote for one entry, its fields in its order. */
  build(columns: EntryColumns, at: number, alternatives?: [from: number, to: number]): TokenLogprob {
    const piece = columns.piece[at] ?? 0
    const leftovers = columns.leftovers.get(at)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what came in as an entry goes out as one
    if (leftovers !== undefined && wholeEntry in leftovers) return leftovers[wholeEntry] as TokenLogprob
    const entry: { [field: string]: unknown } = {}
    for (const field of this.shapes[columns.shape[at] ?? 0] ?? []) {
      let value: unknown
      if (leftovers !== undefined && Object.hasOwn(leftovers, field)) value = leftovers[field]
      else if (field === 'token') value = this.pieces.texts[piece]
      else if (field === 'logprob') value = columns.logprob[at]
      else if (field === 'bytes') value = this.pieces.listedBytes(piece)
      else if (field === 'id') value = this.pieces.id(piece)
      else if (field === 'top_logprobs' && alternatives !== undefined) {
        const [from, to] = alternatives
        value = Array.from({ length: to - from }, (_, rank) => this.build(this.alternatives, from + rank))
      }
      setOwn(entry, field, value)
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- likewise
    return entry as TokenLogprob
  }

  private push(columns: EntryColumns, entry: TopLogprob, kind: 0 | 1): void {
    if (!this.pushUsual(columns, entry, kind)) this.pushAny(columns, entry, kind)
  }

  /**
   * The common case without an allocation: an entry with the same fields as the one before, all of the expected types.
   * Nearly every entry goes this way.
   */
  private pushUsual(columns: EntryColumns, entry: TopLogprob, kind: 0 | 1): boolean {
    const shape = this.usualShapes[kind]
    const fields = this.shapes[shape]
    if (fields === undefined || typeof entry !== 'object' || entry === null) return false
    let count = 0
    for (const field in entry) if (field !== fields[count++]) return false
    if (count !== fields.length) return false
    const { token, logprob, bytes, id } = entry
    if (typeof token !== 'string' || typeof logprob !== 'number') return false
    if (id !== undefined && typeof id !== 'number') return false
    if (kind === 0 && !Array.isArray(entry.top_logprobs)) return false
    let piece = this.pieces.find(token, bytes, id)
    if (piece === -1) {
      if (bytes !== undefined && bytes !== null && !isByteList(bytes)) return false
      piece = this.pieces.add(token, bytes, id)
    }
    columns.push(piece, logprob, shape, undefined)
    return true
  }

  /** Anything at all, without losing anything. */
  private pushAny(columns: EntryColumns, entry: unknown, kind: 0 | 1): void {
    if (!isObject(entry)) {
      columns.push(this.pieces.intern('', undefined, undefined), Number.NaN, 0, { [wholeEntry]: entry })
      return
    }
    let leftovers: Leftovers | undefined
    let text = ''
    let logprob = Number.NaN
    let bytes: readonly number[] | null | undefined
    let id: number | undefined
    const fields = Object.keys(entry)
    for (const field of fields) {
      const value: unknown = entry[field]
      if (field === 'token' && typeof value === 'string') text = value
      else if (field === 'logprob' && typeof value === 'number') logprob = value
      else if (field === 'bytes' && (value === null || isByteList(value))) bytes = value
      else if (field === 'id' && typeof value === 'number') id = value
      else if (kind === 1 || field !== 'top_logprobs' || !Array.isArray(value)) {
        leftovers ??= {}
        setOwn(leftovers, field, value)
      }
    }
    // llama.cpp's `post_sampling_probs` sends a probability in place of its logarithm.
    if (Number.isNaN(logprob) && typeof entry['prob'] === 'number') logprob = Math.log(entry['prob'])
    const shape = this.shapeNumber(fields)
    if (leftovers === undefined) this.usualShapes[kind] = shape
    columns.push(this.pieces.intern(text, bytes, id), logprob, shape, leftovers)
  }

  private shapeNumber(fields: string[]): number {
    const name = JSON.stringify(fields)
    let number = this.shapeNumbers.get(name)
    if (number === undefined) {
      number = this.shapes.length
      this.shapes.push(fields)
      this.shapeNumbers.set(name, number)
    }
    return number
  }

  private addSums(index: number, start: number): void {
    const { entries, alternatives, pieces } = this
    const piece = entries.piece[index] ?? 0
    const raw = entries.logprob[index] ?? Number.NaN
    const logprob = usableLogprob(raw)
    const counted = !Number.isNaN(logprob)
    const bar = counted ? logprob + roundingTolerance : -Infinity
    let notTop = 0
    let listed = 0
    for (let at = start; at < alternatives.length; at++) {
      if (listed === 0 && pieces.isSameToken(alternatives.piece[at] ?? 0, piece)) listed = 1
      // Its own listing has the same figure; a twin that reads the same but is likelier is another token.
      if (notTop === 0 && usableLogprob(alternatives.logprob[at] ?? Number.NaN) > bar) notTop = 1
    }
    const hasAlternatives = alternatives.length > start ? 1 : 0
    const before = index - 1
    this.sumLogprob[index] = (this.sumLogprob[before] ?? 0) + (counted ? logprob : 0)
    this.sumBytes[index] = (this.sumBytes[before] ?? 0) + (counted ? pieces.byteLength(piece) : 0)
    this.sumFloors[index] = (this.sumFloors[before] ?? 0) + (isFloor(raw) ? 1 : 0)
    this.sumPositives[index] = (this.sumPositives[before] ?? 0) + (!counted && !isFloor(raw) ? 1 : 0)
    this.sumNotTop[index] = (this.sumNotTop[before] ?? 0) + notTop
    this.sumWithAlternatives[index] = (this.sumWithAlternatives[before] ?? 0) + hasAlternatives
    this.sumUnlisted[index] = (this.sumUnlisted[before] ?? 0) + (hasAlternatives && !listed ? 1 : 0)
    this.sumCertain[index] = (this.sumCertain[before] ?? 0) + (logprob === 0 ? 1 : 0)
  }

  private growSums(length: number): void {
    this.alternativeEnd = grownIntegers(this.alternativeEnd, length)
    this.sumLogprob = grownFloats(this.sumLogprob, length)
    this.sumBytes = grownIntegers(this.sumBytes, length)
    this.sumFloors = grownIntegers(this.sumFloors, length)
    this.sumPositives = grownIntegers(this.sumPositives, length)
    this.sumNotTop = grownIntegers(this.sumNotTop, length)
    this.sumWithAlternatives = grownIntegers(this.sumWithAlternatives, length)
    this.sumUnlisted = grownIntegers(this.sumUnlisted, length)
    this.sumCertain = grownIntegers(this.sumCertain, length)
  }
}

function numberOrNaN(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN
}

function isObject(value: unknown): value is { [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isByteList(value: unknown): value is number[] {
  if (!Array.isArray(value)) return false
  for (const byte of value) if (!Number.isInteger(byte) || byte < 0 || byte > 255) return false
  return true
}

/** Assignment that also works for a field that a hostile server called `__proto__`. */
export function setOwn(target: { [field: string]: unknown }, field: string, value: unknown): void {
  if (field === '__proto__') {
    Object.defineProperty(target, field, { value, enumerable: true, configurable: true, writable: true })
  } else target[field] = value
}

// ---------------------------------------------------------------------------------------------------------------------
// Reading
// ---------------------------------------------------------------------------------------------------------------------

/** The first `length` tokens of columns that only ever grow: immutable, though the columns are shared. */
class SeriesSnapshot implements TokenSeries {
  readonly length: number
  readonly legacy: boolean
  readonly #columns: Columns
  #entries: TokenLogprob[] | undefined

  constructor(columns: Columns, length: number, legacy: boolean) {
    this.#columns = columns
    this.length = length
    this.legacy = legacy
  }

  token(index: number): string {
    const { entries, pieces } = this.#columns
    return pieces.texts[entries.piece[this.#checked(index)] ?? 0] ?? ''
  }

  logprob(index: number): number {
    return this.#columns.entries.logprob[this.#checked(index)] ?? Number.NaN
  }

  bytes(index: number): Uint8Array {
    const { entries, pieces } = this.#columns
    return pieces.bytes(entries.piece[this.#checked(index)] ?? 0)
  }

  tokenId(index: number): number | undefined {
    const { entries, pieces } = this.#columns
    return pieces.id(entries.piece[this.#checked(index)] ?? 0)
  }

  alternativeCount(index: number): number {
    const [from, to] = this.#alternatives(index)
    return to - from
  }

  alternative(index: number, rank: number): SeriesToken {
    const [from, to] = this.#alternatives(index)
    if (!(rank >= 0 && from + rank < to)) {
      throw new RangeError(`Token ${index} has ${to - from} alternatives; there is no number ${rank}.`)
    }
    const { alternatives, pieces } = this.#columns
    const piece = alternatives.piece[from + rank] ?? 0
    return {
      token: pieces.texts[piece] ?? '',
      logprob: alternatives.logprob[from + rank] ?? Number.NaN,
      bytes: pieces.bytes(piece),
      id: pieces.id(piece),
    }
  }

  entry(index: number): TokenLogprob {
    const alternatives = this.#alternatives(index)
    return this.#columns.build(this.#columns.entries, index, alternatives)
  }

  entries(): TokenLogprob[] {
    if (this.#entries === undefined) {
      const { built } = this.#columns
      while (built.length < this.length) built.push(this.entry(built.length))
      this.#entries = built.slice(0, this.length)
    }
    return this.#entries
  }

  continues(earlier: TokenSeries): boolean {
    return (
      earlier instanceof SeriesSnapshot && earlier.#columns === this.#columns && earlier.length <= this.length
    )
  }

  totals(from = 0, to: number = this.length): SeriesTotals {
    const columns = this.#columns
    const end = Math.min(Math.max(to, 0), this.length) - 1
    const before = Math.min(Math.max(from, 0), end + 1) - 1
    const between = (sums: Floats | Integers): number => (sums[end] ?? 0) - (sums[before] ?? 0)
    const floors = between(columns.sumFloors)
    const positives = between(columns.sumPositives)
    return {
      tokens: end - before,
      counted: end - before - floors - positives,
      floors,
      positives,
      logprob: between(columns.sumLogprob),
      bytes: between(columns.sumBytes),
      notTopPick: between(columns.sumNotTop),
      withAlternatives: between(columns.sumWithAlternatives),
      unlisted: between(columns.sumUnlisted),
      certain: between(columns.sumCertain),
    }
  }

  #checked(index: number): number {
    if (!(index >= 0 && index < this.length)) {
      throw new RangeError(`The series has ${this.length} tokens; there is no token ${index}.`)
    }
    return index
  }

  #alternatives(index: number): [from: number, to: number] {
    const { alternativeEnd } = this.#columns
    this.#checked(index)
    return [alternativeEnd[index - 1] ?? 0, alternativeEnd[index] ?? 0]
  }
}
