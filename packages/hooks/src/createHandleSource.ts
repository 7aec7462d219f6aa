import type { ChatHandle, ChatState } from './ChatHandle.ts'
import type { ChatController } from './createChat.ts'
import { selectMessages } from './selectMessages.ts'

const fields = {
  messages: selectMessages,
  messageIds: (state: ChatState) => state.messageIds,
  status: (state: ChatState) => state.status,
  error: (state: ChatState) => state.error,
  stopReason: (state: ChatState) => state.stopReason,
  queue: (state: ChatState) => state.queue,
}

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
    }
  }

  return {
    getHandle() {
      const state = store.getState()
      const isCurrent =
        handle !== undefined && [...read].every(([field, value]) => fields[field](state) === value)
      handle = isCurrent ? handle! : createHandle()
      return handle
    },
  }
}
