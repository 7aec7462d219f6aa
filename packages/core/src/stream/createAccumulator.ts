import type { CompletionEnding, CompletionSnapshot, CompletionTimings } from '../CompletionSnapshot.ts'
import type { CompletionErrorData } from '../CompletionError.ts'
import { createChoiceLogprobs, type ChoiceLogprobsDraft } from '../logprobs/choiceLogprobs.ts'
import type {
  ChatCompletion,
  ChatCompletionChunk,
  Choice,
  ChoiceLogprobs,
  CompletionMessage,
  Usage,
} from '../wire.ts'
import type { CompletionEvent, ResponseHead } from './CompletionEvent.ts'
import { createThinkSplitter, type ThinkSplitter } from './createThinkSplitter.ts'
import { createExtraFields, mergeExtraField, addExtraFields, type ExtraFields } from './extraFields.ts'
import { GrowingList } from './GrowingList.ts'
import { mergeReasoningDetails, reasoningFields, reasoningLists, reasoningText } from './mergeReasoning.ts'
import {
  checkToolCalls,
  createToolCallsDraft,
  mergeToolCalls,
  publishToolCalls,
  type ToolCallsDraft,
} from './mergeToolCalls.ts'
import { isObject, plainList, plainObject, readNumber, type JsonObject } from './plainValue.ts'
import { createIssueList, type StreamIssueCode } from './streamIssues.ts'

/** Gathers chunks into an answer. A chunk costs its own size; a snapshot costs what changed since the last one. */
export interface Accumulator {
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
  report: (code: StreamIssueCode, raw?: string) => void
  /** The head of the answer came. */
  start(response: ResponseHead, atMs: number): void
  /** No more will come, and what is to be said of the stream as a whole. Only the first call counts. */
  end(
    ending: Exclude<CompletionEnding, 'open'>,
    atMs: number,
    told?: { error?: CompletionErrorData; issues?: StreamIssueCode[] },
  ): void
  /** The answer so far. The same object until something changes. */
  snapshot: () => CompletionSnapshot
}

/** The highest index of a choice that is kept: the protocol allows 128 choices. */
const maxChoiceIndex = 127

type Mutable<Type> = { -readonly [Field in keyof Type]: Type[Field] }

/** One choice while it comes in. */
interface ChoiceDraft {
  readonly index: number
  content: string | null
  refusal: string | null
  reasoning: string
  toolCalls: ToolCallsDraft | undefined
  logprobs: ChoiceLogprobsDraft | undefined
  finishReason: string | null
  hasDelta: boolean
  splitter: ThinkSplitter | undefined
  readonly messageFields: ExtraFields
  readonly choiceFields: ExtraFields
  message: CompletionMessage | undefined
  choice: Choice | undefined
}

/** Starts an empty answer. */
export function createAccumulator(startedAt: number, thinkTags: boolean | 'open' = false): Accumulator {
  const issues = createIssueList()
  const envelope = createExtraFields()
  const choices: ChoiceDraft[] = []
  let id = ''
  let created = 0
  let model = ''
  let usage: Usage | undefined
  let usageRecords = 0
  let arrivedMs = 0
  let firstTokenMs: number | undefined
  let lastTokenMs: number | undefined
  let headersMs: number | undefined
  let endedMs: number | undefined
  let chunks = 0
  let response: ResponseHead | undefined
  let ending: CompletionEnding = 'open'
  let error: CompletionErrorData | undefined
  let completion: ChatCompletion | undefined
  let reasoning: readonly string[] = []
  let snapshot: CompletionSnapshot | undefined
  let events: CompletionEvent[] | undefined

  function report(code: StreamIssueCode, raw?: string): void {
    snapshot = undefined
    const isOfChunk = chunks > 0 && ending === 'open'
    const issue = issues.add(code, isOfChunk ? chunks - 1 : undefined, raw)
    if (issue !== undefined) events?.push({ type: 'issue', issue })
  }
  const reportUnsafe = (): void => report('unsafe-value')

  function push(
    chunk: ChatCompletionChunk,
    kind: 'piece' | 'whole' | 'error',
    target?: CompletionEvent[],
  ): JsonObject | undefined {
    events = target
    events?.push({ type: 'chunk', chunk, number: chunks, atMs: arrivedMs })
    chunks++
    completion = snapshot = undefined
    let failure: JsonObject | undefined = kind === 'error' ? chunk : undefined
    let hasUsage = false
    let choiceCount = -1
    let isEmpty = true
    for (const field in chunk) {
      const value = chunk[field]
      isEmpty = false
      switch (field) {
        case 'id':
          if (typeof value !== 'string' || value === id) break
          if (id === '') id = value
          else if (value !== '') report('id-changed')
          break
        case 'model':
          if (model === '' && typeof value === 'string') model = value
          break
        case 'created':
          if (created === 0) created = readNumber(value) ?? 0
          break
        case 'usage':
          hasUsage = mergeUsage(value)
          break
        case 'choices':
          if (!Array.isArray(value)) break
          choiceCount = value.length
          for (let at = 0; at < value.length; at++) {
            const failed = pushChoice(value[at], at, kind === 'whole')
            failure ??= failed
          }
          break
        case 'object':
          // Old vLLM and SGLang report a failure flat.
          if (value === 'error') failure = chunk
          break
        case 'obfuscation':
          break
        case 'base_resp':
          mergeExtraField(envelope, field, value, false, reportUnsafe)
          // MiniMax: a code other than 0 beside no choices.
          if (isObject(value) && value['status_code']) failure ??= chunk
          break
        case 'error':
          if (value) failure = chunk
          break
        case 'x_groq':
          mergeExtraField(envelope, field, value, false, reportUnsafe)
          if (!isObject(value)) break
          if (usage === undefined) mergeUsage(value['usage'])
          if (value['error']) failure ??= value
          break
        default:
          // Most servers repeat all of these in every chunk.
          if (envelope[field] !== value) mergeExtraField(envelope, field, value, false, reportUnsafe)
      }
    }
    if (choiceCount === -1 && failure === undefined) report(isEmpty ? 'not-a-chunk' : 'choices-missing')
    if (hasUsage && choiceCount === 0 && usageRecords++ > 0) report('usage-repeated')
    lastTokenMs = arrivedMs
    if (firstTokenMs === undefined && choices.some(hasToken)) firstTokenMs = arrivedMs
    events = undefined
    return failure
  }

  function mergeUsage(value: unknown): boolean {
    const next = isObject(value) ? plainObject(value, reportUnsafe) : undefined
    if (next === undefined || !isUsage(next)) return false
    usage = next
    return true
  }

  /** Adds what a chunk says of one choice. Returns the choice if it says that the server failed. */
  function pushChoice(value: unknown, place: number, whole: boolean): JsonObject | undefined {
    if (!isObject(value)) return undefined
    const index = readIndex(value['index'], place)
    if (index > maxChoiceIndex) {
      report('choice-index-too-large')
      return undefined
    }
    const draft = choiceAt(index)
    draft.choice = undefined
    let delta: JsonObject | undefined
    let message: JsonObject | undefined
    let finishReason: unknown
    let failed = false
    for (const field in value) {
      const part = value[field]
      switch (field) {
        case 'index':
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
          if (isLogprobs(part)) pushLogprobs(draft, part)
          break
        case 'usage':
          if (!isObject(part)) break
          report('usage-in-choice')
          mergeUsage(part)
          break
        case 'error':
          if (!part) break
          report('error-in-choice')
          failed = true
          mergeExtraField(draft.choiceFields, field, part, true, reportUnsafe)
          break
        default:
          mergeExtraField(draft.choiceFields, field, part, true, reportUnsafe)
      }
    }
    if (delta !== undefined) {
      if (draft.finishReason !== null && hasSubstance(delta)) report('delta-after-finish')
      pushDelta(draft, delta)
    } else if (message === undefined) report('delta-missing')
    if (message !== undefined) {
      if (draft.hasDelta) report('message-beside-delta')
      else {
        if (!whole) report('message-in-chunk')
        replaceMessage(draft, message)
      }
    }
    pushFinishReason(draft, finishReason)
    return failed || finishReason === 'error' ? value : undefined
  }

  function pushLogprobs(draft: ChoiceDraft, logprobs: ChoiceLogprobs): void {
    if (Array.isArray(logprobs['tokens'])) report('legacy-logprobs')
    draft.logprobs ??= createChoiceLogprobs()
    draft.logprobs.append(logprobs)
  }

  function readIndex(value: unknown, place: number): number {
    const index = readNumber(value)
    const isUsable = index !== undefined && Number.isInteger(index) && index >= 0
    if (!isUsable) report('choice-index-missing')
    else if (typeof value !== 'number') report('index-not-a-number')
    return isUsable ? index : place
  }

  function choiceAt(index: number): ChoiceDraft {
    // Choices come in any order, but almost always there is one.
    let at = choices.length
    while (at > 0 && choices[at - 1]!.index > index) at--
    const known = choices[at - 1]
    if (known !== undefined && known.index === index) return known
    const draft: ChoiceDraft = {
      index,
      content: null,
      refusal: null,
      reasoning: '',
      toolCalls: undefined,
      logprobs: undefined,
      finishReason: null,
      hasDelta: false,
      splitter: undefined,
      messageFields: createExtraFields(),
      choiceFields: createExtraFields(),
      message: undefined,
      choice: undefined,
    }
    choices.splice(at, 0, draft)
    return draft
  }

  function pushFinishReason(draft: ChoiceDraft, value: unknown): void {
    if (value === null || value === undefined) return
    if (typeof value !== 'string') return report('not-text')
    if (value === '') return report('finish-reason-empty')
    if (draft.finishReason !== null) report('finish-reason-repeated')
    if (draft.finishReason === value) return
    draft.finishReason = value
    events?.push({ type: 'choice-end', choice: draft.index, finishReason: value })
  }

  /** Takes a whole message where a delta should be: it says again what the last one said. */
  function replaceMessage(draft: ChoiceDraft, message: JsonObject): void {
    const before = draft.content ?? ''
    draft.content = null
    draft.refusal = null
    draft.reasoning = ''
    draft.splitter = undefined
    draft.toolCalls = undefined
    for (const field in draft.messageFields) delete draft.messageFields[field]
    const target = events
    if (before !== '') events = undefined
    const calls = message['tool_calls']
    // Only pieces need an index: in a whole message the place says which call is which.
    const places = Array.isArray(calls)
      ? calls.map((call, at) => (isObject(call) ? { index: at, ...call } : call))
      : calls
    pushDelta(draft, calls === undefined ? message : { ...message, tool_calls: places })
    draft.hasDelta = false
    events = target
    const after = draft.content ?? ''
    if (before !== '' && after.length > before.length && after.startsWith(before)) {
      events?.push({ type: 'text-delta', choice: draft.index, text: after.slice(before.length) })
    }
  }

  function pushDelta(draft: ChoiceDraft, delta: JsonObject): void {
    let thinks = false
    for (const field in delta) {
      draft.hasDelta = true
      const value = delta[field]
      switch (field) {
        case 'content':
          if (typeof value === 'string') appendContent(draft, value)
          else if (value !== null) pushContent(draft, value)
          break
        case 'role':
          break
        case 'refusal':
          if (value !== null) appendRefusal(draft, readText(value))
          break
        case 'tool_calls':
          if (Array.isArray(value) && value.length > 0) {
            draft.toolCalls ??= createToolCallsDraft()
            if (mergeToolCalls(draft.toolCalls, value, draft.index, report, events)) draft.message = undefined
          }
          break
        case 'function_call':
          // llama-cpp-python sends the older form beside the current one; only alone is it worth keeping.
          if (isObject(value) && !Array.isArray(delta['tool_calls']))
            appendFields(draft, field, value, ['arguments'])
          break
        case 'audio':
          if (isObject(value)) appendFields(draft, field, value, ['data', 'transcript'])
          else pushField(draft, field, value)
          break
        default:
          if (pushField(draft, field, value)) thinks = true
      }
    }
    if (thinks) pushReasoning(draft, delta)
  }

  /** Returns whether the field holds thinking. */
  function pushField(draft: ChoiceDraft, field: string, value: unknown): boolean {
    draft.message = undefined
    const old = draft.messageFields[field]
    if (isReasoningField(field) && typeof value === 'string') {
      draft.messageFields[field] = typeof old === 'string' ? old + value : value
      return true
    }
    if (isReasoningList(field) && Array.isArray(value)) {
      const list: GrowingList<unknown> = old instanceof GrowingList ? old : new GrowingList()
      draft.messageFields[field] = list
      mergeReasoningDetails(list, plainList(value, reportUnsafe))
      return true
    }
    mergeExtraField(draft.messageFields, field, value, true, reportUnsafe)
    return isReasoningField(field)
  }

  /** An object of which some fields come in pieces and the others once. */
  function appendFields(
    draft: ChoiceDraft,
    field: string,
    value: JsonObject,
    continued: readonly string[],
  ): void {
    draft.message = undefined
    const old = draft.messageFields[field]
    const merged: JsonObject = isObject(old) ? { ...old } : {}
    const plain = plainObject(value, reportUnsafe)
    for (const [name, piece] of Object.entries(plain)) {
      const before = merged[name]
      const joins = continued.includes(name) && typeof before === 'string' && typeof piece === 'string'
      if (joins) merged[name] = before + piece
      else if (piece !== null && piece !== '') merged[name] = piece
    }
    draft.messageFields[field] = merged
  }

  function pushReasoning(draft: ChoiceDraft, delta: JsonObject): void {
    let text = ''
    for (const field of reasoningFields) {
      const value = delta[field]
      if (value === undefined || value === null) continue
      const words = reasoningText(value)
      if (text === '') text = words
      else if (words !== '' && words !== text) report('reasoning-twice')
    }
    if (text === '') for (const field of reasoningLists) text ||= reasoningText(delta[field])
    appendReasoning(draft, text)
  }

  /** Content that is no string: a list of typed parts (Mistral, Databricks), or nonsense. */
  function pushContent(draft: ChoiceDraft, value: unknown): void {
    if (!Array.isArray(value)) return appendContent(draft, readText(value))
    report('content-in-parts')
    const others: unknown[] = []
    for (const part of value as unknown[]) {
      if (typeof part === 'string') appendContent(draft, part)
      else if (!isObject(part)) continue
      else if (part['type'] === 'text' && typeof part['text'] === 'string') appendContent(draft, part['text'])
      else if (part['type'] === 'thinking') appendReasoning(draft, reasoningText(part['thinking']))
      else if (part['type'] === 'reasoning') appendReasoning(draft, reasoningText(part['summary'] ?? [part]))
      else if (part['type'] === 'refusal') appendRefusal(draft, readText(part['refusal']))
      else others.push(part)
    }
    if (others.length > 0) pushField(draft, 'content_parts', others)
  }

  function appendContent(draft: ChoiceDraft, text: string): void {
    if (thinkTags === false) return appendText(draft, text)
    draft.splitter ??= createThinkSplitter(
      thinkTags === 'open',
      (thinking) => appendReasoning(draft, thinking),
      (rest) => appendText(draft, rest),
    )
    draft.splitter.push(text)
  }

  function appendText(draft: ChoiceDraft, text: string): void {
    if (text === '' && draft.content !== null) return
    draft.content = draft.content === null ? text : draft.content + text
    draft.message = undefined
    if (text !== '') events?.push({ type: 'text-delta', choice: draft.index, text })
  }

  function appendRefusal(draft: ChoiceDraft, text: string): void {
    if (text === '') return
    draft.refusal = (draft.refusal ?? '') + text
    draft.message = undefined
    events?.push({ type: 'refusal-delta', choice: draft.index, text })
  }

  function appendReasoning(draft: ChoiceDraft, text: string): void {
    if (text === '') return
    draft.reasoning += text
    events?.push({ type: 'reasoning-delta', choice: draft.index, text })
  }

  function readText(value: unknown): string {
    if (typeof value === 'string') return value
    report('not-text')
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    if (isObject(value) && typeof value['text'] === 'string') return value['text']
    return ''
  }

  function end(
    how: Exclude<CompletionEnding, 'open'>,
    atMs: number,
    told: { error?: CompletionErrorData; issues?: StreamIssueCode[] } = {},
  ): void {
    if (ending !== 'open') return
    ending = how
    error = told.error
    endedMs = atMs
    snapshot = undefined
    for (const code of told.issues ?? []) report(code)
    for (const draft of choices) {
      const { toolCalls, finishReason, splitter } = draft
      if (splitter !== undefined) {
        splitter.end()
        completion = draft.choice = undefined
      }
      if (toolCalls !== undefined) checkToolCalls(toolCalls, report)
      if (finishReason === null && (how === 'finished' || how === 'cut-off')) report('finish-reason-missing')
    }
  }

  function publish(): CompletionSnapshot {
    if (completion === undefined) {
      completion = { id, object: 'chat.completion', created, model, choices: publishChoices() }
      if (usage !== undefined) completion.usage = usage
      addExtraFields(completion, envelope)
    }
    const told: Mutable<CompletionSnapshot> = {
      completion,
      reasoning: publishReasoning(),
      ending,
      issues: issues.snapshot(),
      timings: publishTimings(),
    }
    if (error !== undefined) told.error = error
    if (response !== undefined) told.response = response
    return told
  }

  function publishReasoning(): readonly string[] {
    if (
      choices.length !== reasoning.length ||
      choices.some((draft, at) => draft.reasoning !== reasoning[at])
    ) {
      reasoning = choices.map((draft) => draft.reasoning)
    }
    return reasoning
  }

  function publishTimings(): CompletionTimings {
    const timings: CompletionTimings = { startedAt }
    if (headersMs !== undefined) timings.headersMs = headersMs
    if (firstTokenMs !== undefined) timings.firstTokenMs = firstTokenMs
    if (lastTokenMs !== undefined) timings.lastTokenMs = lastTokenMs
    if (endedMs !== undefined) timings.endedMs = endedMs
    return timings
  }

  let publishedChoices: Choice[] = []
  function publishChoices(): Choice[] {
    const next = choices.map((draft) => (draft.choice ??= publishChoice(draft)))
    if (
      next.length !== publishedChoices.length ||
      next.some((choice, at) => choice !== publishedChoices[at])
    ) {
      publishedChoices = next
    }
    return publishedChoices
  }

  return {
    get chunks() {
      return chunks
    },
    progress: () => ({ choices: choices.length, finished: choices.filter(isFinished).length }),
    arrive(atMs) {
      arrivedMs = atMs
    },
    push,
    report,
    start(head, atMs) {
      response = head
      headersMs = atMs
      snapshot = undefined
    },
    end,
    snapshot: () => (snapshot ??= publish()),
  }
}

function publishChoice(draft: ChoiceDraft): Choice {
  draft.message ??= publishMessage(draft)
  const choice: Choice = {
    index: draft.index,
    message: draft.message,
    logprobs: draft.logprobs === undefined ? null : draft.logprobs.snapshot(),
    finish_reason: draft.finishReason,
  }
  addExtraFields(choice, draft.choiceFields)
  return choice
}

function publishMessage({ content, refusal, messageFields, toolCalls }: ChoiceDraft): CompletionMessage {
  const message: CompletionMessage = { role: 'assistant', content, refusal }
  addExtraFields(message, messageFields)
  if (toolCalls !== undefined && toolCalls.drafts.length > 0) message.tool_calls = publishToolCalls(toolCalls)
  return message
}

/** Whether a choice said why it ended. A spoken answer ends with `expires_at` instead. */
function isFinished({ finishReason, messageFields }: ChoiceDraft): boolean {
  const audio = messageFields['audio']
  return finishReason !== null || (isObject(audio) && audio['expires_at'] !== undefined)
}

function hasToken({ content, refusal, reasoning, toolCalls, logprobs, messageFields }: ChoiceDraft): boolean {
  return (
    Boolean(content) ||
    refusal !== null ||
    reasoning !== '' ||
    toolCalls !== undefined ||
    logprobs !== undefined ||
    messageFields['audio'] !== undefined
  )
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

/** Any object counts: what is missing in it stays missing. */
function isUsage(value: JsonObject): value is Usage {
  return isObject(value)
}

/** Any object counts: the series takes whatever its lists hold. */
function isLogprobs(value: unknown): value is ChoiceLogprobs {
  return isObject(value)
}
