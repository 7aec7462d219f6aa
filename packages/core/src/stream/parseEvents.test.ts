import { describe, expect, it } from 'vitest'

import { createRandom } from '../testing/createRandom.ts'
import { createEventParser, maxRecordLength, type EventDeviation, type StreamRecord } from './parseEvents.ts'

function parse(...pieces: string[]): {
  records: StreamRecord[]
  comments: string[]
  unknownLines: [text: string, afterEmptyData: boolean][]
  deviations: EventDeviation[]
} {
  const records: StreamRecord[] = []
  const comments: string[] = []
  const unknownLines: [string, boolean][] = []
  const deviations: EventDeviation[] = []
  const parser = createEventParser({
    onRecord: (record) => records.push(record),
    onComment: (text) => comments.push(text),
    onUnknownLine: (text, afterEmptyData) => unknownLines.push([text, afterEmptyData]),
    onDeviation: (deviation) => deviations.push(deviation),
  })
  for (const piece of pieces) parser.push(piece)
  parser.end()
  return { records, comments, unknownLines, deviations }
}

function dataOf(...pieces: string[]): string[] {
  return parse(...pieces).records.map((record) => record.data)
}

describe('event streams by the WHATWG rules', () => {
  it('joins the data lines of a record with line feeds', () => {
    expect(dataOf('data: a\ndata: b\n\n')).toEqual(['a\nb'])
  })

  it('takes one space after the colon away, and only one', () => {
    expect(dataOf('data:a\n\ndata: a\n\ndata:  a\n\n')).toEqual(['a', 'a', ' a'])
  })

  it('ends lines at LF, CR and CRLF, mixed', () => {
    expect(dataOf('data: a\rdata: b\r\ndata: c\n\r\ndata: d\r\r')).toEqual(['a\nb\nc', 'd'])
  })

  it('takes CRLF as one line end also when it is cut between reads', () => {
    expect(dataOf('data: a\r', '\n', 'data: b\r', '\n\r', '\n')).toEqual(['a\nb'])
    expect(dataOf('data: a\r', '', '\n\r\n')).toEqual(['a'])
  })

  it('takes a line without a colon as a field without a value', () => {
    expect(dataOf('data\n\n')).toEqual([''])
    expect(dataOf('data\ndata\n\n')).toEqual(['\n'])
  })

  it('does not tell records without data', () => {
    expect(parse('event: x\nid: 1\nretry: 10\n\n').records).toEqual([])
  })

  it('forgets the event name with each record', () => {
    expect(parse('event: x\ndata: a\n\ndata: b\n\n').records.map((record) => record.event)).toEqual(['x', ''])
  })

  it('lets the last event name of a record count', () => {
    expect(parse('event: x\nevent: y\ndata: a\n\n').records[0]?.event).toBe('y')
  })

  it('tells comments with one space taken away, inside records too', () => {
    const { records, comments } = parse(': one\n:two\n:\ndata: a\n: three\ndata: b\n\n')
    expect(comments).toEqual(['one', 'two', '', 'three'])
    expect(records.map((record) => record.data)).toEqual(['a\nb'])
  })

  it('leaves unknown fields out of the record', () => {
    expect(dataOf('foo: bar\ndata: a\n Data: b\n\n')).toEqual(['a'])
  })

  it('keeps U+0000, U+2028 and further byte-order marks in data', () => {
    expect(dataOf('data: a\u0000b\u2028c\uFEFF\n\n')).toEqual(['a\u0000b\u2028c\uFEFF'])
  })
})

/** The specification, word by word: section 9.2.6 of HTML, without the last event id and the reconnection time. */
function parseBySpecification(text: string): {
  records: Pick<StreamRecord, 'data' | 'event'>[]
  comments: string[]
} {
  const records: Pick<StreamRecord, 'data' | 'event'>[] = []
  const comments: string[] = []
  let data = ''
  let event = ''
  const lines = text.split(/\r\n|\n|\r/)
  for (const [at, line] of lines.entries()) {
    if (line === '') {
      // The end of the text is no line.
      if (at === lines.length - 1) break
      // One line feed at the end of the data is removed.
      if (data !== '') records.push({ data: data.slice(0, -1), event })
      data = event = ''
      continue
    }
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (colon === 0) comments.push(value)
    else if (field === 'event') event = value
    else if (field === 'data') data += `${value}\n`
  }
  return { records, comments }
}

describe('generated event streams', () => {
  const fields = 'data|data:|data: |data:  |event|event: |event:x|id: 1|id|retry: 3|foo: bar|Data: x'.split(
    '|',
  )
  const texts = ':|: c|::| |a|b |é|1|\t|\0|\u2028|\u0085|\uFEFF'.split('|')
  const lineEnds = '\n|\n|\n\n|\r|\r\r|\r\n|\r\n\r\n'.split('|')
  const parts = [...fields, ...texts, ...lineEnds, ...lineEnds]

  it('are read as the specification says, however they are cut', () => {
    for (let seed = 0; seed < 20_000; seed++) {
      const random = createRandom(seed)
      const text = Array.from({ length: 1 + random.below(14) }, () => random.pick(parts)).join('')
      const pieces: string[] = []
      for (let at = 0; at < text.length;) {
        const size = 1 + random.below(5)
        pieces.push(text.slice(at, at + size))
        at += size
      }
      const { records, comments } = parse(...pieces)
      const whole = records.filter(({ terminated }) => terminated).map(({ data, event }) => ({ data, event }))
      expect({ text, records: whole, comments }).toEqual({ text, ...parseBySpecification(text) })
    }
  })
})

describe('where the parser deviates', () => {
  it('tells a record at the end of the body, and that it was not ended', () => {
    expect(parse('data: a\n\ndata: b')).toMatchObject({
      records: [
        { data: 'a', terminated: true },
        { data: 'b', terminated: false },
      ],
      deviations: ['unterminated-record'],
    })
  })

  it('begins a new record where JSON cannot go on', () => {
    expect(dataOf('data: {"a":1}\ndata: {"b":2}\ndata: [DONE]\n')).toEqual(['{"a":1}', '{"b":2}', '[DONE]'])
    expect(dataOf('data: {"a":\ndata: {}\ndata: }\n\n')).toEqual(['{"a":\n{}\n}'])
  })

  it('tells lines that are no field as they are, and whether an empty data line stands before them', () => {
    expect(parse('foo: bar\n{"a":1}\n\ndata:\n{"b":2}\n\n')).toMatchObject({
      records: [{ data: '' }],
      unknownLines: [
        ['foo: bar', false],
        ['{"a":1}', false],
        ['{"b":2}', true],
      ],
    })
  })

  it('tells them as soon as their line has ended', () => {
    const lines: string[] = []
    const parser = createEventParser({ onRecord() {}, onUnknownLine: (text) => lines.push(text) })
    parser.push('{"a":1}\n{"b"')
    expect(lines).toEqual(['{"a":1}'])
    parser.push(':2}\n')
    expect(lines).toEqual(['{"a":1}', '{"b":2}'])
  })
})

describe('hostile bodies', () => {
  it('skips a record that is too long, and goes on behind it', () => {
    const long = 'x'.repeat(maxRecordLength / 4)
    const { records, deviations } = parse('data: ', long, long, long, long, 'y\n', 'data: z\n\ndata: a\n\n')
    expect(records.map((record) => record.data)).toEqual(['a'])
    expect(deviations).toEqual(['record-too-long'])
  })

  it('skips a record that is too long over many lines', () => {
    const line = `data: ${'x'.repeat(maxRecordLength / 4)}\n`
    const { records, deviations } = parse(line, line, line, line, line, '\ndata: a\n\n')
    expect(records.map((record) => record.data)).toEqual(['a'])
    expect(deviations).toEqual(['record-too-long'])
  })

  it('skips a comment that is too long without the record around it', () => {
    const long = 'x'.repeat(maxRecordLength / 2)
    expect(dataOf('data: a\n:', long, long, long, '\ndata: b\n\n')).toEqual(['a\nb'])
  })
})
