import type { ChoiceLogprobsDraft } from '../logprobs/choiceLogprobs.ts'
import type { Choice, ChoiceLogprobs, CompletionMessage } from '../wire.ts'
import type { CompletionEvent } from './CompletionEvent.ts'
import { createThinkSplitter, type ThinkSplitter } from './createThinkSplitter.ts'
import { addExtraFields, createExtraFields, mergeExtraField, type ExtraFields } from './extraFields.ts'
import { GrowingList } from './GrowingList.ts'
import { mergeReasoningDetails, reasoningFields, reasoningLists, reasoningText } from './mergeReasoning.ts'
import {
  checkToolCalls,
  createToolCallsDraft,
  mergeToolCalls,
  publishToolCalls,
  type ToolCallsDraft,
} from './mergeToolCalls.ts'
import { isObject, plainList, plainObject, type JsonObject } from './plainValue.ts'
import type { StreamIssueCode } from './streamIssues.ts'

/** What the choices of one answer have in common. */
export interface AnswerContext {
  /** Whether thinking is to be taken out of the content, and whether the prompt has begun it. */
  readonly thinkTags: boolean | 'open'
  /** How to gather logprobs. */
  readonly createLogprobs: () => ChoiceLogprobsDraft
  /** Notes a deviation. */
  readonly report: (code: StreamIssueCode, raw?: string) => void
  /** Where to tell what is added; `undefined` when nobody listens. */
  events: CompletionEvent[] | undefined
}

/** One choice while it comes in. What did not change since it was published is the same object. */
export class ChoiceDraft {
  readonly index: number
  /** The thinking, of whatever spelling. */
  reasoning = ''
  private readonly context: AnswerContext
  private content: string | null = null
  private refusal: string | null = null
  private finishReason: string | null = null
  private toolCalls: ToolCallsDraft | undefined
  private logprobs: ChoiceLogprobsDraft | undefined
  private splitter: ThinkSplitter | undefined
  /** Whether a delta said anything so far: then whole messages repeat it. */
  private hasDelta = false
  private readonly messageFields: ExtraFields = createExtraFields()
  private readonly choiceFields: ExtraFields = createExtraFields()
  private message: CompletionMessage | undefined
  private choice: Choice | undefined

  constructor(index: number, context: AnswerContext) {
    this.index = index
    this.context = context
  }

  /** Whether it said why it ended. A spoken answer ends with `expires_at` instead. */
  get isFinished(): boolean {
    const audio = this.messageFields['audio']
    return this.finishReason !== null || (isObject(audio) && audio['expires_at'] !== undefined)
  }

  /** Whether anything of the answer itself came. */
  get hasToken(): boolean {
    return (
      Boolean(this.content) ||
      this.refusal !== null ||
      this.reasoning !== '' ||
      this.toolCalls !== undefined ||
      this.logprobs !== undefined ||
      this.messageFields['audio'] !== undefined
    )
  }

  /**
   * Adds what a chunk says of the choice. `isWhole`: the chunk is the entire answer. Returns whether it says that the
   * server failed.
   */
  push(value: JsonObject, isWhole: boolean): boolean {
    this.choice = undefined
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
          if (isLogprobs(part)) this.pushLogprobs(part)
          break
        case 'error':
          if (!part) break
          this.context.report('error-in-choice')
          failed = true
          this.pushChoiceField(field, part)
          break
        default:
          this.pushChoiceField(field, part)
      }
    }
    if (delta !== undefined) {
      if (this.finishReason !== null && hasSubstance(delta)) this.context.report('delta-after-finish')
      this.pushDelta(delta)
    } else if (message === undefined) this.context.report('delta-missing')
    if (message !== undefined) this.pushMessage(message, isWhole)
    this.pushFinishReason(finishReason)
    return failed || finishReason === 'error'
  }

  /** No more will come. `isWhole`: nothing was cut off by the caller or a failure. */
  end(isWhole: boolean): void {
    const { report } = this.context
    this.splitter?.end()
    if (this.splitter !== undefined) this.choice = undefined
    if (this.toolCalls !== undefined) checkToolCalls(this.toolCalls, report)
    if (isWhole && this.finishReason === null) report('finish-reason-missing')
  }

  /** The choice so far, in the wire's shape. */
  publish(): Choice {
    if (this.choice === undefined) {
      this.message ??= this.publishMessage()
      this.choice = {
        index: this.index,
        message: this.message,
        logprobs: this.logprobs === undefined ? null : this.logprobs.snapshot(),
        finish_reason: this.finishReason,
      }
      addExtraFields(this.choice, this.choiceFields)
    }
    return this.choice
  }

  private publishMessage(): CompletionMessage {
    const { content, refusal, toolCalls } = this
    const message: CompletionMessage = { role: 'assistant', content, refusal }
    addExtraFields(message, this.messageFields)
    if (toolCalls !== undefined && toolCalls.drafts.length > 0)
      message.tool_calls = publishToolCalls(toolCalls)
    return message
  }

  private readonly reportUnsafe = (): void => this.context.report('unsafe-value')

  private pushChoiceField(field: string, value: unknown): void {
    mergeExtraField(this.choiceFields, field, value, true, this.reportUnsafe)
  }

  private pushFinishReason(value: unknown): void {
    const { report, events } = this.context
    if (value === null || value === undefined) return
    if (typeof value !== 'string') return report('not-text')
    if (value === '') return report('finish-reason-empty')
    if (this.finishReason !== null) report('finish-reason-repeated')
    if (this.finishReason === value) return
    this.finishReason = value
    events?.push({ type: 'choice-end', choice: this.index, finishReason: value })
  }

  private pushLogprobs(logprobs: ChoiceLogprobs): void {
    if (Array.isArray(logprobs['tokens'])) this.context.report('legacy-logprobs')
    this.logprobs ??= this.context.createLogprobs()
    this.logprobs.append(logprobs)
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Deltas and messages
  // -------------------------------------------------------------------------------------------------------------------

  private pushDelta(delta: JsonObject): void {
    let thinks = false
    for (const field in delta) {
      this.hasDelta = true
      const value = delta[field]
      switch (field) {
        case 'content':
          if (typeof value === 'string') this.appendContent(value)
          else if (value !== null) this.pushContent(value)
          break
        case 'role':
          break
        case 'refusal':
          if (value !== null) this.appendRefusal(this.readText(value))
          break
        case 'tool_calls':
          if (Array.isArray(value) && value.length > 0) this.pushToolCalls(value)
          break
        case 'function_call':
          // llama-cpp-python sends the older form beside the current one; only alone is it worth keeping.
          if (isObject(value) && !Array.isArray(delta['tool_calls'])) {
            this.appendFields(field, value, ['arguments'])
          }
          break
        case 'audio':
          if (isObject(value)) this.appendFields(field, value, ['data', 'transcript'])
          else this.pushField(field, value)
          break
        default:
          if (this.pushField(field, value)) thinks = true
      }
    }
    if (thinks) this.pushReasoning(delta)
  }

  /** A whole message where a delta should be, or beside it. */
  private pushMessage(message: JsonObject, isWhole: boolean): void {
    if (this.hasDelta) return this.context.report('message-beside-delta')
    if (!isWhole) this.context.report('message-in-chunk')
    // It says again what the last one said: all but what it adds to the text is to be told once.
    const { context } = this
    const { events } = context
    const before = this.content ?? ''
    if (before !== '') context.events = undefined
    this.content = this.refusal = null
    this.reasoning = ''
    this.splitter = this.toolCalls = undefined
    for (const field in this.messageFields) delete this.messageFields[field]
    this.pushDelta(withPlaces(message))
    this.hasDelta = false
    context.events = events
    const after: string = this.content ?? ''
    if (before !== '' && after.length > before.length && after.startsWith(before)) {
      events?.push({ type: 'text-delta', choice: this.index, text: after.slice(before.length) })
    }
  }

  private pushToolCalls(calls: readonly unknown[]): void {
    const { report, events } = this.context
    this.toolCalls ??= createToolCallsDraft()
    if (mergeToolCalls(this.toolCalls, calls, this.index, report, events)) this.message = undefined
  }

  /** Returns whether the field holds thinking. */
  private pushField(field: string, value: unknown): boolean {
    this.message = undefined
    const fields = this.messageFields
    const old = fields[field]
    if (isReasoningField(field) && typeof value === 'string') {
      fields[field] = typeof old === 'string' ? old + value : value
      return true
    }
    if (isReasoningList(field) && Array.isArray(value)) {
      const list: GrowingList<unknown> = old instanceof GrowingList ? old : new GrowingList()
      fields[field] = list
      mergeReasoningDetails(list, plainList(value, this.reportUnsafe))
      return true
    }
    mergeExtraField(fields, field, value, true, this.reportUnsafe)
    return isReasoningField(field)
  }

  /** An object of which some fields come in pieces and the others once. */
  private appendFields(field: string, value: JsonObject, continued: readonly string[]): void {
    this.message = undefined
    const old = this.messageFields[field]
    const merged: JsonObject = isObject(old) ? { ...old } : {}
    for (const [name, piece] of Object.entries(plainObject(value, this.reportUnsafe))) {
      const before = merged[name]
      const joins = continued.includes(name) && typeof before === 'string' && typeof piece === 'string'
      if (joins) merged[name] = before + piece
      else if (piece !== null && piece !== '') merged[name] = piece
    }
    this.messageFields[field] = merged
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Text
  // -------------------------------------------------------------------------------------------------------------------

  /** Content that is no string: a list of typed parts (Mistral, Databricks), or nonsense. */
  private pushContent(value: unknown): void {
    if (!Array.isArray(value)) return this.appendContent(this.readText(value))
    this.context.report('content-in-parts')
    const others: unknown[] = []
    for (const part of value as unknown[]) {
      if (typeof part === 'string') this.appendContent(part)
      else if (!isObject(part)) continue
      else if (part['type'] === 'text' && typeof part['text'] === 'string') this.appendContent(part['text'])
      else if (part['type'] === 'thinking') this.appendReasoning(reasoningText(part['thinking']))
      else if (part['type'] === 'reasoning') this.appendReasoning(reasoningText(part['summary'] ?? [part]))
      else if (part['type'] === 'refusal') this.appendRefusal(this.readText(part['refusal']))
      else others.push(part)
    }
    if (others.length > 0) this.pushField('content_parts', others)
  }

  private pushReasoning(delta: JsonObject): void {
    let text = ''
    for (const field of reasoningFields) {
      const value = delta[field]
      if (value === undefined || value === null) continue
      const words = reasoningText(value)
      if (text === '') text = words
      else if (words !== '' && words !== text) this.context.report('reasoning-twice')
    }
    if (text === '') for (const field of reasoningLists) text ||= reasoningText(delta[field])
    this.appendReasoning(text)
  }

  private appendContent(text: string): void {
    const { thinkTags } = this.context
    if (thinkTags === false) return this.appendText(text)
    this.splitter ??= createThinkSplitter(
      thinkTags === 'open',
      (thinking) => this.appendReasoning(thinking),
      (rest) => this.appendText(rest),
    )
    this.splitter.push(text)
  }

  private appendText(text: string): void {
    if (text === '' && this.content !== null) return
    this.content = this.content === null ? text : this.content + text
    this.message = undefined
    if (text !== '') this.context.events?.push({ type: 'text-delta', choice: this.index, text })
  }

  private appendRefusal(text: string): void {
    if (text === '') return
    this.refusal = (this.refusal ?? '') + text
    this.message = undefined
    this.context.events?.push({ type: 'refusal-delta', choice: this.index, text })
  }

  private appendReasoning(text: string): void {
    if (text === '') return
    this.reasoning += text
    this.context.events?.push({ type: 'reasoning-delta', choice: this.index, text })
  }

  private readText(value: unknown): string {
    if (typeof value === 'string') return value
    this.context.report('not-text')
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    return isObject(value) && typeof value['text'] === 'string' ? value['text'] : ''
  }
}

/** Only pieces of tool calls need an index: in a whole message the place says which call is which. */
function withPlaces(message: JsonObject): JsonObject {
  const calls = message['tool_calls']
  if (!Array.isArray(calls)) return message
  const placed = calls.map((call: unknown, index) => (isObject(call) ? { index, ...call } : call))
  return { ...message, tool_calls: placed }
}

function hasSubstance(delta: JsonObject): boolean {
  const calls = delta['tool_calls']
  return Boolean(delta['content']) || Boolean(delta['refusal']) || (Array.isArray(calls) && calls.length > 0)
}

function isReasoningField(field: string): boolean {
  return (reasoningFields as readonly string[]).includes(field)
}

function isReasoningList(field: string): boolean {
  return (reasoningLists as readonly string[]).includes(field)
}

/** Any object counts: the series takes whatever its lists hold. */
function isLogprobs(value: unknown): value is ChoiceLogprobs {
  return isObject(value)
}
