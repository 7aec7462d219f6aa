import type { CompletionEnding, CompletionSnapshot, CompletionTimings } from '../CompletionSnapshot.ts'
import type { CompletionErrorData } from '../CompletionError.ts'
import type { ChoiceLogprobsDraft } from '../logprobs/choiceLogprobs.ts'
import type { ChatCompletion, ChatCompletionChunk, Choice, Usage } from '../wire.ts'
import { ChoiceDraft, type AnswerContext } from './ChoiceDraft.ts'
import type { CompletionEvent, ResponseHead } from './CompletionEvent.ts'
import { createPlainLogprobs } from './createPlainLogprobs.ts'
import { addExtraFields, createExtraFields, mergeExtraField, type ExtraFields } from './extraFields.ts'
import { isObject, plainObject, readNumber, type JsonObject } from './plainValue.ts'
import { createIssueList, type IssueList, type StreamIssueCode } from './streamIssues.ts'

/** Gathers chunks into an answer. A chunk costs its own size; a snapshot costs what changed since the last one. */
export interface Accumulator {
  /** How to gather logprobs. @default as the objects that they come as */
  createLogprobs: () => ChoiceLogprobsDraft
  /** How many records were read so far. */
  readonly chunks: number
  /** How many choices came, and how many of them said why they ended. */
  progress(): { choices: number; finished: number }
  /** Bytes came, `atMs` after the request: the chunks that follow are of that time. */
  arrive(atMs: number): void
  /**
   * Adds a chunk; tells the events that follow from it. Returns what in it says that the server failed: all of it, a part
   * beside the choices, or one of them.
   */
  push(
    chunk: ChatCompletionChunk,
    kind: 'piece' | 'whole' | 'error',
    events?: CompletionEvent[],
  ): JsonObject | undefined
  /** Notes a deviation. */
  readonly report: (code: StreamIssueCode, raw?: string) => void
  /** The head of the answer came. */
  start(response: ResponseHead, atMs: number): void
  /** No more will come, and what is to be said of the stream as a whole. Only the first call counts. */
  end(
    ending: Exclude<CompletionEnding, 'open'>,
    atMs: number,
    told?: { error?: CompletionErrorData; issues?: StreamIssueCode[] },
  ): void
  /** The answer so far. The same object until something changes. */
  snapshot(): CompletionSnapshot
}

/** The highest index of a choice that is kept: the protocol allows 128 choices. */
const maxChoiceIndex = 127

/** Starts an empty answer. */
export function createAccumulator(startedAt: number, thinkTags: boolean | 'open' = false): Accumulator {
  return new AnswerDraft(startedAt, thinkTags)
}

type Mutable<Type> = { -readonly [Field in keyof Type]: Type[Field] }

/** An answer while it comes in. */
class AnswerDraft implements Accumulator, AnswerContext {
  readonly thinkTags: boolean | 'open'
  createLogprobs: () => ChoiceLogprobsDraft = createPlainLogprobs
  events: CompletionEvent[] | undefined
  chunks = 0
  private id = ''
  private created = 0
  private model = ''
  private usage: Usage | undefined
  /** How many records held nothing but usage. */
  private usageRecords = 0
  private readonly envelope: ExtraFields = createExtraFields()
  /** By index. */
  private readonly choices: ChoiceDraft[] = []
  private readonly issues: IssueList = createIssueList()
  private response: ResponseHead | undefined
  private ending: CompletionEnding = 'open'
  private error: CompletionErrorData | undefined
  private readonly startedAt: number
  private arrivedMs = 0
  private headersMs: number | undefined
  private firstTokenMs: number | undefined
  private lastTokenMs: number | undefined
  private endedMs: number | undefined
  /** What was published last, part by part; `undefined` what has changed since. */
  private published: CompletionSnapshot | undefined
  private completion: ChatCompletion | undefined
  private publishedChoices: Choice[] = []
  private reasoning: readonly string[] = []

  constructor(startedAt: number, thinkTags: boolean | 'open') {
    this.startedAt = startedAt
    this.thinkTags = thinkTags
  }

  progress(): { choices: number; finished: number } {
    let finished = 0
    for (const choice of this.choices) if (choice.isFinished) finished++
    return { choices: this.choices.length, finished }
  }

  arrive(atMs: number): void {
    this.arrivedMs = atMs
  }

  push(
    chunk: ChatCompletionChunk,
    kind: 'piece' | 'whole' | 'error',
    events?: CompletionEvent[],
  ): JsonObject | undefined {
    this.events = events
    events?.push({ type: 'chunk', chunk, number: this.chunks, atMs: this.arrivedMs })
    this.chunks++
    this.completion = this.published = undefined
    let failure: JsonObject | undefined = kind === 'error' ? chunk : undefined
    let hasUsage = false
    let choiceCount = -1
    let isEmpty = true
    for (const field in chunk) {
      const value = chunk[field]
      isEmpty = false
      switch (field) {
        case 'id':
          if (typeof value !== 'string' || value === this.id) break
          if (this.id === '') this.id = value
          else if (value !== '') this.report('id-changed')
          break
        case 'model':
          if (this.model === '' && typeof value === 'string') this.model = value
          break
        case 'created':
          if (this.created === 0) this.created = readNumber(value) ?? 0
          break
        case 'usage':
          hasUsage = this.mergeUsage(value)
          break
        case 'choices':
          if (!Array.isArray(value)) break
          choiceCount = value.length
          for (let place = 0; place < value.length; place++) {
            const failed = this.pushChoice(value[place], place, kind === 'whole')
            failure ??= failed
          }
          break
        case 'object':
          // Old vLLM and SGLang report a failure flat.
          if (value === 'error') failure = chunk
          break
        case 'obfuscation':
          break
        case 'error':
          if (value) failure = chunk
          break
        case 'base_resp':
          this.pushField(field, value)
          // MiniMax: a code other than 0.
          if (isObject(value) && value['status_code']) failure ??= chunk
          break
        case 'x_groq':
          this.pushField(field, value)
          if (!isObject(value)) break
          if (this.usage === undefined) this.mergeUsage(value['usage'])
          if (value['error']) failure ??= value
          break
        default:
          // Most servers repeat all of these in every chunk.
          if (this.envelope[field] !== value) this.pushField(field, value)
      }
    }
    if (choiceCount === -1 && failure === undefined) this.report(isEmpty ? 'not-a-chunk' : 'choices-missing')
    if (hasUsage && choiceCount === 0 && this.usageRecords++ > 0) this.report('usage-repeated')
    this.lastTokenMs = this.arrivedMs
    if (this.firstTokenMs === undefined && this.choices.some((choice) => choice.hasToken)) {
      this.firstTokenMs = this.arrivedMs
    }
    this.events = undefined
    return failure
  }

  readonly report = (code: StreamIssueCode, raw?: string): void => {
    this.published = undefined
    const isOfChunk = this.chunks > 0 && this.ending === 'open'
    const issue = this.issues.add(code, isOfChunk ? this.chunks - 1 : undefined, raw)
    if (issue !== undefined) this.events?.push({ type: 'issue', issue })
  }

  start(response: ResponseHead, atMs: number): void {
    this.response = response
    this.headersMs = atMs
    this.published = undefined
  }

  end(
    ending: Exclude<CompletionEnding, 'open'>,
    atMs: number,
    { error, issues = [] }: { error?: CompletionErrorData; issues?: StreamIssueCode[] } = {},
  ): void {
    if (this.ending !== 'open') return
    this.ending = ending
    this.error = error
    this.endedMs = atMs
    for (const code of issues) this.report(code)
    for (const choice of this.choices) choice.end(ending === 'finished' || ending === 'cut-off')
    this.completion = this.published = undefined
  }

  snapshot(): CompletionSnapshot {
    return (this.published ??= this.publish())
  }

  private pushField(field: string, value: unknown): void {
    mergeExtraField(this.envelope, field, value, false, () => this.report('unsafe-value'))
  }

  private mergeUsage(value: unknown): boolean {
    const usage = isObject(value) ? plainObject(value, () => this.report('unsafe-value')) : undefined
    if (usage === undefined || !isUsage(usage)) return false
    this.usage = usage
    return true
  }

  /** Returns the choice if it says that the server failed. */
  private pushChoice(value: unknown, place: number, isWhole: boolean): JsonObject | undefined {
    if (!isObject(value)) return undefined
    const index = this.readIndex(value['index'], place)
    if (index > maxChoiceIndex) {
      this.report('choice-index-too-large')
      return undefined
    }
    if (isObject(value['usage']) && this.mergeUsage(value['usage'])) this.report('usage-in-choice')
    return this.choiceAt(index).push(value, isWhole) ? value : undefined
  }

  private readIndex(value: unknown, place: number): number {
    const index = readNumber(value)
    const isUsable = index !== undefined && Number.isInteger(index) && index >= 0
    if (!isUsable) this.report('choice-index-missing')
    else if (typeof value !== 'number') this.report('index-not-a-number')
    return isUsable ? index : place
  }

  private choiceAt(index: number): ChoiceDraft {
    const { choices } = this
    // Choices come in any order, but almost always there is one.
    let at = choices.length
    while (at > 0 && choices[at - 1]!.index > index) at--
    const known = choices[at - 1]
    if (known !== undefined && known.index === index) return known
    const choice = new ChoiceDraft(index, this)
    choices.splice(at, 0, choice)
    return choice
  }

  private publish(): CompletionSnapshot {
    const { ending, error, response } = this
    this.completion ??= this.publishCompletion()
    const snapshot: Mutable<CompletionSnapshot> = {
      completion: this.completion,
      reasoning: this.publishReasoning(),
      ending,
      issues: this.issues.snapshot(),
      timings: this.publishTimings(),
    }
    if (error !== undefined) snapshot.error = error
    if (response !== undefined) snapshot.response = response
    return snapshot
  }

  private publishCompletion(): ChatCompletion {
    const { id, created, model, usage } = this
    const choices = this.publishChoices()
    const completion: ChatCompletion = { id, object: 'chat.completion', created, model, choices }
    if (usage !== undefined) completion.usage = usage
    addExtraFields(completion, this.envelope)
    return completion
  }

  private publishChoices(): Choice[] {
    const next = this.choices.map((choice) => choice.publish())
    if (!isSameList(next, this.publishedChoices)) this.publishedChoices = next
    return this.publishedChoices
  }

  private publishReasoning(): readonly string[] {
    const next = this.choices.map((choice) => choice.reasoning)
    if (!isSameList(next, this.reasoning)) this.reasoning = next
    return this.reasoning
  }

  private publishTimings(): CompletionTimings {
    const { startedAt, headersMs, firstTokenMs, lastTokenMs, endedMs } = this
    const timings: CompletionTimings = { startedAt }
    if (headersMs !== undefined) timings.headersMs = headersMs
    if (firstTokenMs !== undefined) timings.firstTokenMs = firstTokenMs
    if (lastTokenMs !== undefined) timings.lastTokenMs = lastTokenMs
    if (endedMs !== undefined) timings.endedMs = endedMs
    return timings
  }
}

function isSameList(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, at) => item === right[at])
}

/** Any object counts: what is missing in it stays missing. */
function isUsage(value: JsonObject): value is Usage {
  return isObject(value)
}
