import { isBeyondText, type ChoiceDraft } from './ChoiceDraft.ts'
import { createExtraFields } from './extraFields.ts'
import { GrowingList } from './GrowingList.ts'
import { mergeReasoningDetails, mergePiece, reasoningText } from './mergePieces.ts'
import { isObject, plainList, plainObject, type JsonObject } from './plainValue.ts'
import { ToolCallsDraft } from './ToolCallsDraft.ts'

/** Fields of a delta that hold thinking as text, in the order in which they are believed. */
const reasoningFields = ['reasoning_content', 'reasoning', 'thinking', 'reasoning_text']

/** Fields of a delta that hold thinking as typed pieces (OpenRouter, LiteLLM). */
const reasoningLists = ['reasoning_details', 'thinking_blocks']

/** Adds what a delta has beyond text. */
export function pushFields(choice: ChoiceDraft, delta: JsonObject): void {
  let thinks = false
  for (const field in delta) {
    const value = delta[field]
    if (value === null) continue
    if (field === 'content') {
      if (typeof value !== 'string') pushContent(choice, value)
    } else if (field === 'refusal') {
      if (typeof value !== 'string') choice.appendRefusal(readText(choice, value))
    } else if (field === 'tool_calls') {
      if (Array.isArray(value)) pushToolCalls(choice, value)
    } else if (field === 'function_call') {
      // llama-cpp-python sends the older form beside the current one; only alone is it worth keeping.
      if (isObject(value) && !Array.isArray(delta['tool_calls'])) pushObject(choice, field, value)
    } else if (field === 'audio') {
      if (isObject(value)) pushObject(choice, field, value)
      else choice.pushField(field, value)
    } else if (reasoningFields.includes(field)) {
      thinks = true
      pushReasoningField(choice, field, value)
    } else if (reasoningLists.includes(field)) {
      thinks = true
      pushReasoningList(choice, field, value)
    } else if (isBeyondText(field, value)) choice.pushField(field, value)
  }
  if (thinks) pushReasoning(choice, delta)
}

/** Adds a whole message where a delta should be, or beside it. */
export function pushMessage(choice: ChoiceDraft, message: JsonObject, isWhole: boolean): void {
  const { context } = choice
  if (choice.hasDelta) return context.report('message-beside-delta')
  if (!isWhole) context.report('message-in-chunk')
  // It says again what the last one said: all but what it adds to the text is to be told once.
  const { events } = context
  const before = choice.content ?? ''
  if (before !== '') context.events = undefined
  choice.touch()
  choice.content = choice.refusal = null
  choice.reasoning = ''
  choice.splitter = choice.toolCalls = undefined
  choice.fields = createExtraFields()
  choice.pushDelta(withPlaces(message))
  choice.hasDelta = false
  context.events = events
  const after = choice.content ?? ''
  if (before !== '' && after.length > before.length && after.startsWith(before)) {
    events?.push({ type: 'text-delta', choice: choice.index, text: after.slice(before.length) })
  }
}

/** Only pieces of tool calls need an index: in a whole message the place says which call is which. */
function withPlaces(message: JsonObject): JsonObject {
  const calls = message['tool_calls']
  if (!Array.isArray(calls)) return message
  const placed = calls.map((call: unknown, index) => (isObject(call) ? { index, ...call } : call))
  return { ...message, tool_calls: placed }
}

function pushToolCalls(choice: ChoiceDraft, calls: readonly unknown[]): void {
  if (calls.length === 0) return
  choice.toolCalls ??= new ToolCallsDraft(choice.index, choice.context)
  if (choice.toolCalls.merge(calls)) choice.touch()
}

/** An object of which some fields come in pieces and the others once. */
function pushObject(choice: ChoiceDraft, field: string, value: JsonObject): void {
  const old = choice.fields[field]
  choice.touch()
  choice.fields[field] = mergePiece(isObject(old) ? old : {}, plainObject(value, choice.context.report))
}

/** Content that is no string: a list of typed parts (Mistral, Databricks), or nonsense. */
function pushContent(choice: ChoiceDraft, content: unknown): void {
  if (!Array.isArray(content)) return choice.appendContent(readText(choice, content))
  choice.context.report('content-in-parts')
  const others: unknown[] = []
  for (const part of content as unknown[]) {
    if (typeof part === 'string') choice.appendContent(part)
    else if (!isObject(part)) continue
    else if (part['type'] === 'text' && typeof part['text'] === 'string') choice.appendContent(part['text'])
    else if (part['type'] === 'thinking') choice.appendReasoning(reasoningText(part['thinking']))
    else if (part['type'] === 'reasoning') choice.appendReasoning(reasoningText(part['summary'] ?? [part]))
    else if (part['type'] === 'refusal') choice.appendRefusal(readText(choice, part['refusal']))
    else others.push(part)
  }
  if (others.length > 0) choice.pushField('content_parts', others)
}

function pushReasoningField(choice: ChoiceDraft, field: string, value: unknown): void {
  const old = choice.fields[field]
  if (typeof value !== 'string') return choice.pushField(field, value)
  choice.touch()
  choice.fields[field] = typeof old === 'string' ? old + value : value
}

function pushReasoningList(choice: ChoiceDraft, field: string, value: unknown): void {
  const old = choice.fields[field]
  if (!Array.isArray(value)) return choice.pushField(field, value)
  choice.touch()
  const list: GrowingList<unknown> = old instanceof GrowingList ? old : new GrowingList()
  choice.fields[field] = list
  mergeReasoningDetails(list, plainList(value, choice.context.report))
}

/** The thinking itself, out of the one spelling that is believed. */
function pushReasoning(choice: ChoiceDraft, delta: JsonObject): void {
  let text = ''
  for (const field of reasoningFields) {
    const words = reasoningText(delta[field])
    if (text === '') text = words
    else if (words !== '' && words !== text) choice.context.report('reasoning-twice')
  }
  if (text === '') for (const field of reasoningLists) text ||= reasoningText(delta[field])
  choice.appendReasoning(text)
}

function readText({ context }: ChoiceDraft, value: unknown): string {
  if (typeof value === 'string') return value
  context.report('not-text')
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return isObject(value) && typeof value['text'] === 'string' ? value['text'] : ''
}
