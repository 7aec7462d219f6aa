import { CompletionError } from '../CompletionError.ts'
import type { CompletionEvent } from './CompletionEvent.ts'
import type { Accumulator } from './createAccumulator.ts'
import { describeFailure } from './describeFailure.ts'
import { createEventParser, type EventDeviation, type EventSink, type StreamRecord } from './parseEvents.ts'
import { readChunk, type StreamReading } from './readChunk.ts'

/** Reads the bytes of an answer to where it ends: bytes → records → chunks → the answer. */
export class AnswerReader implements EventSink {
  /** The server said `[DONE]`. */
  isDone = false
  /** The answer came whole, as one JSON object. */
  isWhole = false
  /** The server said that it failed. */
  failure: CompletionError | undefined
  /** Lines that are neither an event stream nor JSON: a page, perhaps, or a plain message. */
  strayText = ''
  private readonly accumulator: Accumulator
  private readonly decoder = new TextDecoder()
  private readonly parser = createEventParser(this)
  private events: CompletionEvent[] | undefined

  /** With `wantsEvents`, what happens is told by `takeEvents`. */
  constructor(accumulator: Accumulator, wantsEvents: boolean) {
    this.accumulator = accumulator
    this.events = wantsEvents ? [] : undefined
  }

  /** Whether the answer has ended, though bytes may follow. */
  get isOver(): boolean {
    return this.isDone || this.failure !== undefined
  }

  /** Reads a piece of the body that came `atMs` after the request. */
  push(bytes: Uint8Array, atMs: number): void {
    this.accumulator.arrive(atMs)
    this.parser.push(this.decoder.decode(bytes, { stream: true }))
  }

  /** The body has ended: what was begun is read as far as it came. */
  end(): void {
    if (this.isOver) return
    this.parser.push(this.decoder.decode())
    this.parser.end()
  }

  /** What happened since it was last asked; `undefined` when nothing did. */
  takeEvents(): CompletionEvent[] | undefined {
    const { events } = this
    if (events === undefined || events.length === 0) return undefined
    this.events = []
    return events
  }

  onRecord(record: StreamRecord): void {
    if (this.isOver) return
    const reading = readChunk(record, this.accumulator.report)
    if (Array.isArray(reading)) for (const part of reading) this.take(part, record)
    else this.take(reading, record)
  }

  onComment(text: string): void {
    if (!this.isOver) this.events?.push({ type: 'heartbeat', text })
  }

  onDeviation(deviation: EventDeviation, raw: string): void {
    if (this.isOver) return
    if (deviation === 'unknown-line' && this.strayText.length < 2000) this.strayText += `${raw}\n`
    this.accumulator.report(deviation, raw)
  }

  private take(reading: StreamReading, record: StreamRecord): void {
    if (reading.type === 'done') this.isDone = true
    if (reading.type === 'done' || reading.type === 'noise') return
    if (reading.type === 'whole') this.isWhole = true
    else if (!record.framed) this.accumulator.report('unframed-json')
    const error = this.accumulator.push(reading.chunk, reading.type, this.events)
    if (error === undefined || this.failure !== undefined) return
    const requestId = this.accumulator.snapshot().response?.requestId
    const context = { type: 'server' as const, ...(requestId !== undefined && { requestId }) }
    this.failure = new CompletionError(describeFailure(error, context))
  }
}
