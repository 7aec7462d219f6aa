import type { CompletionEnding, CompletionSnapshot, CompletionTimings } from '../CompletionSnapshot.ts'
import type { CompletionErrorData } from '../CompletionError.ts'
import type { ChoiceLogprobsDraft } from '../logprobs/choiceLogprobs.ts'
import type { ChatCompletion, ChatCompletionChunk, Choice, Usage } from '../wire.ts'
import { ChoiceDraft, isPlainChoice, type AnswerContext } from './ChoiceDraft.ts'
import type { CompletionEvent, ResponseHead } from './CompletionEvent.ts'
import { createPlainLogprobs } from './createPlainLogprobs.ts'
import { addExtraFields, createExtraFields, mergeExtraField, type ExtraFields } from './extraFields.ts'
import { isObject, plainValue, readNumber, type JsonObject } from './plainValue.ts'
import { StreamIssueList } from './StreamIssueList.ts'
import type { StreamIssueCode } from './issueSentences.ts'

/** Gathers chunks into an answer. A chunk costs its own size; a snapshot costs what changed since the last one. */
export interface Accumulator {
  /** How to gather logprobs. @default as the objects that they come as */
  createLogprobs: () => ChoiceLogprobsDraft
  /** What reads all that is not text, once it is loaded. */
  beyondText: typeof import('./beyondText.ts') | undefined
  /** Where to tell what happens; `undefined` when nobody listens. */
  events: CompletionEvent[] | undefined
  /** How many records were read so far. */
  readonly chunks: number
  /** Whether any choice said why it ended. */
  readonly hasFinish: boolean
  /** Whether as many choices as expected came, and every one that came said why it ended. */
  isFinished(expected: number): boolean
  /** Whether an issue waits for its words; see `loadWords`. */
  readonly lacksWords: boolean
  /** Loads the words for the issues so far: they are in snapshots and events from then on. */
  loadWords(): Promise<void>
  /** Bytes came, `atMs` after the request: the chunks that follow are of that time. */
  arrive(atMs: number): void
  /** Whether all that the chunk needs is loaded; it must not be pushed before. */
  isReadyFor(chunk: ChatCompletionChunk): boolean
  /**
   * Adds a chunk. Returns what in it says that the server failed: all of it, a part
   * beside the choices, or one of them.
   */
  push(chunk: ChatCompletionChunk, kind: 'piece' | 'whole' | 'cut' | 'error'): JsonObject | undefined
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
  createLogprobs: () => ChoiceLogprobsDraft = createPlainLogprobs
  beyondText: typeof import('./beyondText.ts') | undefined
  readonly thinkTags: boolean | 'open'
  events: CompletionEvent[] | undefined
  chunks = 0
  #id = ''
  #created = 0
  #model = ''
  #usage: Usage | undefined
  /** How many records held nothing but usage. */
  #usageRecords = 0
  readonly #envelope: ExtraFields = createExtraFields()
  /** By index. */
  readonly #choices: ChoiceDraft[] = []
  readonly #issues = new StreamIssueList()
  #response: ResponseHead | undefined
  #ending: CompletionEnding = 'open'
  #error: CompletionErrorData | undefined
  readonly #timings: CompletionTimings
  #arrivedMs = 0
  /** What was published last, part by part; `undefined` what has changed since. */
  #published: CompletionSnapshot | undefined
  #completion: ChatCompletion | undefined
  #publishedChoices: Choice[] = []
  #reasoning: string[] = []

  constructor(startedAt: number, thinkTags: boolean | 'open') {
    this.#timings = { startedAt }
    this.thinkTags = thinkTags
  }

  get hasFinish(): boolean {
    return this.#choices.some(({ isFinished }) => isFinished)
  }

  isFinished(expected: number): boolean {
    const choices = this.#choices
    return choices.length >= expected && choices.length > 0 && choices.every(({ isFinished }) => isFinished)
  }

  get lacksWords(): boolean {
    return this.#issues.lacksWords
  }

  async loadWords(): Promise<void> {
    await this.#issues.loadWords()
    this.#published = undefined
  }

  isReadyFor({ choices }: ChatCompletionChunk): boolean {
    return this.beyondText !== undefined || !Array.isArray(choices) || choices.every(isPlainChoice)
  }

  arrive(atMs: number): void {
    this.#arrivedMs = atMs
  }

  push(chunk: ChatCompletionChunk, kind: 'piece' | 'whole' | 'cut' | 'error'): JsonObject | undefined {
    this.events?.push({ type: 'chunk', chunk, number: this.chunks, atMs: this.#arrivedMs })
    this.chunks++
    this.#completion = this.#published = undefined
    let failure: JsonObject | undefined = kind === 'error' ? chunk : undefined
    let hasUsage = false
    let choiceCount = -1
    let isEmpty = true
    for (const field in chunk) {
      const value = chunk[field]
      isEmpty = false
      switch (field) {
        case 'id':
          if (typeof value !== 'string' || value === this.#id) break
          if (this.#id === '') this.#id = value
          else if (value !== '') this.report('id-changed')
          break
        case 'model':
          if (this.#model === '' && typeof value === 'string') this.#model = value
          break
        case 'created':
          if (this.#created === 0) this.#created = readNumber(value) ?? 0
          break
        case 'usage':
          hasUsage = this.#mergeUsage(value)
          break
        case 'choices':
          if (!Array.isArray(value)) break
          choiceCount = value.length
          for (let place = 0; place < value.length; place++) {
            const failed = this.#pushChoice(value[place], place, kind !== 'piece')
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
        default:
          // Most servers repeat all of these in every chunk.
          if (this.#envelope[field] !== value)
            mergeExtraField(this.#envelope, field, value, false, this.report)
          if (!isObject(value)) break
          // MiniMax: a code other than 0.
          if (field === 'base_resp' && value['status_code']) failure ??= chunk
          if (field === 'x_groq') {
            if (this.#usage === undefined) this.#mergeUsage(value['usage'])
            if (value['error']) failure ??= value
          }
      }
    }
    if (choiceCount === -1 && failure === undefined) this.report(isEmpty ? 'not-a-chunk' : 'choices-missing')
    if (hasUsage && choiceCount === 0 && this.#usageRecords++ > 0) this.report('usage-repeated')
    const timings = this.#timings
    const arrivedMs = this.#arrivedMs
    timings.lastTokenMs = arrivedMs
    if (timings.firstTokenMs === undefined && this.#choices.some(({ hasToken }) => hasToken)) {
      timings.firstTokenMs = arrivedMs
    }
    return failure
  }

  readonly report = (code: StreamIssueCode, raw?: string): void => {
    this.#published = undefined
    const isOfChunk = this.chunks > 0 && this.#ending === 'open'
    const issue = this.#issues.add(code, isOfChunk ? this.chunks - 1 : undefined, raw)
    if (issue !== undefined) this.events?.push({ type: 'issue', issue })
  }

  start(response: ResponseHead, atMs: number): void {
    this.#response = response
    this.#timings.headersMs = atMs
    this.#published = undefined
  }

  end(
    ending: Exclude<CompletionEnding, 'open'>,
    atMs: number,
    { error, issues = [] }: { error?: CompletionErrorData; issues?: StreamIssueCode[] } = {},
  ): void {
    if (this.#ending !== 'open') return
    this.#ending = ending
    this.#error = error
    this.#timings.endedMs = atMs
    for (const code of issues) this.report(code)
    for (const choice of this.#choices) choice.end(ending === 'finished' || ending === 'cut-off')
    this.#completion = this.#published = undefined
  }

  snapshot(): CompletionSnapshot {
    return (this.#published ??= this.#publish())
  }

  #mergeUsage(value: unknown): boolean {
    const usage = plainValue(value, this.report)
    const isThere = isUsage(usage)
    if (isThere) this.#usage = usage
    return isThere
  }

  /** Returns the choice if it says that the server failed. */
  #pushChoice(value: unknown, place: number, isWhole: boolean): JsonObject | undefined {
    if (!isObject(value)) return undefined
    const index = this.#readIndex(value['index'], place, isWhole)
    if (index > maxChoiceIndex) {
      this.report('choice-index-too-large')
      return undefined
    }
    if (isObject(value['usage']) && this.#mergeUsage(value['usage'])) this.report('usage-in-choice')
    return this.#choiceAt(index).push(value, isWhole) ? value : undefined
  }

  #readIndex(value: unknown, place: number, isWhole: boolean): number {
    const index = readNumber(value) ?? -1
    // In a whole answer an index that was there before is none.
    if (index < 0 || !Number.isInteger(index) || (isWhole && index < place)) {
      this.report('choice-index-missing')
      return place
    }
    if (index !== value) this.report('index-not-a-number')
    return index
  }

  #choiceAt(index: number): ChoiceDraft {
    const choices = this.#choices
    // Choices come in any order, but almost always there is one.
    let at = choices.length
    while (at > 0 && choices[at - 1]!.index > index) at--
    const known = choices[at - 1]
    if (known !== undefined && known.index === index) return known
    const choice = new ChoiceDraft(index, this)
    choices.splice(at, 0, choice)
    return choice
  }

  #publish(): CompletionSnapshot {
    const ending = this.#ending
    const error = this.#error
    const response = this.#response
    this.#completion ??= this.#publishCompletion()
    this.#reasoning = sameList(
      this.#choices.map(({ reasoning }) => reasoning),
      this.#reasoning,
    )
    const snapshot: Mutable<CompletionSnapshot> = {
      completion: this.#completion,
      reasoning: this.#reasoning,
      ending,
      issues: this.#issues.snapshot(),
      timings: { ...this.#timings },
    }
    if (error !== undefined) snapshot.error = error
    if (response !== undefined) snapshot.response = response
    return snapshot
  }

  #publishCompletion(): ChatCompletion {
    const id = this.#id
    const created = this.#created
    const model = this.#model
    const usage = this.#usage
    const choices = sameList(
      this.#choices.map((choice) => choice.publish()),
      this.#publishedChoices,
    )
    this.#publishedChoices = choices
    const completion: ChatCompletion = { id, object: 'chat.completion', created, model, choices }
    if (usage !== undefined) completion.usage = usage
    addExtraFields(completion, this.#envelope)
    return completion
  }
}

/** The list as it was where it has become no other: views compare lists by identity. */
function sameList<Item>(next: Item[], before: Item[]): Item[] {
  return next.length === before.length && next.every((item, at) => item === before[at]) ? before : next
}

/** Any object counts: what is missing in it stays missing. */
function isUsage(value: unknown): value is Usage {
  return isObject(value)
}
