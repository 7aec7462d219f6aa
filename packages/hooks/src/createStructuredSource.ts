import {
  createJsonParser,
  type ChatAssistantMessage,
  type JsonParser,
  type JsonPath,
  type SchemaSource,
  type Validation,
} from '@candor/core'

import type { ChatStateSource } from './ChatHandle.ts'
import { leafAnswer } from './leafAnswer.ts'

/** What is wrong with an answer, and where. */
export interface ValueIssue {
  /** Property names and array positions from the root; empty for the whole. */
  readonly path: JsonPath
  /** What is wrong, in words. */
  readonly message: string
}

/** A structured answer as far as it came. */
export interface StructuredState {
  /** The value so far; what is finished keeps its identity. `undefined` while there is none. */
  readonly partial: unknown
  /** The value as the schema gave it back; `undefined` until the answer has ended and fits. */
  readonly value: unknown
  /** What is wrong with the answer that has ended; empty while it grows and when it fits. */
  readonly issues: readonly ValueIssue[]
  /** The text of the answer, as the model wrote it. */
  readonly text: string
  /** The words with which the model declined; `null` when it did not. */
  readonly refusal: string | null
  /** Whether the value at a path will not change any more. */
  readonly isPathComplete: (path: JsonPath) => boolean
}

/** Where the structured form of a chat's last answer is read. */
export interface StructuredSource {
  readonly subscribe: (listener: () => void) => () => void
  readonly getState: () => StructuredState
}

const nothing: StructuredState = {
  partial: undefined,
  value: undefined,
  issues: [],
  text: '',
  refusal: null,
  isPathComplete: () => false,
}

/** Reads the last answer of a chat as JSON while it comes in, each frame only what is new, and checks it at its end. */
export function createStructuredSource(store: ChatStateSource, schema: () => SchemaSource): StructuredSource {
  const listeners = new Set<() => void>()
  let answer: ChatAssistantMessage | undefined
  let parser: JsonParser = createJsonParser()
  let state = nothing

  function read(): void {
    const next = leafAnswer(store.getState())
    if (next === answer) return
    const isOther = next?.id !== answer?.id
    answer = next
    if (next === undefined) {
      state = nothing
      return
    }
    const { content, refusal } = next.choice.message
    const text = content ?? ''
    const json = text.slice(startOfJson(text))
    if (isOther || json.length < parser.length) parser = createJsonParser()
    parser.push(json.slice(parser.length))
    const current = parser
    state = {
      partial: current.value,
      value: undefined,
      issues: [],
      text,
      refusal,
      isPathComplete: (path) => current.isPathComplete(path),
    }
    if (next.status !== 'submitted' && next.status !== 'streaming') void check(next)
  }

  /** Adds what the schema says; in its own time, since a schema may have to ask a server. */
  async function check(ended: ChatAssistantMessage): Promise<void> {
    parser.end()
    const checked = await checkAnswer(ended, parser, schema())
    if (answer !== ended) return
    state = { ...state, partial: parser.value, ...checked }
    for (const listener of listeners) listener()
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      const unsubscribe = store.subscribe(listener)
      return () => {
        listeners.delete(listener)
        unsubscribe()
      }
    },
    getState() {
      read()
      return state
    },
  }
}

/** Models that are only told to write JSON put it into a fence, with words before it. */
function startOfJson(text: string): number {
  const fence = /```(?:json)?\s*\n/.exec(text)
  return fence === null ? 0 : fence.index + fence[0].length
}

async function checkAnswer(
  answer: ChatAssistantMessage,
  parser: JsonParser,
  schema: SchemaSource,
): Promise<Pick<StructuredState, 'value' | 'issues'>> {
  const { refusal } = answer.choice.message
  if (refusal !== null && refusal !== '') {
    return { value: undefined, issues: [{ path: [], message: 'The model declined to answer.' }] }
  }
  const { error, value } = parser
  const isWhole = parser.isComplete || error?.code === 'trailing-text'
  if (!isWhole) return { value: undefined, issues: [unfinished(answer, parser)] }
  const { validateWithSchema } = await import('./checkValue.ts')
  let validation: Validation<unknown>
  try {
    validation = await validateWithSchema(schema, value)
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    return { value: undefined, issues: [{ path: [], message: `The answer could not be checked: ${reason}` }] }
  }
  if (validation.issues === undefined) return { value: validation.value, issues: [] }
  return {
    value: undefined,
    issues: validation.issues.map(({ path = [], message }) => ({
      path: path.map((key) => {
        const name = typeof key === 'object' ? key.key : key
        return typeof name === 'number' ? name : String(name)
      }),
      message,
    })),
  }
}

function unfinished(answer: ChatAssistantMessage, parser: JsonParser): ValueIssue {
  const { error } = parser
  if (error !== undefined && error.code !== 'unexpected-end') {
    return { path: error.path, message: `The answer is not JSON: ${error.message}` }
  }
  const why = answer.finishReason === 'length' ? ', at the most tokens that it may have' : ''
  return {
    path: error?.path ?? parser.openPath ?? [],
    message: `The answer ended before its value was whole${why}.`,
  }
}
