import type {
  ChatAssistantMessage,
  ChatMessage,
  ChatStatus,
  CompletionErrorData,
  ToolLoopStopReason,
} from '@candor/core'

import type { ChatInput, ChatState } from './ChatHandle.ts'
import { addBranch, copyBranches, overlay, removeBranch, settle, shownIds } from './messageTree.ts'

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

/** Whether nothing goes on in a conversation. */
export function isQuiet({ status }: ChatState): boolean {
  return status === 'idle' || status === 'error' || status === 'interrupted'
}
