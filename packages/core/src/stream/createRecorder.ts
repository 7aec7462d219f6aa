import type { CompletionRecorder } from './streamCompletion.ts'

/** Takes down one answer: pass it as `recorder`. */
export interface StreamRecorder extends CompletionRecorder {
  /**
   * The answer as it came so far, as an event stream: its head in comments, then each record as it was, with the seconds
   * at which it was whole in a comment before it. `replayResponse` of `@candor/core/testing` plays it again; so does
   * anything that reads event streams. A body that is no event stream stands there as it came, without times.
   */
  text(): string
}

/** Makes a recorder. What stands in `title` is the recording's first line. Keys and request headers are never written. */
export function createRecorder(title?: string): StreamRecorder {
  let head: string[] = []
  let records: string[] = []
  /** What follows the last whole record, and the time of its last piece. */
  let rest = ''
  let restMs = 0
  let isEventStream = true
  let decoder = new TextDecoder()

  return {
    onRequest(body) {
      head = [`request: {"method":"POST","path":"/v1/chat/completions","body":${body}}`]
    },
    onHead(status, headers) {
      // A further attempt begins anew.
      head = [head[0]!, `status: ${status}`]
      for (const [name, value] of Object.entries(headers)) head.push(`${name}: ${value}`)
      records = []
      rest = ''
      decoder = new TextDecoder()
    },
    onBytes(bytes, atMs) {
      const searched = Math.max(0, rest.length - 3)
      rest += decoder.decode(bytes, { stream: true })
      restMs = atMs
      if (records.length === 0) isEventStream = !/^\s*[{[<]/.test(rest.slice(0, 100))
      if (!isEventStream) return
      let start = 0
      const blankLine = /\r\n\r\n|\n\n|\r\r/g
      blankLine.lastIndex = searched
      for (let found = blankLine.exec(rest); found !== null; found = blankLine.exec(rest)) {
        records.push(timed(rest.slice(start, blankLine.lastIndex), atMs))
        start = blankLine.lastIndex
      }
      rest = rest.slice(start)
    },
    text() {
      const lines = [...(title === undefined ? [] : [title.replace(/\s+/g, ' ')]), ...head].map(
        (line) => `: ${line}\n`,
      )
      const end = rest === '' ? '' : isEventStream ? timed(rest, restMs) : rest
      return `${lines.join('')}\n${records.join('')}${end}`
    },
  }
}

function timed(record: string, atMs: number): string {
  return `: t=${(atMs / 1000).toFixed(3)}\n${record}`
}
