import type { ChatMessage } from '@candor/core'
import {
  createStore,
  del,
  delMany,
  get,
  getMany,
  keys,
  promisifyRequest,
  values,
  type UseStore,
} from 'idb-keyval'

import { inOrder, type ChatStorage, type ThreadEvent, type ThreadSummary } from './ChatStorage.ts'
import type { SavedChat } from './SavedChat.ts'

interface StoredThread extends ThreadSummary {
  readonly version: 1
  readonly shown: SavedChat['shown']
}

/** What tabs tell each other: that a thread was written, or removed. */
type Notice = { threadId: string; messageIds?: readonly string[]; removedIds?: readonly string[] }

/**
 * Keeps conversations in IndexedDB, files included: as much as the browser allows the site, usually gigabytes.
 *
 * @param name The name of the databases and of the channel between tabs. @default 'candor'
 */
export function indexedDbChats(name = 'candor'): ChatStorage {
  // Opened when they are first used: a server has no databases.
  let stores: { threads: UseStore; messages: UseStore } | undefined
  const open = (): { threads: UseStore; messages: UseStore } =>
    (stores ??= {
      threads: createStore(`${name}-threads`, 'threads'),
      messages: createStore(`${name}-messages`, 'messages'),
    })
  const listeners = new Set<(event: ThreadEvent) => void>()
  let channel: BroadcastChannel | undefined

  /** One channel of this tab for both ways: a channel does not hear itself. */
  function openChannel(): BroadcastChannel {
    if (channel === undefined) {
      channel = new BroadcastChannel(name)
      channel.addEventListener('message', ({ data }: MessageEvent<Notice>) => void hear(data))
    }
    return channel
  }

  function tell(notice: Notice): void {
    const { threadId, messageIds } = notice
    const type = messageIds === undefined ? 'thread-remove' : 'thread-write'
    listeners.forEach((listener) => listener({ threadId, type, change: null }))
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target: it is of one origin
    openChannel().postMessage(notice)
    closeUnheard()
  }

  async function hear({ threadId, messageIds, removedIds = [] }: Notice): Promise<void> {
    if (messageIds === undefined) {
      const change = { messages: [], removedIds: [] }
      listeners.forEach((listener) => listener({ threadId, type: 'thread-remove', change }))
      return
    }
    const keysOfMessages = messageIds.map((id): [string, string] => [threadId, id])
    const found = await getMany<ChatMessage>(keysOfMessages, open().messages)
    const messages = found.filter((message) => message !== undefined)
    listeners.forEach((listener) =>
      listener({ threadId, type: 'thread-write', change: { messages, removedIds } }),
    )
  }

  /** An open channel keeps a page out of the browser's back/forward cache. */
  function closeUnheard(): void {
    if (listeners.size > 0) return
    channel?.close()
    channel = undefined
  }

  async function messageKeys(threadId: string): Promise<[string, string][]> {
    const all = await keys<[string, string]>(open().messages)
    return all.filter(([ofThread]) => ofThread === threadId)
  }

  return {
    async readThread(threadId) {
      try {
        const thread = await get<StoredThread>(threadId, open().threads)
        if (thread === undefined) return undefined
        const messages = await getMany<ChatMessage>(await messageKeys(threadId), open().messages)
        return {
          version: thread.version,
          messages: inOrder(messages.filter((message) => message !== undefined)),
          shown: thread.shown,
        }
      } catch (error) {
        throw new Error(
          'What was kept of this conversation could not be read: the storage of this browser is switched off (as in private windows) or damaged. You can go on; nothing that was kept is changed. Reload the page to try again.',
          { cause: error },
        )
      }
    },

    async writeThread(threadId, { messages, removedIds, summary, shown }) {
      const thread: StoredThread = { version: 1, ...summary, shown }
      try {
        // First the messages, so that no thread is kept without them.
        await open().messages('readwrite', (store) => {
          // Columns and getters behind a message are read here: a database takes plain objects only.
          for (const message of messages) store.put(plain(message), [threadId, message.id])
          for (const id of removedIds) store.delete([threadId, id])
          return committed(store.transaction)
        })
        await open().threads('readwrite', (store) => {
          store.put(thread, threadId)
          return committed(store.transaction)
        })
      } catch (error) {
        throw new Error(
          'The conversation could not be kept in this browser: its storage is full or switched off (as in private windows). What is on screen is whole, but will be gone after a reload.',
          { cause: error },
        )
      }
      tell({ threadId, messageIds: messages.map(({ id }) => id), removedIds })
    },

    async removeThread(threadId) {
      await del(threadId, open().threads)
      await delMany(await messageKeys(threadId), open().messages)
      tell({ threadId })
    },

    async listThreads() {
      const threads = await values<StoredThread>(open().threads)
      return threads
        .map(({ id, title, updatedAt }) => ({ id, title, updatedAt }))
        .toSorted((one, other) => other.updatedAt - one.updatedAt)
    },

    subscribe(listener) {
      listeners.add(listener)
      openChannel()
      return () => {
        listeners.delete(listener)
        closeUnheard()
      }
    },
  }
}

/** Without waiting for what was asked to succeed: a page that is being left does not live to see it. */
function committed(transaction: IDBTransaction): Promise<void> {
  transaction.commit()
  return promisifyRequest(transaction)
}

function plain(message: ChatMessage): ChatMessage {
  const copy: ChatMessage = JSON.parse(JSON.stringify(message))
  return copy
}
