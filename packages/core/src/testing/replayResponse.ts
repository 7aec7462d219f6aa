/** A recorded answer: its head, and its body in the pieces in which it came. */
export interface Recording {
  status: number
  headers: { [name: string]: string }
  /** The pieces of the body; `atMs` is since the request was sent. */
  pieces: readonly { readonly atMs: number; readonly bytes: Uint8Array<ArrayBuffer> }[]
}

/**
 * Reads a recording:
 * - an event stream that begins with its head in comments (`: status: 200`, `: name: value`) up to a blank line, and may
 *   have the time at which each record came, in seconds since the request, in a comment before it (`: t=0.123`). Those
 *   comments are no part of the body, which may also be no event stream at all;
 * - a JSON object with `status`, `headers`, `seconds` and `body` (JSON, or text).
 *
 * Without a head the status is 200.
 */
export function readRecording(text: string): Recording {
  const json = readJsonRecording(text)
  if (json !== undefined) return json
  const recording: Recording & { headers: { [name: string]: string } } = {
    status: 200,
    headers: {},
    pieces: [],
  }
  const head = /^(?::[^\n]*\n)+\n/.exec(text)?.[0] ?? ''
  const isHead = /^: (?:status: |HTTP\/|source: )/m.test(head)
  if (isHead) for (const line of head.split('\n')) readHeadLine(line, recording)
  const body = isHead ? text.slice(head.length) : text
  recording.headers['content-type'] ??= /^\s*[{[]/.test(body) ? 'application/json' : 'text/event-stream'
  return { ...recording, pieces: readPieces(body) }
}

function readJsonRecording(text: string): Recording | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  const { status, headers, seconds, body } = parseObject(text)
  if (typeof status !== 'number' || body === undefined) return undefined
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)])),
    pieces: [{ atMs: typeof seconds === 'number' ? seconds * 1000 : 0, bytes }],
  }
}

function parseObject(text: string): { [field: string]: unknown } {
  try {
    return JSON.parse(text)
  } catch {
    return {} // A body that only begins like JSON.
  }
}

/** Of the head of a recording, what is not a header, or says only what the connection was like. */
const leftOut = new Set([
  'source',
  'request',
  'status',
  'transfer-encoding',
  'connection',
  'content-length',
  'content-encoding',
])

function readHeadLine(line: string, recording: Recording & { headers: { [name: string]: string } }): void {
  const status = /^: (?:status: |HTTP\/[\d.]+ )(\d{3})/.exec(line)?.[1]
  if (status !== undefined) recording.status = Number(status)
  const [, name, value] = /^: ([A-Za-z0-9-]+): (.*)$/.exec(line) ?? []
  if (name === undefined || value === undefined || leftOut.has(name.toLowerCase())) return
  recording.headers[name.toLowerCase()] = value
}

function readPieces(body: string): { atMs: number; bytes: Uint8Array<ArrayBuffer> }[] {
  const encoder = new TextEncoder()
  const parts = body.split(/^: t=([\d.]+)\n/m)
  const pieces: { atMs: number; bytes: Uint8Array<ArrayBuffer> }[] = []
  let atMs = 0
  parts.forEach((part, at) => {
    if (at % 2 === 1) atMs = Number(part) * 1000
    else if (part !== '') pieces.push({ atMs, bytes: encoder.encode(part) })
  })
  return pieces
}

/** How fast a recording is replayed. */
export interface ReplayOptions {
  /**
   * 0: at once; 1: as it was recorded; 4: four times as fast; `step`: a piece for each call of `next`.
   *
   * @default 0
   */
  speed?: number | 'step'
  /** With `speed: 'step'`: resolves when the next piece may go. */
  next?: () => Promise<unknown>
  /** Cuts the body anew into pieces of this many bytes (only without times). */
  pieceBytes?: number
  /** Ends the body with this error instead of closing it: a broken connection. */
  breakWith?: Error
  /** Leaves the connection open after the last piece. */
  stayOpen?: boolean
  /** As of `fetch`. */
  signal?: AbortSignal
}

/** A `Response` that replays a recording, given as its text or read before. */
export function replayResponse(recording: Recording | string, options: ReplayOptions = {}): Response {
  const { status, headers, pieces } = typeof recording === 'string' ? readRecording(recording) : recording
  const hasNoBody = status === 204 || status === 304
  return new Response(hasNoBody ? null : replayBody(pieces, options), { status, headers })
}

function replayBody(pieces: Recording['pieces'], options: ReplayOptions): ReadableStream<Uint8Array> {
  const { speed = 0, next, pieceBytes, breakWith, stayOpen, signal } = options
  const queue = pieceBytes === undefined ? pieces : cutPieces(pieces, pieceBytes)
  let at = 0
  let beganAt: number | undefined
  return new ReadableStream<Uint8Array>({
    start(controller) {
      signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true })
    },
    async pull(controller) {
      const piece = queue[at++]
      if (piece === undefined) {
        if (breakWith !== undefined) controller.error(breakWith)
        else if (stayOpen) await new Promise(() => {})
        else controller.close()
        return
      }
      beganAt ??= performance.now()
      if (speed === 'step') await next?.()
      else if (speed > 0) await waitMs(piece.atMs / speed - (performance.now() - beganAt))
      if (!signal?.aborted) controller.enqueue(piece.bytes)
    },
  })
}

function cutPieces(
  pieces: Recording['pieces'],
  size: number,
): { atMs: number; bytes: Uint8Array<ArrayBuffer> }[] {
  const whole = joinBytes(pieces.map((piece) => piece.bytes))
  const cut: { atMs: number; bytes: Uint8Array<ArrayBuffer> }[] = []
  for (let at = 0; at < whole.length; at += size) cut.push({ atMs: 0, bytes: whole.slice(at, at + size) })
  return cut
}

/** Pieces as one. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function waitMs(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
}
