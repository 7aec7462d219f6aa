/**
 * One record of an event stream.
 *
 * Read by the WHATWG rules for event streams, with these deviations, each of which a real server needs:
 * - a record at the end of the body counts without its blank line (`terminated: false`);
 * - `data:` after a data line that ended an object begins a new record (a server that sends one line break, not two);
 * - a line that is no field of an event stream is told (`onUnknownLine`): it may be JSON without framing.
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

/** Takes what a parser tells of a stream. */
export interface EventSink {
  /** A record is complete. */
  onRecord(record: StreamRecord): void
  /** A comment line came: it carries no data, but proves that the server lives. */
  onComment?(text: string): void
  /** A line came that is no field of an event stream; `afterEmptyData`: straight after a data line with nothing in it. */
  onUnknownLine?(text: string, afterEmptyData: boolean): void
  /** Something is not as an event stream should be. */
  onDeviation?(deviation: EventDeviation, raw: string): void
}

/** In what a body can deviate from an event stream. */
export type EventDeviation = 'unterminated-record' | 'records-without-blank-line' | 'record-too-long'

/** Takes decoded text in pieces of any size, cut anywhere. */
export interface EventParser {
  push(text: string): void
  /** Says that the body has ended. */
  end(): void
}

/** A record longer than this (in UTF-16 units) is skipped: no answer needs it, and a hostile one would fill memory. */
export const maxRecordLength: number = 32 * 1024 * 1024

/** Splits the text of a body into records. */
export function createEventParser(sink: EventSink): EventParser {
  return new RecordSplitter(sink)
}

// A class, as everything that runs for each record: the engine drops the machine code of closures with the closures, so
// that each answer would have to be compiled anew, but keeps that of methods.
class RecordSplitter implements EventParser {
  readonly #sink: EventSink
  /** The beginning of a line whose end has not come. Only ever appended to, so that long lines stay linear. */
  #partialLine = ''
  /** The line so far is longer than any record may be. */
  #lineTooLong = false
  /** The last piece ended with CR: a line feed that follows belongs to it. */
  #skipLineFeed = false
  /** The data of the record so far; `undefined` before its first data line. */
  #data: string | undefined
  /** The last data line, to see whether it closed an object without flattening all of `data`. */
  #lastDataLine = ''
  #event = ''
  #recordTooLong = false

  constructor(sink: EventSink) {
    this.#sink = sink
  }

  push(piece: string): void {
    let start = 0
    if (this.#skipLineFeed && piece !== '') {
      this.#skipLineFeed = false
      if (piece.charCodeAt(0) === lineFeed) start = 1
    }
    let lf = piece.indexOf('\n', start)
    let cr = piece.indexOf('\r', start)
    while (lf !== -1 || cr !== -1) {
      const lineEnd = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      if (this.#partialLine === '') {
        // The common line, here without a call: a whole record's `data: …`, and then its blank line.
        if (lineEnd === start) this.#dispatch(true)
        else if (this.#data === undefined && piece.startsWith('data: ', start)) {
          this.#data = this.#lastDataLine = piece.slice(start + 6, lineEnd)
          if (lineEnd === lf && piece.charCodeAt(lf + 1) === lineFeed) {
            this.#dispatch(true)
            start = lf + 2
            lf = piece.indexOf('\n', start)
            continue
          }
        } else this.#line(piece.slice(start, lineEnd))
      } else {
        const whole = this.#partialLine + piece.slice(start, lineEnd)
        this.#partialLine = ''
        this.#endOfPartialLine(whole)
      }
      start = lineEnd + 1
      if (lineEnd === cr) {
        if (start === piece.length) this.#skipLineFeed = true
        else if (lf === start) start++
        cr = piece.indexOf('\r', start)
      }
      if (lf !== -1 && lf < start) lf = piece.indexOf('\n', start)
    }
    if (start < piece.length) {
      if (this.#lineTooLong) return
      this.#partialLine += start === 0 ? piece : piece.slice(start)
      if (this.#partialLine.length > maxRecordLength) {
        this.#lineTooLong = true
        this.#partialLine = this.#partialLine.slice(0, 1)
      }
    }
  }

  end(): void {
    if (this.#partialLine !== '') {
      const whole = this.#partialLine
      this.#partialLine = ''
      this.#endOfPartialLine(whole)
    }
    this.#dispatch(false)
  }

  #dispatch(terminated: boolean): void {
    if (this.#data !== undefined && !this.#recordTooLong) {
      if (!terminated && this.#data.trim() !== '') this.#sink.onDeviation?.('unterminated-record', this.#data)
      this.#sink.onRecord({ data: this.#data, event: this.#event, framed: true, terminated })
    }
    this.#data = undefined
    this.#lastDataLine = ''
    this.#event = ''
    this.#recordTooLong = false
  }

  #dataLine(value: string): void {
    if (this.#data === undefined) {
      this.#data = value
    } else if (this.#lastDataLine.trimEnd().endsWith('}') && /^\s*(?:[{[]|data:)/.test(value)) {
      // No JSON goes on like this: the server separates its records by one line break.
      this.#sink.onDeviation?.('records-without-blank-line', value)
      const name = this.#event
      this.#dispatch(true)
      this.#data = value
      this.#event = name
      if (value.startsWith('[DONE]')) this.#dispatch(true)
    } else if (this.#data.length + value.length > maxRecordLength) {
      this.#tooLong()
    } else {
      this.#data += '\n' + value
    }
    this.#lastDataLine = value
  }

  #tooLong(): void {
    if (!this.#recordTooLong) this.#sink.onDeviation?.('record-too-long', '')
    this.#recordTooLong = true
    this.#data = ''
  }

  #line(text: string): void {
    if (text === '') return this.#dispatch(true)
    const colon = text.indexOf(':')
    if (colon === 0) return this.#sink.onComment?.(valueAfter(text, 0))
    const field = colon === -1 ? text : text.slice(0, colon)
    const value = colon === -1 ? '' : valueAfter(text, colon)
    if (field === 'data') this.#dataLine(value)
    else if (field === 'event') this.#event = value
    else if (field !== 'id' && field !== 'retry') this.#sink.onUnknownLine?.(text, this.#data === '')
  }

  #endOfPartialLine(text: string): void {
    if (!this.#lineTooLong) this.#line(text)
    else if (text[0] !== ':') this.#tooLong()
    this.#lineTooLong = false
  }
}

/** What stands behind a colon, without the one space that may follow it. */
function valueAfter(text: string, colon: number): string {
  return text.slice(text.charCodeAt(colon + 1) === space ? colon + 2 : colon + 1)
}

const lineFeed = 10
const space = 32
