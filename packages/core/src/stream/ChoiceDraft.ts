import type { ChoiceLogprobsDraft } from '../logprobs/choiceLogprobs.ts'
import type { Choice, ChoiceLogprobs, CompletionMessage } from '../wire.ts'
import type { CompletionEvent } from './CompletionEvent.ts'
import type { ThinkSplitter } from './createThinkSplitter.ts'
import { addExtraFields, createExtraFields, mergeExtraField, type ExtraFields } from './extraFields.ts'
import { isObject, type JsonObject } from './plainValue.ts'
import type { ReportIssue } from './readChunk.ts'
import type { ToolCallsDraft } from './ToolCallsDraft.ts'

/** What the choices of one answer have in common. */
export interface AnswerContext {
  /** What reads all that is not text; there before anything else is pushed. */
  readonly beyondText: typeof import('./beyondText.ts') | undefined
  /** Gathers logprobs. */
  readonly createLogprobs: () => ChoiceLogprobsDraft
  /** Whether thinking is to be taken out of the content, and whether the prompt has begun it. */
  readonly thinkTags: boolean | 'open'
  /** Notes a deviation. */
  readonly report: ReportIssue
  /** Where to tell what is added; `undefined` when nobody listens. */
  events: CompletionEvent[] | undefined
}

/** Fields of a delta that are put together out of pieces, besides content and refusal: `messageFields.ts` does. */
const inPieces = /^(?:tool_calls|function_call|audio|reasoning|thinking)/

/** Whether a field of a delta is to be read by `beyondText`. */
export function isBeyondText(field: string, value: unknown): boolean {
  if (value === null) return false
  return field === 'content' || field === 'refusal' ? typeof value !== 'string' : inPieces.test(field)
}

/** Whether a chunk says of a choice no more than what needs no `beyondText`. */
export function isPlainChoice(choice: unknown): boolean {
  if (!isObject(choice)) return true
  const { delta, message } = choice
  if (isObject(delta)) for (const field in delta) if (isBeyondText(field, delta[field])) return false
  return !isObject(message)
}

/** One choice while it comes in. What did not change since it was published is the same object. */
export class ChoiceDraft {
  readonly index: number
  readonly context: AnswerContext
  content: string | null = null
  refusal: string | null = null
  /** The thinking, of whatever spelling. */
  reasoning = ''
  toolCalls: ToolCallsDraft | undefined
  splitter: ThinkSplitter | undefined
  /** What else the message has. */
  fields: ExtraFields = createExtraFields()
  /** Whether a delta said anything so far: then whole messages repeat it. */
  hasDelta = false
  #finishReason: string | null = null
  #logprobs: ChoiceLogprobsDraft | undefined
  readonly #choiceFields: ExtraFields = createExtraFields()
  #choice: Choice | undefined
  #message: CompletionMessage | undefined

  constructor(index: number, context: AnswerContext) {
    this.index = index
    this.context = context
  }

  /** Whether it said why it ended. A spoken answer ends with `expires_at` instead. */
  get isFinished(): boolean {
    const { audio } = this.fields
    return this.#finishReason !== null || (isObject(audio) && audio['expires_at'] !== undefined)
  }

  /** Whether anything of the answer itself came. */
  get hasToken(): boolean {
    const { content, refusal, reasoning, toolCalls, fields } = this
    const logprobs = this.#logprobs
    return Boolean(content || refusal || reasoning || toolCalls || logprobs || fields['audio'])
  }

  /**
   * Adds what a chunk says of the choice. `isWhole`: the chunk is the entire answer. Returns whether it says that the
   * server failed.
   */
  push(value: JsonObject, isWhole: boolean): boolean {
    const { report, createLogprobs, beyondText } = this.context
    this.#choice = undefined
    let delta: JsonObject | undefined
    let message: JsonObject | undefined
    let finishReason: unknown
    let failed = false
    for (const field in value) {
      const part = value[field]
      switch (field) {
        case 'index':
        case 'usage':
          break
        case 'delta':
          if (isObject(part)) delta = part
          break
        case 'message':
          if (isObject(part)) message = part
          break
        case 'finish_reason':
          finishReason = part
          break
        case 'logprobs':
          if (!isLogprobs(part)) break
          if (Array.isArray(part['tokens'])) report('legacy-logprobs')
          this.#logprobs ??= createLogprobs()
          this.#logprobs.append(part)
          break
        default:
          if (field === 'error') {
            if (!part) break
            report('error-in-choice')
            failed = true
          }
          mergeExtraField(this.#choiceFields, field, part, true, report)
      }
    }
    if (delta !== undefined) {
      if (this.#finishReason !== null && hasSubstance(delta)) report('delta-after-finish')
      this.pushDelta(delta)
    } else if (message === undefined) report('delta-missing')
    if (message !== undefined) beyondText?.pushMessage(this, message, isWhole)
    this.#pushFinishReason(finishReason)
    return failed || finishReason === 'error'
  }

  pushDelta(delta: JsonObject): void {
    let isPlain = true
    for (const field in delta) {
      this.hasDelta = true
      const value = delta[field]
      if (isBeyondText(field, value)) isPlain = false
      else if (field === 'content') this.appendContent(value)
      else if (field === 'refusal') this.appendRefusal(value)
      else if (field !== 'role' && field !== 'tool_calls' && field !== 'function_call')
        this.pushField(field, value)
    }
    if (!isPlain) this.context.beyondText?.pushFields(this, delta)
  }

  /** No more will come. `isWhole`: nothing was cut off by the caller or a failure. */
  end(isWhole: boolean): void {
    this.splitter?.end()
    if (this.splitter !== undefined) this.#choice = undefined
    this.toolCalls?.end()
    if (isWhole && this.#finishReason === null) this.context.report('finish-reason-missing')
  }

  /** The choice so far, in the wire's shape. */
  publish(): Choice {
    if (this.#choice === undefined) {
      this.#message ??= this.#publishMessage()
      this.#choice = {
        index: this.index,
        message: this.#message,
        logprobs: this.#logprobs?.snapshot() ?? null,
        finish_reason: this.#finishReason,
      }
      addExtraFields(this.#choice, this.#choiceFields)
    }
    return this.#choice
  }

  #publishMessage(): CompletionMessage {
    const { content, refusal, toolCalls, fields } = this
    const message: CompletionMessage = { role: 'assistant', content, refusal }
    addExtraFields(message, fields)
    if (toolCalls !== undefined && toolCalls.drafts.length > 0) message.tool_calls = toolCalls.snapshot()
    return message
  }

  #pushFinishReason(value: unknown): void {
    const { report, events } = this.context
    if (value === null || value === undefined) return
    if (typeof value !== 'string') return report('not-text')
    if (value === '') return report('finish-reason-empty')
    if (this.#finishReason !== null) report('finish-reason-repeated')
    if (this.#finishReason === value) return
    this.#finishReason = value
    events?.push({ type: 'choice-end', choice: this.index, finishReason: value })
  }

  // -------------------------------------------------------------------------------------------------------------------
  // What is added to the message
  // -------------------------------------------------------------------------------------------------------------------

  /** Something of the message is about to change. */
  touch(): void {
    this.#choice = this.#message = undefined
  }

  pushField(field: string, value: unknown): void {
    this.touch()
    mergeExtraField(this.fields, field, value, true, this.context.report)
  }

  /** Content, in which thinking may stand. */
  appendContent(text: unknown): void {
    if (typeof text !== 'string') return
    const { thinkTags, beyondText } = this.context
    if (thinkTags === false || beyondText === undefined) return this.appendText(text)
    this.splitter ??= beyondText.createThinkSplitter(
      thinkTags === 'open',
      (thinking) => this.appendReasoning(thinking),
      (rest) => this.appendText(rest),
    )
    this.splitter.push(text)
  }

  appendText(text: string): void {
    if (text === '' && this.content !== null) return
    this.touch()
    this.content = this.content === null ? text : this.content + text
    if (text !== '') this.context.events?.push({ type: 'text-delta', choice: this.index, text })
  }

  appendRefusal(text: unknown): void {
    if (typeof text !== 'string' || text === '') return
    this.touch()
    this.refusal = (this.refusal ?? '') + text
    this.context.events?.push({ type: 'refusal-delta', choice: this.index, text })
  }

  appendReasoning(text: string): void {
    if (text === '') return
    this.reasoning += text
    this.context.events?.push({ type: 'reasoning-delta', choice: this.index, text })
  }
}

function hasSubstance(delta: JsonObject): boolean {
  const calls = delta['tool_calls']
  return Boolean(delta['content'] || delta['refusal']) || (Array.isArray(calls) && calls.length > 0)
}

/** Any object counts: the series takes whatever its lists hold. */
function isLogprobs(value: unknown): value is ChoiceLogprobs {
  return isObject(value)
}
