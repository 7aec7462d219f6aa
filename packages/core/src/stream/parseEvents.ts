/**
 * One record of an event stream, or one line of bare JSON where a server leaves the framing out.
 *
 * Written from the WHATWG rules for event streams, with these deviations, each of which a real server needs:
 * - a record at the end of the body counts without its blank line (`terminated: false`);
 * - `data:` after a data line that ended an object begins a new record (a server that sends one line break, not two);
 * - the field `error` is a record of its own (llama.cpp before September 2025);
 * - a line of JSON without a field name is a record (`framed: false`).
 */
export interface StreamRecord {
  /** The data lines, joined by line feeds. */
  data: string
  /** The record's `event` field; '' when it has none. */
  event: string
  /** Whether the data came in a `data` field. */
  framed: boolean
  /** Whether the record was complete, rather than ended by the end of the body. */
  terminated: boolean
}

/** What a parser tells about the stream besides its records. */
export interface EventParserCallbacks {
  /** A record is complete. */
  onRecord: (record: StreamRecord) => void
  /** A comment line came: it carries no data, but proves that the server lives. */
  onComment?: (text: string) => void
  /** Something is not as an event stream should be. */
  onDeviation?: (deviation: EventDeviation, raw: string) => void
}

/** In what a body can deviate from an event stream. */
export type EventDeviation =
  | 'unterminated-record'
  | 'records-without-blank-line'
  | 'error-field'
  | 'data-on-next-line'
  | 'unknown-line'
  | 'record-too-long'

/** Takes decoded text in pieces of any size, cut anywhere. */
export interface EventParser {
  push(text: string): void
  /** Says that the body has ended. */
  end(): void
}

/** A record longer than this (in UTF-16 units) is skipped: no answer needs it, and a hostile one would fill memory. */
export const maxRecordLength: number = 32 * 1024 * 1024

/** Splits the text of a body into records. */
export function createEventParser(callbacks: EventParserCallbacks): EventParser {
  const { onRecord, onComment, onDeviation } = callbacks
  /** The beginning of a line whose end has not come. Only ever appended to, so that long lines stay linear. */
  let partialLine = ''
  /** The line so far is longer than any record may be. */
  let lineTooLong = false
  /** The last piece ended with CR: a line feed that follows belongs to it. */
  let skipLineFeed = false
  /** The data of the record so far; `undefined` before its first data line. */
  let data: string | undefined
  /** The last data line, to see whether it closed an object without flattening all of `data`. */
  let lastDataLine = ''
  let event = ''
  /** Lines of a JSON text that is not framed and not on one line; '' outside one. */
  let bareJson = ''
  let recordTooLong = false

  function dispatch(terminated: boolean): void {
    if (data !== undefined && !recordTooLong) {
      if (!terminated && data.trim() !== '') onDeviation?.('unterminated-record', data)
      onRecord({ data, event, framed: true, terminated })
    }
    data = undefined
    lastDataLine = ''
    event = ''
    recordTooLong = false
  }

  function dispatchBare(json: string, terminated: boolean): void {
    onRecord({ data: json, event: '', framed: false, terminated })
  }

  function endBareJson(terminated: boolean): void {
    const json = bareJson
    bareJson = ''
    if (json !== '') dispatchBare(json, terminated)
  }

  function dataLine(value: string): void {
    if (data === undefined) {
      data = value
    } else if (lastDataLine.trimEnd().endsWith('}') && /^\s*(?:[{[]|data:)/.test(value)) {
      // No JSON goes on like this: the server separates its records by one line break.
      onDeviation?.('records-without-blank-line', value)
      const name = event
      dispatch(true)
      data = value
      event = name
      if (value.startsWith('[DONE]')) dispatch(true)
    } else if (data.length + value.length > maxRecordLength) {
      tooLong()
    } else {
      data += '\n' + value
    }
    lastDataLine = value
  }

  function tooLong(): void {
    if (!recordTooLong) onDeviation?.('record-too-long', '')
    recordTooLong = true
    data = ''
  }

  function line(text: string): void {
    if (text === '') {
      if (bareJson === '') dispatch(true)
      return
    }
    const colon = text.indexOf(':')
    if (colon === 0) {
      onComment?.(text.slice(text.charCodeAt(1) === space ? 2 : 1))
      return
    }
    const field = colon === -1 ? text : text.slice(0, colon)
    const value = colon === -1 ? '' : text.slice(text.charCodeAt(colon + 1) === space ? colon + 2 : colon + 1)
    if (field === 'data') {
      endBareJson(true)
      dataLine(value)
    } else if (bareJson !== '') {
      if (bareJson.length + text.length > maxRecordLength) {
        bareJson = ''
        onDeviation?.('record-too-long', '')
      } else bareJson += '\n' + text
    } else if (field === 'event') {
      event = value
    } else if (field === 'error' && /^\s*[{"]/.test(value)) {
      onDeviation?.('error-field', value)
      onRecord({ data: value, event: 'error', framed: true, terminated: true })
    } else if (field !== 'id' && field !== 'retry') {
      unknownLine(text)
    }
  }

  function unknownLine(text: string): void {
    const trimmed = text.trim()
    const first = trimmed[0]
    if (first !== '{' && first !== '[') {
      if (trimmed !== '') onDeviation?.('unknown-line', trimmed.slice(0, 2000))
    } else if (data === '') {
      // `data:` and then the JSON on a line of its own.
      onDeviation?.('data-on-next-line', trimmed)
      data = trimmed
      lastDataLine = trimmed
    } else if (trimmed.endsWith(first === '{' ? '}' : ']')) {
      dispatchBare(trimmed, true)
    } else {
      bareJson = text
    }
  }

  function endOfPartialLine(text: string): void {
    if (!lineTooLong) line(text)
    else if (text[0] !== ':') tooLong()
    lineTooLong = false
  }

  function push(piece: string): void {
    let start = 0
    if (skipLineFeed && piece !== '') {
      skipLineFeed = false
      if (piece.charCodeAt(0) === lineFeed) start = 1
    }
    let lf = piece.indexOf('\n', start)
    let cr = piece.indexOf('\r', start)
    while (lf !== -1 || cr !== -1) {
      const lineEnd = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      if (partialLine === '') {
        // The common line, here without a call: a whole record's `data: …`, and then its blank line.
        if (lineEnd === start && bareJson === '') dispatch(true)
        else if (data === undefined && bareJson === '' && piece.startsWith('data: ', start)) {
          data = lastDataLine = piece.slice(start + 6, lineEnd)
          if (lineEnd === lf && piece.charCodeAt(lf + 1) === lineFeed) {
            dispatch(true)
            start = lf + 2
            lf = piece.indexOf('\n', start)
            continue
          }
        } else line(piece.slice(start, lineEnd))
      } else {
        const whole = partialLine + piece.slice(start, lineEnd)
        partialLine = ''
        endOfPartialLine(whole)
      }
      start = lineEnd + 1
      if (lineEnd === cr) {
        if (start === piece.length) skipLineFeed = true
        else if (lf === start) start++
        cr = piece.indexOf('\r', start)
      }
      if (lf !== -1 && lf < start) lf = piece.indexOf('\n', start)
    }
    if (start < piece.length) {
      if (lineTooLong) return
      partialLine += start === 0 ? piece : piece.slice(start)
      if (partialLine.length > maxRecordLength) {
        lineTooLong = true
        partialLine = partialLine.slice(0, 1)
      }
    }
  }

  function end(): void {
    if (partialLine !== '') {
      const whole = partialLine
      partialLine = ''
      endOfPartialLine(whole)
    }
    endBareJson(false)
    dispatch(false)
  }

  return { push, end }
}

const lineFeed = 10
const space = 32
