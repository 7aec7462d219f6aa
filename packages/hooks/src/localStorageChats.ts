import type { ChatMessage } from '@candor/core'

import { inOrder, type ChatStorage, type ThreadEvent, type ThreadSummary } from './ChatStorage.ts'
import type { SavedChat } from './SavedChat.ts'
import { withoutFiles } from './withoutFiles.ts'

interface StoredThread extends ThreadSummary {
  readonly version: 1
  readonly shown: SavedChat['shown']
}

/**
 * Keeps conversations in `localStorage`: at once, about 5 MB of a site, words only (files are left out). For anything
 * longer use `indexedDbChats`.
 *
 * @param name Begins every key. @default 'candor'
 */
export function localStorageChats(name = 'candor'): ChatStorage {
  const threadPrefix = `${name}/thread/`
  const messagePrefix = (threadId: string): string => `${name}/message/${encodeURIComponent(threadId)}/`

  // The browser tells of other tabs only.
  const listeners = new Set<(event: ThreadEvent) => void>()
  const tell = (event: ThreadEvent): void => listeners.forEach((listener) => listener(event))

  return {
    async readThread(threadId) {
      let thread: StoredThread | undefined
      let messages: (ChatMessage | undefined)[]
      try {
        thread = readThreadRecord(`${threadPrefix}${threadId}`)
        messages = keysWith(messagePrefix(threadId)).map((key) => readMessage(localStorage.getItem(key)))
      } catch (error) {
        throw new Error(switchedOff, { cause: error })
      }
      if (thread === undefined) return undefined
      return {
        version: thread.version,
        messages: inOrder(messages.filter((message) => message !== undefined)),
        shown: thread.shown,
      }
    },

    async writeThread(threadId, { messages, removedIds, summary, shown }) {
      const prefix = messagePrefix(threadId)
      try {
        // First what goes: it makes room.
        for (const id of removedIds) localStorage.removeItem(`${prefix}${id}`)
        for (const message of messages) {
          localStorage.setItem(`${prefix}${message.id}`, JSON.stringify(withoutFiles(message)))
        }
        const thread: StoredThread = { version: 1, ...summary, shown }
        localStorage.setItem(`${threadPrefix}${threadId}`, JSON.stringify(thread))
      } catch (error) {
        const isFull = error instanceof DOMException && error.name === 'QuotaExceededError'
        throw new Error(isFull ? noRoom : switchedOff, { cause: error })
      }
      tell({ threadId, type: 'thread-write', change: null })
    },

    async removeThread(threadId) {
      localStorage.removeItem(`${threadPrefix}${threadId}`)
      for (const key of keysWith(messagePrefix(threadId))) localStorage.removeItem(key)
      tell({ threadId, type: 'thread-remove', change: null })
    },

    async listThreads() {
      return keysWith(threadPrefix)
        .map(readThreadRecord)
        .filter((thread) => thread !== undefined)
        .map(({ id, title, updatedAt }) => ({ id, title, updatedAt }))
        .toSorted((one, other) => other.updatedAt - one.updatedAt)
    },

    subscribe(listener) {
      const onStorage = ({ key, newValue }: StorageEvent): void => {
        const event = key === null ? undefined : eventOf(key, newValue)
        if (event !== undefined) listener(event)
      }
      listeners.add(listener)
      addEventListener('storage', onStorage)
      return () => {
        listeners.delete(listener)
        removeEventListener('storage', onStorage)
      }
    },
  }

  function eventOf(key: string, newValue: string | null): ThreadEvent | undefined {
    const nothing = { messages: [], removedIds: [] }
    if (key.startsWith(threadPrefix)) {
      const threadId = key.slice(threadPrefix.length)
      return { threadId, type: newValue === null ? 'thread-remove' : 'thread-write', change: nothing }
    }
    if (!key.startsWith(`${name}/message/`)) return undefined
    const [thread = '', messageId = ''] = key.slice(`${name}/message/`.length).split('/')
    const threadId = decodeURIComponent(thread)
    if (newValue === null) {
      return { threadId, type: 'thread-write', change: { messages: [], removedIds: [messageId] } }
    }
    const message = readMessage(newValue)
    if (message === undefined) return undefined
    return { threadId, type: 'thread-write', change: { messages: [message], removedIds: [] } }
  }
}

const noRoom =
  'This browser has no room left for the conversation. What is on screen is whole, but a part of it will be gone after a reload. Remove old conversations.'

const switchedOff =
  'This browser keeps nothing for this page: its storage is switched off, as where cookies are blocked. What is on screen is whole, but will be gone after a reload. Allow the site to keep data, then reload the page.'

function keysWith(prefix: string): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix))
}

function readMessage(text: string | null): ChatMessage | undefined {
  return readJson(text, (json) => {
    const message: ChatMessage = JSON.parse(json)
    return message
  })
}

function readThreadRecord(key: string): StoredThread | undefined {
  return readJson(localStorage.getItem(key), (json) => {
    const thread: StoredThread = JSON.parse(json)
    return thread
  })
}

/** What is no JSON was not written by us, or was cut off while it was written: it is left where it is. */
function readJson<Value>(text: string | null, parse: (json: string) => Value): Value | undefined {
  try {
    return text === null ? undefined : parse(text)
  } catch {
    return undefined
  }
}
