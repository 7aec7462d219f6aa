import type {
  ChatAssistantMessage,
  ChatMessage,
  ChatStatus,
  CompletionErrorData,
  ToolLoopStopReason,
} from '@candor/core'

import type { Branches, ChatInput, ChatState } from './ChatHandle.ts'
import { standingOf } from './standingOf.ts'

/** Everything that can happen to a conversation. */
export type ChatChange =
  /** Messages come at the end of branches, parents before children, and are shown. */
  | { type: 'messages-add'; messages: readonly ChatMessage[] }
  /** Answers grow or end; siblings of the streaming answer (further choices) may come with them, not shown. */
  | { type: 'answers-update'; answers: readonly ChatAssistantMessage[]; status: ChatStatus }
  /** An answer with nothing in it makes room for the next attempt. */
  | { type: 'message-remove'; messageId: string }
  | { type: 'branch-select'; messageId: string }
  /** Each of the messages becomes the one that is shown among its siblings, on the current branch or not. */
  | { type: 'branches-show'; messageIds: readonly string[] }
  | { type: 'turn-start' }
  /** The turn is over; `answers` are its last, as they ended. */
  | {
      type: 'turn-end'
      answers: readonly ChatAssistantMessage[]
      status: ChatStatus
      error: CompletionErrorData | null
      stopReason: ToolLoopStopReason
    }
  | { type: 'status-change'; status: ChatStatus }
  /** Something that was asked for could not even begin. */
  | { type: 'error-show'; error: CompletionErrorData }
  | { type: 'queue-change'; queue: readonly ChatInput[] }
  | { type: 'allowed-tools-change'; allowedTools: readonly string[] }
  /**
   * Another tab's messages: new ones come beside ours, not shown where something is; known ones take the place of ours.
   * Removed ones go unless something follows them.
   */
  | { type: 'messages-merge'; messages: readonly ChatMessage[]; removedIds: readonly string[] }
  | { type: 'restoring-change'; isRestoring: boolean }
  | { type: 'storage-error-change'; storageError: string | null }
  | { type: 'conversation-replace'; state: ChatState }

/** A conversation in which nothing was said. */
export const emptyChat: ChatState = {
  messages: settle({}),
  messageIds: [],
  branches: copyBranches({}),
  status: 'idle',
  error: null,
  stopReason: null,
  queue: [],
  isRestoring: false,
  storageError: null,
  allowedTools: [],
}

/** The one place where a conversation changes. */
export function reduceChat(state: ChatState, change: ChatChange): ChatState {
  switch (change.type) {
    case 'messages-add': {
      const messages = settle(state.messages)
      const branches = copyBranches(state.branches)
      for (const message of change.messages) {
        messages[message.id] = message
        addBranch(branches, message, true)
      }
      return { ...state, messages, branches, messageIds: shownIds(branches) }
    }
    case 'answers-update': {
      // A message that is gone (the conversation was emptied meanwhile) is not brought back by its own stream.
      const known = change.answers.filter((answer) => answer.id in state.messages)
      const added = change.answers.filter(
        (answer) =>
          !(answer.id in state.messages) && known.some((other) => other.parentId === answer.parentId),
      )
      const changed = known.filter((answer) => state.messages[answer.id] !== answer)
      if (changed.length === 0 && added.length === 0 && change.status === state.status) return state
      const messages = overlay(state.messages, [...changed, ...added])
      if (added.length === 0) return { ...state, messages, status: change.status }
      const branches = copyBranches(state.branches)
      for (const answer of added) addBranch(branches, answer, false)
      return { ...state, messages, branches, status: change.status }
    }
    case 'message-remove': {
      const message = state.messages[change.messageId]
      if (message === undefined) return state
      const messages = settle(state.messages)
      delete messages[message.id]
      const branches = copyBranches(state.branches)
      removeBranch(branches, message)
      return { ...state, messages, branches, messageIds: shownIds(branches) }
    }
    case 'branch-select': {
      const branches = copyBranches(state.branches)
      let message = state.messages[change.messageId]
      while (message !== undefined) {
        const parentId: string = message.parentId ?? ''
        branches[parentId] = { ids: branches[parentId]?.ids ?? [message.id], shown: message.id }
        message = state.messages[parentId]
      }
      const messageIds = shownIds(branches)
      return messageIds.length === state.messageIds.length &&
        messageIds.every((id, index) => id === state.messageIds[index])
        ? state
        : { ...state, branches, messageIds }
    }
    case 'branches-show': {
      const branches = copyBranches(state.branches)
      for (const id of change.messageIds) {
        const message = state.messages[id]
        const siblings = message && branches[message.parentId ?? '']
        if (siblings !== undefined) branches[message?.parentId ?? ''] = { ...siblings, shown: id }
      }
      return { ...state, branches, messageIds: shownIds(branches) }
    }
    case 'turn-start':
      return { ...state, status: 'submitted', error: null, stopReason: null }
    case 'turn-end': {
      const grown = reduceChat(state, { ...change, type: 'answers-update' })
      return {
        ...grown,
        messages: settle(grown.messages),
        status: change.status,
        error: change.error,
        stopReason: change.stopReason,
      }
    }
    case 'status-change':
      return state.status === change.status ? state : { ...state, status: change.status }
    case 'error-show':
      return isQuiet(state)
        ? { ...state, status: 'error', error: change.error, stopReason: 'failed' }
        : { ...state, error: change.error }
    case 'queue-change':
      return { ...state, queue: change.queue }
    case 'allowed-tools-change':
      return { ...state, allowedTools: change.allowedTools }
    case 'messages-merge':
      return mergeMessages(state, change)
    case 'restoring-change':
      return { ...state, isRestoring: change.isRestoring }
    case 'storage-error-change':
      return state.storageError === change.storageError
        ? state
        : { ...state, storageError: change.storageError }
    case 'conversation-replace':
      return change.state
    default: {
      const unknown: never = change
      return unknown
    }
  }
}

function mergeMessages(state: ChatState, change: Extract<ChatChange, { type: 'messages-merge' }>): ChatState {
  const messages = settle(state.messages)
  const branches = copyBranches(state.branches)
  // Children come after their parents, so from the end.
  for (const id of change.removedIds.toReversed()) {
    const message = messages[id]
    if (message === undefined || branches[id] !== undefined) continue
    delete messages[id]
    removeBranch(branches, message)
  }
  for (const message of change.messages) {
    const known = messages[message.id]
    if (known !== undefined) {
      messages[message.id] = message
    } else if (message.parentId === null || message.parentId in messages) {
      messages[message.id] = message
      addBranch(branches, message, false)
    }
  }
  const merged = { ...state, messages, branches, messageIds: shownIds(branches) }
  return isQuiet(state) ? { ...merged, ...standingOf(merged) } : merged
}

function isQuiet({ status }: ChatState): boolean {
  return status === 'idle' || status === 'error' || status === 'interrupted'
}

type Messages = Record<string, ChatMessage>

/**
 * The same messages with some replaced, in time that does not depend on how many there are: the settled ones become
 * the prototype, those that grow are its own properties. A copy of 10,000 keys a frame is what this avoids.
 */
function overlay(messages: ChatState['messages'], changed: readonly ChatMessage[]): Messages {
  const beneath = layerBeneath(messages)
  const result: Messages = Object.create(beneath ?? messages)
  if (beneath !== null) Object.assign(result, messages)
  for (const message of changed) result[message.id] = message
  return result
}

/** All messages in one layer, in an object of its own. */
function settle(messages: ChatState['messages']): Messages {
  const result: Messages = Object.create(null)
  return Object.assign(result, layerBeneath(messages), messages)
}

function layerBeneath(messages: ChatState['messages']): Messages | null {
  const prototype: Messages | null = Object.getPrototypeOf(messages)
  return prototype
}

type BranchesByParent = Record<string, Branches>

/** Without a prototype, so that no id is taken for the name of an object's method. */
function copyBranches(branches: ChatState['branches']): BranchesByParent {
  const copy: BranchesByParent = Object.create(null)
  return Object.assign(copy, branches)
}

function addBranch(branches: BranchesByParent, message: ChatMessage, isShown: boolean): void {
  const siblings = branches[message.parentId ?? '']
  branches[message.parentId ?? ''] = {
    ids: siblings === undefined ? [message.id] : [...siblings.ids, message.id],
    shown: isShown || siblings === undefined ? message.id : siblings.shown,
  }
}

function removeBranch(branches: BranchesByParent, message: ChatMessage): void {
  const parentId = message.parentId ?? ''
  const siblings = branches[parentId]
  if (siblings === undefined) return
  const ids = siblings.ids.filter((id) => id !== message.id)
  const lastId = ids.at(-1)
  if (lastId === undefined) delete branches[parentId]
  else branches[parentId] = { ids, shown: siblings.shown === message.id ? lastId : siblings.shown }
}

function shownIds(branches: BranchesByParent): string[] {
  const ids: string[] = []
  for (let next = branches['']; next !== undefined; next = branches[next.shown]) ids.push(next.shown)
  return ids
}
