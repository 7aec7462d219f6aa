import type { ToolCall, ToolCallDelta } from '../wire.ts'
import type { CompletionEvent } from './CompletionEvent.ts'
import { createExtraFields, mergeExtraField, addExtraFields, type ExtraFields } from './extraFields.ts'
import { isObject, readNumber, type JsonObject } from './plainValue.ts'
import type { StreamIssueCode } from './issueSentences.ts'

/** A tool call while its pieces come in: it may lack a name, and its arguments are not whole. */
interface ToolCallDraft {
  readonly position: number
  /** The server's index, which some leave out and some use for several calls. */
  index: number | undefined
  /** '' until the server says one; published calls have one made up. */
  id: string
  madeUpId: string
  isCustom: boolean
  hasType: boolean
  name: string
  /** Arguments of a function, input of a custom tool. */
  text: string
  readonly extra: ExtraFields
  published: ToolCall | undefined
}

/** What tool calls need to know of their answer. */
export interface ToolCallsContext {
  /** Notes a deviation. */
  readonly report: (code: StreamIssueCode, raw?: string) => void
  /** Where to tell what is added; `undefined` when nobody listens. */
  readonly events: CompletionEvent[] | undefined
}

/** At most this many tool calls of one choice are kept; the protocol allows 128 tools. */
const maxToolCalls = 128

/** The tool calls of one choice while they come in. A file that loads with the first call, or with a request for tools. */
export class ToolCallsDraft {
  readonly drafts: ToolCallDraft[] = []
  /** The latest call at each of the server's indices. */
  readonly byIndex: Map<number, ToolCallDraft> = new Map()
  readonly #choice: number
  readonly #context: ToolCallsContext
  #published: ToolCall[] | undefined

  constructor(choice: number, context: ToolCallsContext) {
    this.#choice = choice
    this.#context = context
  }

  /** Adds the `tool_calls` of one delta. Returns whether anything was added. */
  merge(deltas: readonly unknown[]): boolean {
    let changed = false
    for (const delta of deltas) if (isObject(delta) && this.#mergeCall(delta)) changed = true
    if (changed) this.#published = undefined
    return changed
  }

  /** The calls in the wire's shape; a call that did not change is the same object. */
  snapshot(): ToolCall[] {
    return (this.#published ??= this.drafts.map((draft) => (draft.published ??= publishToolCall(draft))))
  }

  /** Notes what can be said of the calls only when no more will come. */
  end(): void {
    const { report } = this.#context
    for (const { id, hasType, isCustom, text } of this.drafts) {
      if (id === '') report('tool-call-id-missing')
      if (!hasType) report('tool-call-type-missing')
      if (!isCustom && (text.includes('}{') || text.includes('}\n{')) && !isWholeObject(text))
        report('tool-arguments-several', text)
    }
  }

  #mergeCall(delta: ToolCallDelta): boolean {
    const { report, events } = this.#context
    const isCustom = isObject(delta.custom)
    const body: unknown = isCustom ? delta.custom : delta.function
    // Mistral writes the id that it does not have as the text "null".
    const id = typeof delta.id === 'string' && delta.id !== 'null' ? delta.id : ''
    const name = isObject(body) && typeof body['name'] === 'string' ? body['name'] : ''
    const piece = isObject(body) ? (isCustom ? body['input'] : body['arguments']) : undefined
    const text = readArguments(piece, report)
    const index = readIndex(delta.index, report)
    if (index === undefined) report('tool-call-without-index')

    let draft = findToolCall(this, index, id, name, report)
    const isNew = draft === undefined
    if (draft === undefined) {
      if (id === '' && name === '' && text === '' && !delta.type) return false
      if (this.drafts.length >= maxToolCalls) {
        report('too-many-tool-calls')
        return false
      }
      draft = {
        position: this.drafts.length,
        index,
        id: '',
        madeUpId: '',
        isCustom,
        hasType: false,
        name: '',
        text: '',
        extra: createExtraFields(),
        published: undefined,
      }
      this.drafts.push(draft)
    }
    if (index !== undefined && (isNew || index !== draft.index)) {
      draft.index = index
      this.byIndex.set(index, draft)
    }

    if (id !== '' && draft.id === '') draft.id = id
    else if (id !== '' && id !== draft.id) report('tool-call-id-changed')
    if (isCustom || delta.type === 'custom') draft.isCustom = true
    if (delta.type) draft.hasType = true
    mergeName(draft, name, report)
    const added = isRepeated(draft, text) ? '' : text
    if (added !== text) report('tool-call-repeated')
    draft.text += added
    for (const field in delta) {
      if (
        field === 'index' ||
        field === 'id' ||
        field === 'type' ||
        field === 'function' ||
        field === 'custom'
      )
        continue
      mergeExtraField(draft.extra, field, delta[field], true, report)
    }
    draft.published = undefined

    if (events !== undefined) {
      const choice = this.#choice
      const { position } = draft
      if (isNew) {
        events.push({ type: 'tool-call-start', choice, position, id: toolCallId(draft), name: draft.name })
      }
      if (added !== '') events.push({ type: 'tool-call-delta', choice, position, text: added })
    }
    return true
  }
}

/**
 * Which call a delta belongs to; `undefined` for a new one. Servers leave the index out (Ollama, Gemini, Mistral), give
 * every call index 0 (Ollama, dynamo), send a new id with every piece (LM Studio), or repeat id and name in every piece
 * (Fireworks, llama-cpp-python). One rule satisfies them all: a known index is continued unless the delta has both a
 * name and an id of its own; without an index a known id is continued, a name begins a call, and anything else belongs
 * to the latest one.
 */
function findToolCall(
  calls: ToolCallsDraft,
  index: number | undefined,
  id: string,
  name: string,
  report: (code: StreamIssueCode) => void,
): ToolCallDraft | undefined {
  const latest = calls.drafts.at(-1)
  if (index === undefined) {
    const known = id === '' ? undefined : calls.drafts.find((draft) => draft.id === id)
    return known ?? (name === '' ? latest : undefined)
  }
  const known = calls.byIndex.get(index)
  if (known === undefined) {
    // A call that began without an index may go on with one.
    return name === '' && latest?.index === undefined && (id === '' || id === latest?.id) ? latest : undefined
  }
  if (name === '' || (id === '' && !isAnother(known, name))) return known
  // The same call, whose id comes late.
  if (known.id === '' && known.name === name && known.text === '') return known
  const other = id === '' ? undefined : calls.drafts.find((draft) => draft.id === id && draft.index === index)
  if (other !== undefined) return other
  report('tool-call-index-reused')
  return undefined
}

/** Whether a name that comes without an id must be of another call: this one has another name and is whole. */
function isAnother(draft: ToolCallDraft, name: string): boolean {
  return draft.name !== name && isWholeObject(draft.text)
}

function mergeName(draft: ToolCallDraft, name: string, report: (code: StreamIssueCode) => void): void {
  if (name === '' || name === draft.name) return
  if (draft.name === '') draft.name = name
  else if (draft.text === '') {
    report('tool-call-name-in-pieces')
    draft.name += name
  } else report('tool-call-name-changed')
}

/** Whether a piece is the whole of the arguments again. */
function isRepeated(draft: ToolCallDraft, piece: string): boolean {
  return (
    piece.length > 1 && piece.length === draft.text.length && piece === draft.text && isWholeObject(piece)
  )
}

function isWholeObject(text: string): boolean {
  if (!text.startsWith('{') || !text.trimEnd().endsWith('}')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function readArguments(value: unknown, report: (code: StreamIssueCode) => void): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  report('tool-arguments-not-text')
  try {
    return JSON.stringify(value)
  } catch {
    return '' // Nested so deep that it cannot be written out.
  }
}

function readIndex(value: unknown, report: (code: StreamIssueCode) => void): number | undefined {
  const index = readNumber(value)
  if (index !== undefined && typeof value !== 'number') report('index-not-a-number')
  return index
}

let madeUpIds = 0

function toolCallId(draft: ToolCallDraft): string {
  if (draft.id !== '') return draft.id
  // Unique between answers too, since a conversation holds the calls of many. Not crypto.randomUUID: pages that are
  // not served over https (a model on the local network) do not have it.
  draft.madeUpId ||= `call_candor${Date.now().toString(36)}${(++madeUpIds).toString(36)}${Math.random().toString(36).slice(2, 10)}`
  return draft.madeUpId
}

function publishToolCall(draft: ToolCallDraft): ToolCall {
  const id = toolCallId(draft)
  const call: ToolCall & JsonObject = draft.isCustom
    ? { id, type: 'custom', custom: { name: draft.name, input: draft.text } }
    : { id, type: 'function', function: { name: draft.name, arguments: draft.text } }
  addExtraFields(call, draft.extra)
  return call
}
