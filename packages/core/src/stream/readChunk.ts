import type { ChatCompletionChunk } from '../wire.ts'
import type { StreamRecord } from './parseEvents.ts'
import { isObject, plainValue, type JsonObject } from './plainValue.ts'
import type { StreamIssueCode } from './streamIssues.ts'

/** What one record of a stream says. */
export type StreamReading =
  /** A piece of the answer; `whole`: all of it at once (a JSON answer); `error`: no piece, but that the server failed. */
  | { type: 'piece' | 'whole' | 'error'; chunk: ChatCompletionChunk }
  /** `[DONE]`: nothing more will come. It does not say that all went well. */
  | { type: 'done' }
  /** Nothing: a keep-alive, a ping, or something that is not a chunk. */
  | { type: 'noise' }

/** What is said about a record that is not as it should be. */
export type ReportIssue = (code: StreamIssueCode, raw?: string) => void

/** Reads a record: the only place where the server's JSON is parsed. One reading, or several where records were glued. */
export function readChunk(record: StreamRecord, report: ReportIssue): StreamReading | StreamReading[] {
  const { data } = record
  if (data === '[DONE]') return { type: 'done' }
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return readMalformed(record, report)
  }
  return readValue(value, record, report)
}

function readValue(
  parsed: unknown,
  record: StreamRecord,
  report: ReportIssue,
): StreamReading | StreamReading[] {
  // A short record cannot be nested so deep that it could not be written out again.
  const isShort = record.data.length < 4096
  const value = isShort ? parsed : plainValue(parsed, () => report('unsafe-value'))
  if (Array.isArray(value)) {
    report('chunks-in-array', record.data)
    return value.flatMap((item) => (Array.isArray(item) ? [] : readValue(item, record, report)))
  }
  if (!isObject(value)) {
    report('not-a-chunk', record.data)
    return { type: 'noise' }
  }
  if (record.framed && record.event === '') return { type: 'piece', chunk: value }
  return readUnusual(value, record, report)
}

/** An object that came as a named event, or without framing: a chunk, a whole answer, an error, or nothing of it. */
function readUnusual(value: JsonObject, record: StreamRecord, report: ReportIssue): StreamReading {
  const chunk: ChatCompletionChunk = value
  if (Array.isArray(chunk.choices))
    return { type: !record.framed && isWhole(chunk) ? 'whole' : 'piece', chunk }
  if (record.event === 'error' || (!record.framed && isErrorBody(value))) return { type: 'error', chunk }
  const isOurs = value['usage'] || value['object'] || value['id'] || value['model'] || value['error']
  if (isOurs || (record.event === 'message' && Object.keys(value).length > 0)) return { type: 'piece', chunk }
  // A ping, or an event of the server's own.
  report('not-a-chunk', record.data)
  return { type: 'noise' }
}

function isWhole({ choices, object }: ChatCompletionChunk): boolean {
  const first: unknown = choices?.[0]
  return object === 'chat.completion' || (isObject(first) && first['message'] !== undefined)
}

/** A whole answer that is none: `{"error": …}`, `{"detail": …}`, `{"message": …, "statusCode": …}`. */
function isErrorBody(value: JsonObject): boolean {
  return !value['usage'] && ['error', 'detail', 'message', 'html-message'].some((field) => value[field])
}

/** Not JSON: `[DONE]` in its spellings, blank, several records glued together, or broken. */
function readMalformed(record: StreamRecord, report: ReportIssue): StreamReading[] {
  const data = record.data.trim()
  if (data === '') return [{ type: 'noise' }]
  if (data.startsWith('[DONE]')) {
    if (record.data !== '[DONE]') report('done-not-exact', record.data)
    return [{ type: 'done' }]
  }
  // `{…}[DONE]`, or a record that begins in the middle of another one's line.
  const isDone = data.endsWith('[DONE]')
  const parts = (isDone ? data.slice(0, -6) : data).split('data:')
  if (isDone || parts.length > 1) {
    report(isDone ? 'done-not-exact' : 'glued-records', data)
    const readings = parts.flatMap((part) => readPart({ ...record, data: part.trim() }, report))
    return isDone ? [...readings, { type: 'done' }] : readings
  }
  return readPart(record, report)
}

function readPart(record: StreamRecord, report: ReportIssue): StreamReading[] {
  if (record.data === '') return []
  let value: unknown
  try {
    value = JSON.parse(record.data)
  } catch {
    if (record.event === 'error') return [{ type: 'error', chunk: { error: record.data } }]
    report(record.terminated ? 'malformed-chunk' : 'cut-chunk', record.data)
    return []
  }
  return toList(readValue(value, record, report))
}

function toList<Item extends object>(value: Item | Item[]): Item[] {
  return Array.isArray(value) ? value : [value]
}
