import type { ChatCompletionChunk } from '../wire.ts'
import type { StreamRecord } from './parseEvents.ts'
import { isObject, plainValue } from './plainValue.ts'
import type { StreamIssueCode } from './streamIssues.ts'

/** What one record of a stream says. */
export type StreamReading =
  /**
   * A piece of the answer, or with `whole` all of it at once (a JSON answer); with `error`, the server's failure that
   * stands in it or is all of it.
   */
  | { type: 'chunk'; chunk: ChatCompletionChunk; whole: boolean; error?: unknown }
  /** `[DONE]`: nothing more will come. It does not say that all went well. */
  | { type: 'done' }
  /** Nothing: a keep-alive, a ping, or something that is not a chunk. */
  | { type: 'noise' }

/** What is said about a record that is not as it should be. */
export type ReportIssue = (code: StreamIssueCode, raw?: string) => void

/** Reads a record: the only place where the server's JSON is parsed. One reading, or several where records were glued. */
export function readChunk(record: StreamRecord, report: ReportIssue): StreamReading | StreamReading[] {
  const { data } = record
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
  const chunk = value as ChatCompletionChunk
  const error = findError(value, record)
  const whole = !record.framed && isWhole(chunk)
  if (error !== undefined) return { type: 'chunk', chunk, whole, error }
  if (!Array.isArray(chunk.choices)) {
    if (isNoise(value, record)) {
      report('not-a-chunk', record.data)
      return { type: 'noise' }
    }
    report('choices-missing')
  }
  return { type: 'chunk', chunk, whole }
}

function isWhole({ choices, object }: ChatCompletionChunk): boolean {
  if (!Array.isArray(choices)) return false
  return object === 'chat.completion' || (isObject(choices[0]) && choices[0]['message'] !== undefined)
}

/** A ping, or an event of the server's own, rather than a chunk that lacks its choices. */
function isNoise(value: { [field: string]: unknown }, { event }: StreamRecord): boolean {
  if (value['usage'] || value['object'] || value['id'] || value['model']) return false
  return (event !== '' && event !== 'message') || Object.keys(value).length === 0
}

/** The failure that a chunk reports: beside the choices, in one of them, or instead of them. */
function findError(value: { [field: string]: unknown }, record: StreamRecord): unknown {
  if (value['error']) return value
  const groq = value['x_groq']
  if (isObject(groq) && groq['error']) return groq
  const choices = value['choices']
  if (Array.isArray(choices)) {
    for (const choice of choices as unknown[]) {
      if (!isObject(choice)) continue
      if (choice['error']) return choice
      if (choice['finish_reason'] === 'error') return choice
    }
    return undefined
  }
  // Old vLLM and SGLang: flat, `object: 'error'`. MiniMax: `base_resp` with a code other than 0.
  if (value['object'] === 'error' || record.event === 'error') return value
  const status = value['base_resp']
  if (isObject(status) && status['status_code'] && status['status_code'] !== 0) return value
  // A whole answer that is none: `{"detail": …}`, `{"message": …, "statusCode": …}`.
  if (
    !record.framed &&
    !value['usage'] &&
    ('detail' in value || 'message' in value || 'html-message' in value)
  ) {
    return value
  }
  return undefined
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
    if (record.event === 'error') return [{ type: 'chunk', chunk: {}, whole: false, error: record.data }]
    report(record.terminated ? 'malformed-chunk' : 'cut-chunk', record.data)
    return []
  }
  return toList(readValue(value, record, report))
}

function toList<Item extends object>(value: Item | Item[]): Item[] {
  return Array.isArray(value) ? value : [value]
}
