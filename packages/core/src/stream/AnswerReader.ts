import type { ChatCompletionChunk } from '../wire.ts'
import type { CompletionEvent } from './CompletionEvent.ts'
import type { Accumulator } from './createAccumulator.ts'
import { createEventParser, type EventDeviation, type EventSink, type StreamRecord } from './parseEvents.ts'
import type { JsonObject } from './plainValue.ts'
import { readChunk } from './readChunk.ts'
import type { StreamReading, UnusualRecords } from './UnusualRecords.ts'

/**
 * Reads the bytes of an answer to where it ends: bytes → records → chunks → the answer. What is more than a stream of text
 * waits, and everything behind it, until `beyondText.ts` is loaded: see `isWaiting`.
 */
export class AnswerReader implements EventSink {
  /** The server said `[DONE]`. */
  isDone = false
  /** The answer came whole, as one JSON object. */
  isWhole = false
  /** What the server said of its failure. */
  failure: JsonObject | undefined
  readonly #accumulator: Accumulator
  readonly #decoder = new TextDecoder()
  readonly #parser = createEventParser(this)
  #unusual: UnusualRecords | undefined
  /** What is to be done once `beyondText.ts` is loaded. */
  #held: (() => void)[] | undefined

  /** With `wantsEvents`, what happens is told by `takeEvents`. */
  constructor(accumulator: Accumulator, wantsEvents: boolean) {
    this.#accumulator = accumulator
    accumulator.events = wantsEvents ? [] : undefined
  }

  /** Whether the answer has ended, though bytes may follow. */
  get isOver(): boolean {
    return this.isDone || this.failure !== undefined
  }

  /** Whether something waits for the accumulator's `beyondText`, and then for `resume`. */
  get isWaiting(): boolean {
    return this.#held !== undefined
  }

  /** Lines that are neither an event stream nor JSON, a page perhaps; `undefined` once the beginning of an answer came. */
  get strayText(): string | undefined {
    return this.#unusual === undefined ? '' : this.#unusual.strayText
  }

  /** Reads a piece of the body that came `atMs` after the request. */
  push(bytes: Uint8Array, atMs: number): void {
    this.#accumulator.arrive(atMs)
    this.#parser.push(this.#decoder.decode(bytes, { stream: true }))
  }

  /** What was waited for is there. */
  resume(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const goOn of held) goOn()
  }

  /** The body has ended: what was begun is read as far as it came. */
  end(): void {
    if (this.isOver) return
    this.#parser.push(this.#decoder.decode())
    this.#parser.end()
    this.#endLines(false)
  }

  /** What happened since it was last asked; `undefined` when nothing did. */
  takeEvents(): CompletionEvent[] | undefined {
    const { events } = this.#accumulator
    if (events === undefined || events.length === 0) return undefined
    this.#accumulator.events = []
    return events
  }

  onRecord(record: StreamRecord): void {
    if (this.isOver) return
    if (this.#held !== undefined) return this.#hold(this.onRecord.bind(this, record))
    if (this.#unusual !== undefined) this.#endLines(true)
    const { data, event } = record
    const chunk = event === '' ? readChunk(data, this.#accumulator.report) : undefined
    if (chunk !== undefined) this.#take('piece', chunk)
    else if (data === '[DONE]') this.isDone = true
    else if (data.trim() !== '') {
      const unusual = this.#unusualRecords()
      if (unusual === undefined) this.#hold(this.onRecord.bind(this, record))
      else this.#takeAll(unusual.readRecord(record))
    }
  }

  onUnknownLine(text: string, afterEmptyData: boolean): void {
    if (this.isOver) return
    const unusual = this.#held === undefined ? this.#unusualRecords() : undefined
    if (unusual === undefined) this.#hold(this.onUnknownLine.bind(this, text, afterEmptyData))
    else this.#takeAll(unusual.readLine(text, afterEmptyData))
  }

  onComment(text: string): void {
    if (this.isOver) return
    if (this.#held !== undefined) return this.#hold(this.onComment.bind(this, text))
    this.#accumulator.events?.push({ type: 'heartbeat', text })
  }

  onDeviation(deviation: EventDeviation, raw: string): void {
    if (this.isOver) return
    if (this.#held !== undefined) return this.#hold(this.onDeviation.bind(this, deviation, raw))
    this.#accumulator.report(deviation, raw)
  }

  #endLines(terminated: boolean): void {
    if (this.#held !== undefined) return this.#hold(this.#endLines.bind(this, terminated))
    if (this.#unusual !== undefined) this.#takeAll(this.#unusual.endLines(terminated))
  }

  #takeAll(readings: readonly StreamReading[]): void {
    for (const { type, chunk } of readings) this.#take(type, chunk)
  }

  #take(type: StreamReading['type'], chunk: ChatCompletionChunk): void {
    if (this.isOver) return
    const accumulator = this.#accumulator
    if (this.#held !== undefined || !accumulator.isReadyFor(chunk))
      return this.#hold(this.#take.bind(this, type, chunk))
    this.isWhole ||= type === 'whole'
    if (type === 'done') this.isDone = true
    else this.failure = accumulator.push(chunk, type)
    if (type === 'cut') this.isWhole = accumulator.isFinished(0)
  }

  #unusualRecords(): UnusualRecords | undefined {
    const { beyondText, report } = this.#accumulator
    return (this.#unusual ??= beyondText && new beyondText.UnusualRecords(report))
  }

  // Callers bind rather than write a closure, which would cost a context for each record even when nothing waits.
  #hold(goOn: () => void): void {
    ;(this.#held ??= []).push(goOn)
  }
}
