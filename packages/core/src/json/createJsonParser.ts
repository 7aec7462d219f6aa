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
   * wrong), nor a key before its value. Immutable plain data: later fragments change copies, in which every finished
   * part is the same object, and it is the same value until something in it changes.
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

/** Starts reading a JSON text. */
export function createJsonParser(options: JsonParserOptions = {}): JsonParser {
  throw new Error(`Not yet written (${options.maxDepth})`)
}
