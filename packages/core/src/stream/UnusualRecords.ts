import { createJsonParser } from '../json/createJsonParser.ts'
import type { ChatCompletionChunk } from '../wire.ts'
import { maxRecordLength, type StreamRecord } from './parseEvents.ts'
import { isObject, plainValue, type JsonObject } from './plainValue.ts'
import type { ReportIssue } from './readChunk.ts'

/** What one record of a stream says. */
export interface StreamReading {
  /**
   * - `piece`: a piece of the answer;
   * - `whole`: all of it at once (a JSON answer);
   * - `cut`: all of it at once, as far as it came;
   * - `error`: no piece, but that the server failed;
   * - `done`: nothing more will come. It does not say that all went well.
   */
  type: 'piece' | 'whole' | 'cut' | 'error' | 'done'
  chunk: ChatCompletionChunk
}

const done: StreamReading = { type: 'done', chunk: {} }

/**
 * Reads what is not simply a chunk in a record of its own: JSON without framing, named events, `[DONE]` in its spellings,
 * records that are glued together or broken. Several readings where there are several, none where there is nothing (a
 * keep-alive, a ping). Loaded with the first such record.
 */
export class UnusualRecords {
  /**
   * Lines that are neither an event stream nor JSON: a page, perhaps, or a plain message; `undefined` once the beginning
   * of an answer came.
   */
  strayText: string | undefined = ''
  readonly #report: ReportIssue
  /** Lines of a JSON text that is not framed and not on one line; '' outside one. */
  #bareJson = ''

  constructor(report: ReportIssue) {
    this.#report = report
  }

  /** A line that is no field of an event stream; `afterEmptyData`: straight after a data line with nothing in it. */
  readLine(line: string, afterEmptyData: boolean): StreamReading[] {
    const text = line.trim()
    const isJson = text.startsWith('{') || text.startsWith('[')
    if (this.#bareJson !== '' && isChunkLine(line)) {
      // No JSON text over many lines goes on like this: what was open is broken.
      return [...this.endLines(true), ...this.readRecord(bare(text, true))]
    } else if (this.#bareJson !== '') {
      if (this.#bareJson.length + line.length > maxRecordLength) {
        this.#bareJson = ''
        this.#report('record-too-long')
      } else this.#bareJson += `\n${line}`
    } else if (isJson && afterEmptyData) {
      this.#report('data-on-next-line', text)
      return this.readRecord({ data: text, event: '', framed: true, terminated: true })
    } else if (isJson && text.endsWith(text.startsWith('{') ? '}' : ']')) {
      return this.readRecord(bare(text, true))
    } else if (isJson) {
      this.#bareJson = line
    } else if (/^error:\s*[{"]/.test(line)) {
      // llama.cpp before September 2025.
      this.#report('error-field', text)
      return this.readRecord({ data: text.slice(6).trim(), event: 'error', framed: true, terminated: true })
    } else if (text !== '') {
      if (this.strayText !== undefined && this.strayText.length < maxStrayText)
        this.strayText += `${text.slice(0, maxStrayText)}\n`
      this.#report('unknown-line', text)
    }
    return []
  }

  /** Something else begins (`terminated`), or the body has ended: a JSON text that is open is as long as it came. */
  endLines(terminated: boolean): StreamReading[] {
    const json = this.#bareJson
    this.#bareJson = ''
    return json === '' ? [] : this.readRecord(bare(json, terminated))
  }

  readRecord(record: StreamRecord): StreamReading[] {
    const data = record.data.trim()
    if (data === '') return []
    try {
      return this.#readValue(JSON.parse(data), record)
    } catch {
      return this.#readMalformed(data, record)
    }
  }

  /** `[DONE]` in its spellings, several records glued together, or broken. */
  #readMalformed(data: string, record: StreamRecord): StreamReading[] {
    if (data.startsWith('[DONE]')) {
      this.#report('done-not-exact', data)
      return [done]
    }
    // `{…}[DONE]`, or a record that begins in the middle of another one's line.
    const isDone = data.endsWith('[DONE]')
    const parts = (isDone ? data.slice(0, -6) : data).split('data:')
    if (isDone || parts.length > 1) {
      this.#report(isDone ? 'done-not-exact' : 'glued-records', data)
      const readings = parts.flatMap((part) => this.readRecord({ ...record, data: part }))
      return isDone ? [...readings, done] : readings
    }
    const lines = data.split('\n')
    if (lines.length > 1 && lines.some(isChunkLine)) {
      this.#report('glued-records', data)
      return lines.flatMap((line, at) => {
        const terminated = record.terminated || at < lines.length - 1
        return this.readRecord({ ...record, data: line, terminated })
      })
    }
    if (record.event === 'error') return [{ type: 'error', chunk: { error: data } }]
    if (record.terminated) {
      this.#report('malformed-chunk', data)
      return []
    }
    this.strayText = undefined
    const begun = record.framed ? undefined : beginningOf(data)
    this.#report(begun === undefined ? 'cut-chunk' : 'cut-answer', data)
    return begun === undefined ? [] : [{ type: 'cut', chunk: begun }]
  }

  #readValue(parsed: unknown, record: StreamRecord): StreamReading[] {
    const { data, event, framed } = record
    const value = plainValue(parsed, this.#report)
    if (Array.isArray(value)) {
      this.#report('chunks-in-array', data)
      return value.flatMap((item) => (Array.isArray(item) ? [] : this.#readValue(item, record)))
    }
    if (!isObject(value)) {
      this.#report('not-a-chunk', data)
      return []
    }
    const chunk: ChatCompletionChunk = value
    const isAnswer = Array.isArray(chunk.choices)
    if (!framed && isAnswer && isWhole(chunk)) return [{ type: 'whole', chunk }]
    const isError = !isAnswer && (event === 'error' || (!framed && isErrorBody(chunk)))
    const isOurs = isAnswer || isError || (framed && event === '') || event === 'message'
    if (!isOurs && !['usage', 'object', 'id', 'model', 'error'].some((field) => value[field])) {
      // A ping, or an event of the server's own.
      this.#report('not-a-chunk', data)
      return []
    }
    if (!framed) this.#report('unframed-json')
    return [{ type: isError ? 'error' : 'piece', chunk }]
  }
}

/** Of a page that stands where an answer should be this much is enough to say what it is. */
const maxStrayText = 2000

function bare(data: string, terminated: boolean): StreamRecord {
  return { data, event: '', framed: false, terminated }
}

/** Whether a line is a chunk by itself. */
function isChunkLine(line: string): boolean {
  if (!line.startsWith('{') || !line.trimEnd().endsWith('}')) return false
  try {
    const chunk: JsonObject = JSON.parse(line)
    return Boolean(chunk['choices'] ?? chunk['usage'] ?? chunk['error'])
  } catch {
    return false
  }
}

/** Of what of a whole answer a beginning is of use. */
const texts: readonly unknown[] = [
  'content',
  'refusal',
  'reasoning',
  'reasoning_content',
  'arguments',
  'input',
]

/** The beginning of a whole answer whose JSON broke off: without the figure or name in whose middle it did. */
function beginningOf(json: string): ChatCompletionChunk | undefined {
  const parser = createJsonParser()
  parser.push(json)
  const { value, openPath = [] } = parser
  if (!isObject(value) || !Array.isArray(value['choices'])) return undefined
  const field = openPath.at(-1)
  let place: unknown = value
  for (const name of openPath.slice(0, -1))
    place = isObject(place) || Array.isArray(place) ? Reflect.get(place, name) : undefined
  if (isObject(place) && typeof place[field!] !== 'object' && !texts.includes(field))
    Reflect.deleteProperty(place, field!)
  return value
}

function isWhole({ choices, object }: ChatCompletionChunk): boolean {
  const first: unknown = choices?.[0]
  return object === 'chat.completion' || (isObject(first) && first['message'] !== undefined)
}

/** A whole answer that is none: `{"error": …}`, `{"detail": …}`, `{"message": …, "statusCode": …}`. */
function isErrorBody(chunk: ChatCompletionChunk): boolean {
  return !chunk.usage && ['error', 'detail', 'message', 'html-message'].some((field) => chunk[field])
}
