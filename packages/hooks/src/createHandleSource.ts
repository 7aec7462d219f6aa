import type { ChatAssistantMessage, StreamIssue } from '@candor/core'

import type { AnswerTimings, ChatActions, ChatHandle, ChatState } from './ChatHandle.ts'
import type { ChatController } from './createChat.ts'
import { isSameTurn, leafAnswer } from './leafAnswer.ts'
import { selectMessages } from './selectMessages.ts'

/** What a handle has beside the conversation's own, each as it is found in the state. */
const fields: {
  readonly [Name in Exclude<keyof ChatHandle, keyof ChatActions | 'actions' | 'id' | 'store'>]: (
    state: ChatState,
  ) => ChatHandle[Name]
} = {
  messages: selectMessages,
  messageIds: (state) => state.messageIds,
  status: (state) => state.status,
  error: (state) => state.error,
  stopReason: (state) => state.stopReason,
  queue: (state) => state.queue,
  answer: (state) => leafAnswer(state) ?? null,
  choices: selectChoices,
  usage: (state) => leafAnswer(state)?.usage ?? null,
  timings: selectTimings,
  finishReason: (state) => leafAnswer(state)?.finishReason ?? null,
  issues: (state) => leafAnswer(state)?.issues ?? noIssues,
}
const noIssues: readonly StreamIssue[] = []

/** The source of a chat's handles, for `useSyncExternalStore`. */
export interface HandleSource {
  /** A new handle when something changed that was read from the last one; else the last one. */
  readonly getHandle: () => ChatHandle
}

/**
 * Handles that remember what was read from them, as TanStack Query's results do: a component that reads only `send` or
 * `status` is not rendered again for each frame of a stream.
 */
export function createHandleSource(chat: ChatController): HandleSource {
  const { store } = chat
  /** What was read from the last handle, by the function that found it. */
  let read: Map<Select, unknown>
  let handle: ChatHandle | undefined

  function createHandle(): ChatHandle {
    const values: typeof read = new Map()
    read = values
    const created = { ...chat.actions, actions: chat.actions, id: chat.id, store }
    for (const [name, select] of Object.entries<Select>(fields)) {
      Object.defineProperty(created, name, {
        enumerable: true,
        get() {
          if (!values.has(select)) values.set(select, select(store.getState()))
          return values.get(select)
        },
      })
    }
    // It has every field now.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return created as ChatHandle
  }

  return {
    getHandle() {
      const state = store.getState()
      const isCurrent =
        handle !== undefined && [...read].every(([select, value]) => isSame(select(state), value))
      handle = isCurrent ? handle! : createHandle()
      return handle
    },
  }
}

type Select = (state: ChatState) => unknown

/** A list made anew of the same choices is no change. */
function isSame(now: unknown, before: unknown): boolean {
  if (now === before) return true
  if (!Array.isArray(now) || !Array.isArray(before) || now.length !== before.length) return false
  return now.every((item, place) => item === before[place])
}

const choicesOfState = new WeakMap<ChatState, readonly ChatAssistantMessage[]>()

function selectChoices(state: ChatState): readonly ChatAssistantMessage[] {
  const known = choicesOfState.get(state)
  if (known !== undefined) return known
  const answer = leafAnswer(state)
  const siblingIds = answer === undefined ? [] : (state.branches[answer.parentId ?? '']?.ids ?? [])
  const choices = siblingIds
    .map((id) => state.messages[id])
    .filter((sibling) => sibling?.role === 'assistant')
    .filter((sibling) => answer !== undefined && isSameTurn(sibling, answer))
    .toSorted((one, other) => one.choice.index - other.choice.index)
  choicesOfState.set(state, choices)
  return choices
}

const timingsOfAnswer = new WeakMap<ChatAssistantMessage, AnswerTimings>()

function selectTimings(state: ChatState): AnswerTimings | null {
  const answer = leafAnswer(state)
  if (answer === undefined) return null
  let timings = timingsOfAnswer.get(answer)
  if (timings === undefined) {
    const { firstTokenMs, lastTokenMs } = answer.timings
    const tokens = answer.usage?.completion_tokens
    const isCounted = tokens !== undefined && firstTokenMs !== undefined && lastTokenMs !== undefined
    const tokensPerSecond =
      isCounted && tokens > 1 && lastTokenMs > firstTokenMs
        ? ((tokens - 1) * 1000) / (lastTokenMs - firstTokenMs)
        : undefined
    timings = { ...answer.timings, ...(tokensPerSecond !== undefined && { tokensPerSecond }) }
    timingsOfAnswer.set(answer, timings)
  }
  return timings
}
