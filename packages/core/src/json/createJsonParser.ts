/** Property names and array positions from the root to a place; empty for the root. */
export type JsonPath = readonly (string | number)[]

/**
 * Why a text is not JSON:
 * - `unexpected-character`: no JSON text goes on like this (`NaN`, single quotes, a trailing comma, a line break in a string);
 * - `trailing-text`: something follows the whole value (a second value, a closing fence);
 * - `too-deep`: more nested arrays and objects than `maxDepth`;
 * - `unexpected-end`: `end()` was called before the value was whole.
 */
export type JsonErrorCode = 'unexpected-character' | 'trailing-text' | 'too-deep' | 'unexpected-end'

/** Where and why a text stopped being JSON. */
export interface JsonError {
  readonly code: JsonErrorCode
  /** UTF-16 units from the start of the text to the first one that does not fit. */
  readonly position: number
  /** What was being read there. */
  readonly path: JsonPath
  /** What happened, in one sentence. */
  readonly message: string
}

/** What `createJsonParser` can be told. */
export interface JsonParserOptions {
  /** How many arrays and objects may stand within one another. @default 512 */
  readonly maxDepth?: number
}

/**
 * Reads a JSON text while it comes in. Takes fragments cut anywhere, each in time proportional to its own length, and
 * tells the value so far at any moment. Never throws: after an error it keeps what came before and takes nothing more.
 */
export interface JsonParser {
  /** Adds the next piece of the text. Does nothing after an error or `end()`. */
  push(fragment: string): void
  /** Says that no more will come: completes a number that stands alone, and makes anything else unfinished an error. */
  end(): void
  /**
   * The value so far; `undefined` while there is none. Open strings, arrays and objects are shown as far as they came,
   * `true`, `false` and `null` from their first letter; a number is not shown before its end (the 1 of 12 would be
   * wrong), nor a key before its value.
   *
   * Immutable plain data: every finished part is the same object in all later values, and the whole is the same until
   * something in it changes. A reading copies the entries of the arrays and objects that are still open, and nothing in
   * them: about a nanosecond an item, a tenth of a microsecond a key. So read once a frame, not once a fragment.
   */
  readonly value: unknown
  /** Whether the value is whole: after `end()`, exactly when `JSON.parse` would take the text (a leading byte-order mark aside). */
  readonly isComplete: boolean
  /** Where and why the text stopped being JSON. */
  readonly error: JsonError | undefined
  /** The place that is being read: the innermost open value, key or element; `undefined` once the value is whole. */
  readonly openPath: JsonPath | undefined
  /** UTF-16 units pushed so far: `parser.push(text.slice(parser.length))` follows a text that grows. */
  readonly length: number
  /** Whether there is a value at `path` that will not change any more (unless its key is repeated). */
  isPathComplete(path: JsonPath): boolean
}

/** What may come next; `expectations` has the words for each. */
const aValue = 0
const itemOrEnd = 1
const keyOrEnd = 2
const aKey = 3
const colon = 4
const commaOrEnd = 5
const inString = 6
const inEscape = 7
const inUnicodeEscape = 8
const inLiteral = 9
const inNumber = 10
const nothing = 11

const expectations: readonly string[] = [
  'a value',
  'a value or ]',
  'a key in double quotes or }',
  'a key in double quotes',
  'a colon',
  'a comma or the end of the array or object',
  'text without raw control characters, or its closing quote',
  'one of "\\/bfnrtu after a backslash',
  'a hexadecimal digit',
  'true, false or null',
  'a digit or the end of the number',
  'nothing more',
]

const escapes: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/**
 * What a digit makes of a number that ends with: 0 minus sign, 1 leading zero, 2 integer digits, 3 point, 4 decimals,
 * 5 `e`, 6 sign of the exponent, 7 exponent.
 */
const afterDigit: readonly (number | undefined)[] = [2, undefined, 2, 4, 4, 7, 7, 7]
const mayEnd: readonly boolean[] = [false, true, true, false, true, false, false, true]

/** An array or object that has not ended: in lists, from which a copy is built faster than an object is copied. */
interface OpenContainer {
  /** `undefined` for an array. One key more than `values` while its value is awaited or read. */
  readonly keys: string[] | undefined
  /** The values that have ended. */
  readonly values: unknown[]
  /** What a reader saw last. */
  shown: unknown
}

/** Starts reading a JSON text. */
export function createJsonParser({ maxDepth = 512 }: JsonParserOptions = {}): JsonParser {
  /** From the root inwards. */
  const open: OpenContainer[] = []
  let state = aValue
  let length = 0
  let hasEnded = false
  let error: JsonError | undefined
  /** The string, key, number or literal that is being read, as far as it came. */
  let text = ''
  let isKey = false
  /** `text` ends with the first half of a surrogate pair. Noted, because looking would flatten a long `text`. */
  let endsInHalfPair = false
  let hexDigits = ''
  let literal: boolean | null = null
  let numberEnd = 0
  /** What a reader saw last, and whether it has changed since. */
  let shown: unknown
  let isStale = false

  /** Reads a character, or a run of them; returns the next position, or the same one if the character does not fit. */
  function advance(fragment: string, at: number): number {
    if (state === inString) return readString(fragment, at)
    if (state === inNumber) return readNumber(fragment, at)
    return takes(fragment[at]!) ? at + 1 : at
  }

  function takes(char: string): boolean {
    if (state === inEscape) return takesEscape(char)
    if (state === inUnicodeEscape) return takesHexDigit(char)
    if (state === inLiteral) return takesLetter(char)
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') return true
    const isInArray = open.at(-1)?.keys === undefined
    switch (state) {
      case keyOrEnd:
        if (char === '}') return endContainer()
        return char === '"' && beginString(true)
      case aKey:
        return char === '"' && beginString(true)
      case colon:
        if (char === ':') state = aValue
        return char === ':'
      case commaOrEnd:
        if (char === (isInArray ? ']' : '}')) return endContainer()
        if (char === ',') state = isInArray ? aValue : aKey
        return char === ','
      case itemOrEnd:
        return char === ']' ? endContainer() : takesValue(char)
      case aValue:
        return takesValue(char)
    }
    return false
  }

  function takesValue(char: string): boolean {
    if (char === '"') return beginString(false)
    if (char === '{' || char === '[') {
      if (open.length >= maxDepth) return false
      open.push({ keys: char === '{' ? [] : undefined, values: [], shown: undefined })
      state = char === '{' ? keyOrEnd : itemOrEnd
    } else if (char === 't' || char === 'f' || char === 'n') {
      literal = char === 'n' ? null : char === 't'
      text = char
      state = inLiteral
    } else if (char === '-' || isDigit(char)) {
      text = char
      numberEnd = char === '-' ? 0 : char === '0' ? 1 : 2
      state = inNumber
      return true // Not shown yet.
    } else return false
    isStale = true
    return true
  }

  function beginString(asKey: boolean): true {
    text = ''
    endsInHalfPair = false
    isKey = asKey
    isStale ||= !asKey
    state = inString
    return true
  }

  function readString(fragment: string, from: number): number {
    let at = from
    let unit = fragment.charCodeAt(at)
    // Behind the end `unit` is NaN, which ends the loop too.
    while (unit !== quote && unit !== backslash && unit >= space) unit = fragment.charCodeAt(++at)
    if (at > from) append(fragment.slice(from, at))
    if (unit === backslash) state = inEscape
    else if (unit === quote) endString()
    else return at
    return at + 1
  }

  function append(piece: string): void {
    text += piece
    endsInHalfPair = isHalfPair(piece)
    isStale ||= !isKey
  }

  function takesEscape(char: string): boolean {
    const unescaped = escapes[char]
    if (unescaped !== undefined) {
      append(unescaped)
      state = inString
    } else if (char === 'u') {
      hexDigits = ''
      state = inUnicodeEscape
    } else return false
    return true
  }

  function takesHexDigit(char: string): boolean {
    if (!/[\da-f]/i.test(char)) return false
    hexDigits += char
    if (hexDigits.length === 4) {
      append(String.fromCharCode(Number.parseInt(hexDigits, 16)))
      state = inString
    }
    return true
  }

  function endString(): void {
    if (isKey) {
      open.at(-1)!.keys!.push(text)
      state = colon
    } else {
      isStale ||= endsInHalfPair
      endValue(text)
    }
  }

  function takesLetter(char: string): boolean {
    const whole = String(literal)
    if (char !== whole[text.length]) return false
    text += char
    if (text === whole) endValue(literal)
    return true
  }

  function readNumber(fragment: string, from: number): number {
    let at = from
    for (; at < fragment.length; at++) {
      const after = afterNumber(fragment[at]!)
      if (after === undefined) break
      numberEnd = after
    }
    text += fragment.slice(from, at)
    // Before anything else it is no end: the 1.2 of 1.2.3 is not a number that the text has.
    if (at === fragment.length || !mayEnd[numberEnd] || !' \n\r\t,]}'.includes(fragment[at]!)) return at
    endNumber()
    return at === from ? advance(fragment, at) : at
  }

  function afterNumber(char: string): number | undefined {
    // A zero is a whole integer part, after a minus sign too.
    if (char === '0' && numberEnd === 0) return 1
    if (isDigit(char)) return afterDigit[numberEnd]
    if (char === '.') return numberEnd === 1 || numberEnd === 2 ? 3 : undefined
    if (char === 'e' || char === 'E') return mayEnd[numberEnd] && numberEnd !== 7 ? 5 : undefined
    return (char === '-' || char === '+') && numberEnd === 5 ? 6 : undefined
  }

  function endNumber(): void {
    isStale = true
    endValue(Number(text))
  }

  function endContainer(): true {
    const container = open.pop()!
    // A reader who saw all of it keeps the object that it saw.
    endValue(isStale ? build(container, undefined) : container.shown)
    return true
  }

  function endValue(value: unknown): void {
    const container = open.at(-1)
    if (container === undefined) {
      state = nothing
      shown = value
      isStale = false
    } else {
      state = commaOrEnd
      container.values.push(value)
    }
  }

  /** Copies what is open, and only that, if it changed since the last reading. */
  function read(): unknown {
    if (!isStale) return shown
    let inner: unknown
    if (state === inLiteral) inner = literal
    else if (!isKey && (state === inString || state === inEscape || state === inUnicodeEscape)) {
      // Half a pair alone would flash up as a replacement character.
      inner = endsInHalfPair ? text.slice(0, -1) : text
    }
    for (let level = open.length - 1; level >= 0; level--) {
      const container = open[level]!
      inner = container.shown = build(container, inner)
    }
    isStale = false
    return (shown = inner)
  }

  function openPath(): JsonPath | undefined {
    if (state === nothing) return undefined
    const path: (string | number)[] = []
    for (const { keys, values } of open) {
      if (keys === undefined) path.push(values.length)
      else if (keys.length > values.length) path.push(keys.at(-1)!)
    }
    const isBetweenItems = open.at(-1)?.keys === undefined && (state === itemOrEnd || state === commaOrEnd)
    return isBetweenItems ? path.slice(0, -1) : path
  }

  function fail(position: number, found: string): void {
    let code: JsonErrorCode = state === nothing ? 'trailing-text' : 'unexpected-character'
    // Its second half may not have come.
    const stands = isHalfPair(found) ? 'a character beyond U+FFFF' : JSON.stringify(found)
    let message = `At position ${position} stands ${stands}, where JSON has ${expectations[state]}.`
    if (found === '') {
      code = 'unexpected-end'
      message = `The text ends at position ${position}, where JSON has ${expectations[state]}.`
    } else if (state <= itemOrEnd && (found === '{' || found === '[')) {
      code = 'too-deep'
      message = `More than ${maxDepth} arrays and objects stand within one another at position ${position}.`
    }
    error = { code, position, path: openPath() ?? [], message }
  }

  return {
    push(fragment) {
      const begin = length
      length += fragment.length
      if (hasEnded) return
      let at = begin === 0 && fragment.startsWith('\uFEFF') ? 1 : 0
      while (at < fragment.length && error === undefined) {
        const after = advance(fragment, at)
        if (after === at) fail(begin + at, fragment[at]!)
        at = after
      }
    },
    end() {
      if (hasEnded || error !== undefined) return
      hasEnded = true
      if (state === inNumber && open.length === 0 && mayEnd[numberEnd]) endNumber()
      if (state !== nothing) fail(length, '')
    },
    get value() {
      return read()
    },
    get isComplete() {
      return state === nothing && error === undefined
    },
    get error() {
      return error
    },
    get openPath() {
      return openPath()
    },
    get length() {
      return length
    },
    isPathComplete(path) {
      const unfinished = openPath()
      if (unfinished && path.every((name, level) => String(name) === String(unfinished[level]))) return false
      let value = read()
      for (const name of path) {
        if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false
        if (Array.isArray(value) && typeof name === 'string') return false
        value = Reflect.get(value, name)
      }
      return value !== undefined
    },
  }
}

/** An open container as plain data, with `inner`, what is open in it, at its end. */
function build({ keys, values }: OpenContainer, inner: unknown): unknown {
  if (keys === undefined) {
    if (inner === undefined) return values.slice()
    values.push(inner)
    const items = values.slice()
    values.pop()
    return items
  }
  const object: { [key: string]: unknown } = {}
  for (let at = 0; at < keys.length; at++) {
    const value = at < values.length ? values[at] : inner
    if (value !== undefined) setOwn(object, keys[at]!, value)
  }
  return object
}

function setOwn(object: { [key: string]: unknown }, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value
  // Assigned, it would replace the prototype.
  else Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true })
}

/** Whether a text ends with the first half of a surrogate pair. */
function isHalfPair(text: string): boolean {
  return (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9'
}

const quote = 34
const backslash = 92
const space = 32
