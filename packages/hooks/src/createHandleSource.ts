import type { ChatAssistantMessage, StreamIssue } from '@candor/core'

import type { AnswerTimings, ChatHandle, ChatState } from './ChatHandle.ts'
import type { ChatController } from './createChat.ts'
import { isSameTurn, leafAnswer } from './leafAnswer.ts'
import { selectMessages } from './selectMessages.ts'

const fields = {
  messages: selectMessages,
  messageIds: (state: ChatState) => state.messageIds,
  status: (state: ChatState) => state.status,
  error: (state: ChatState) => state.error,
  stopReason: (state: ChatState) => state.stopReason,
  queue: (state: ChatState) => state.queue,
  answer: (state: ChatState) => leafAnswer(state) ?? null,
  choices: selectChoices,
  usage: (state: ChatState) => leafAnswer(state)?.usage ?? null,
  timings: selectTimings,
  finishReason: (state: ChatState) => leafAnswer(state)?.finishReason ?? null,
  issues: (state: ChatState) => leafAnswer(state)?.issues ?? noIssues,
}
const noIssues: readonly StreamIssue[] = []

type FieldName = keyof typeof fields

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
  let read: Map<FieldName, unknown>
  let handle: ChatHandle | undefined

  function createHandle(): ChatHandle {
    const values: typeof read = new Map()
    read = values
    function valueOf<Name extends FieldName>(name: Name): ReturnType<(typeof fields)[Name]>
    function valueOf(name: FieldName): unknown {
      if (!values.has(name)) values.set(name, fields[name](store.getState()))
      return values.get(name)
    }
    return {
      ...chat.actions,
      actions: chat.actions,
      id: chat.id,
      store,
      get messages() {
        return valueOf('messages')
      },
      get messageIds() {
        return valueOf('messageIds')
      },
      get status() {
        return valueOf('status')
      },
      get error() {
        return valueOf('error')
      },
      get stopReason() {
        return valueOf('stopReason')
      },
      get queue() {
        return valueOf('queue')
      },
      get answer() {
        return valueOf('answer')
      },
      get choices() {
        return valueOf('choices')
      },
      get usage() {
        return valueOf('usage')
      },
      get timings() {
        return valueOf('timings')
      },
      get finishReason() {
        return valueOf('finishReason')
      },
      get issues() {
        return valueOf('issues')
      },
    }
  }

  return {
    getHandle() {
      const state = store.getState()
      const isCurrent =
        handle !== undefined && [...read].every(([field, value]) => isSame(fields[field](state), value))
      handle = isCurrent ? handle! : createHandle()
      return handle
    },
  }
}

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
    .filter((sibling) => sibling?.role === 'assistant' && answer !== undefined && isSameTurn(sibling, answer))
    .filter((sibling) => sibling?.role === 'assistant')
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
