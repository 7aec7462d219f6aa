import { CompletionError } from '../CompletionError.ts'
import type { CompletionSnapshot } from '../CompletionSnapshot.ts'
import type { StreamIssue } from '../StreamIssue.ts'
import type { StreamIssueCode } from '../stream/issueSentences.ts'
import { streamCompletion } from '../stream/streamCompletion.ts'
import { readRecording, type Recording } from '../testing/replayResponse.ts'
import type { ChatCompletionParams } from '../wire.ts'
import { ChunkCheck } from './ChunkCheck.ts'

/**
 * How bad a deviation is:
 * - `lost`: something that the server sent is missing from the answer;
 * - `ambiguous`: clients will read it differently;
 * - `repaired`: any tolerant client reads it the same.
 */
export type LintSeverity = 'lost' | 'ambiguous' | 'repaired'

/** One deviation from the protocol. */
export interface LintFinding extends StreamIssue {
  readonly severity: LintSeverity
  /** The field of the chunk that it is about, such as `delta.role`; its value is in `raw`, as JSON. */
  readonly place?: string
}

/** What an answer deviates in, and what it came to. */
export interface LintReport {
  /** Every deviation, the worst first, else in the order in which they were seen. */
  readonly findings: readonly LintFinding[]
  /** How many records the answer has. */
  readonly chunks: number
  /** The answer. */
  readonly snapshot: CompletionSnapshot
}

/** What was asked for, where that decides what is right. */
export interface LintOptions {
  /** `stream`, `n` and whatever else was sent. @default { stream: true } */
  request?: Partial<ChatCompletionParams>
}

const lost: readonly string[] = [
  'malformed-chunk',
  'cut-chunk',
  'cut-answer',
  'record-too-long',
  'unknown-line',
  'not-a-chunk',
  'unsafe-value',
  'choice-index-too-large',
  'too-many-tool-calls',
] satisfies StreamIssueCode[]

const ambiguous: readonly string[] = [
  'left-open',
  'not-streamed',
  'streamed-unasked',
  'unterminated-record',
  'records-without-blank-line',
  'error-field',
  'unframed-json',
  'data-on-next-line',
  'glued-records',
  'chunks-in-array',
  'choice-index-missing',
  'message-in-chunk',
  'message-beside-delta',
  'finish-reason-repeated',
  'finish-reason-missing',
  'delta-after-finish',
  'content-in-parts',
  'not-text',
  'usage-in-choice',
  'usage-repeated',
  'error-in-choice',
  'legacy-logprobs',
  'reasoning-twice',
  'tool-call-without-index',
  'tool-call-index-reused',
  'tool-call-id-changed',
  'tool-call-id-missing',
  'tool-call-name-in-pieces',
  'tool-call-name-changed',
  'tool-call-repeated',
  'tool-arguments-not-text',
  'tool-arguments-several',
] satisfies StreamIssueCode[]

const order: readonly LintSeverity[] = ['lost', 'ambiguous', 'repaired']

/**
 * Tells in what a recorded answer deviates from the protocol. Takes the bytes of a body, a recording with its head in
 * comments, or a live `Response`. Never throws for what the answer says: a failure is in `snapshot.error`.
 */
export async function lintStream(
  answer: Uint8Array<ArrayBuffer> | string | Response,
  { request = {} }: LintOptions = {},
): Promise<LintReport> {
  const response = answer instanceof Response ? answer : respond(readAnswer(answer))
  const utf8 = createUtf8Check()
  const body = response.body?.pipeThrough(utf8.watch) ?? null
  const stream = streamCompletion(
    { model: '', messages: [], ...request },
    { baseURL: '/', retries: 0, fetch: () => Promise.resolve(new Response(body, response)) },
  )
  const check = new ChunkCheck()
  let chunks = 0
  try {
    for await (const event of stream) {
      if (event.type !== 'chunk') continue
      chunks++
      check.push(event.chunk)
    }
  } catch (error) {
    if (!(error instanceof CompletionError)) throw error
  }
  const snapshot = stream.snapshot()
  const findings = [
    ...snapshot.issues.map((issue): LintFinding => ({ ...issue, severity: severityOf(issue.code) })),
    ...check.findings(),
    ...(utf8.isValid() ? [] : [invalidUtf8]),
    ...(snapshot.ending === 'finished' ? missingParts(snapshot, request) : []),
  ]
  return {
    findings: findings.toSorted(
      (left, right) => order.indexOf(left.severity) - order.indexOf(right.severity),
    ),
    chunks,
    snapshot,
  }
}

const invalidUtf8: LintFinding = {
  severity: 'lost',
  code: 'invalid-utf8',
  message: 'The body is not valid UTF-8; U+FFFD stands where bytes could not be read.',
  count: 1,
}

/** What was asked for and did not come. */
function missingParts(
  { completion }: CompletionSnapshot,
  { n, logprobs, stream, stream_options }: Partial<ChatCompletionParams>,
): LintFinding[] {
  const { choices, usage } = completion
  const missing: [code: string, message: string][] = []
  if (choices.length < (n ?? 1)) {
    missing.push(['choices-fewer', `${n ?? 1} choices were asked for, ${choices.length} came.`])
  }
  if (logprobs && !choices.some((choice) => choice.logprobs?.content)) {
    missing.push(['logprobs-missing', 'Logprobs were asked for and none came.'])
  }
  if (usage === undefined && (stream === false || stream_options?.include_usage)) {
    missing.push(['usage-missing', 'Usage was asked for and none came.'])
  }
  return missing.map(([code, message]) => ({ severity: 'ambiguous', code, message, count: 1 }))
}

/** Looks at bytes on their way: whether all of them together are UTF-8. */
function createUtf8Check(): { watch: TransformStream<Uint8Array, Uint8Array>; isValid: () => boolean } {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let valid = true
  const check = (bytes?: Uint8Array): void => {
    try {
      if (valid) decoder.decode(bytes, { stream: bytes !== undefined })
    } catch {
      valid = false
    }
  }
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      check(bytes)
      controller.enqueue(bytes)
    },
    flush: () => check(),
  })
  return { watch, isValid: () => valid }
}

function severityOf(code: string): LintSeverity {
  if (lost.includes(code)) return 'lost'
  return ambiguous.includes(code) ? 'ambiguous' : 'repaired'
}

function readAnswer(
  answer: Uint8Array<ArrayBuffer> | string,
): Pick<Recording, 'status' | 'headers' | 'pieces'> {
  if (typeof answer === 'string') return readRecording(answer)
  const text = decodeWhole(answer)
  const recording = readRecording(text)
  const [body] = recording.pieces
  // Without a head and times the bytes are read as they are, valid or not.
  const isBare = recording.pieces.length === 1 && decodeWhole(body!.bytes) === text
  return isBare ? { ...recording, pieces: [{ atMs: 0, bytes: answer }] } : recording
}

function decodeWhole(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

function respond({ status, headers, pieces }: Pick<Recording, 'status' | 'headers' | 'pieces'>): Response {
  let at = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces[at++]
      if (piece === undefined) controller.close()
      else controller.enqueue(piece.bytes)
    },
  })
  return new Response(body, { status, headers })
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** A report as lines of text, for a terminal or a log. */
export function formatLintReport({ findings, chunks, snapshot }: LintReport, name: string): string {
  const { ending, error, completion } = snapshot
  const counts = [count(chunks, 'chunk'), count(completion.choices.length, 'choice')]
  const lines = [`${name}: ${counts.join(', ')}, ${ending}`]
  if (error !== undefined) lines.push(`  error      ${error.message}`)
  for (const { severity, code, message, chunk, count: times, place, raw } of findings) {
    const where =
      chunk === undefined ? '' : ` (first in chunk ${chunk}${times > 1 ? `, ${times} times` : ''})`
    lines.push(`  ${severity.padEnd(10)} ${code}: ${message}${where}`)
    const text = raw?.slice(0, 120)
    if (place !== undefined) lines.push(`             ${place}${text === undefined ? '' : `: ${text}`}`)
    else if (text !== undefined) lines.push(`             ${JSON.stringify(text)}`)
  }
  if (findings.length === 0 && error === undefined) lines.push('  as the protocol says')
  return lines.join('\n')
}
