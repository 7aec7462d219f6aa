import type { ChatAssistantMessage, ChatMessage } from '@candor/core'

import type { ChatState } from './ChatHandle.ts'
import type { ChatStorage, ThreadChange, ThreadSummary } from './ChatStorage.ts'
import type { ChatController } from './createChat.ts'
import { shownBranches } from './SavedChat.ts'

/** How often a growing answer is written down, in milliseconds: what a crash of the browser can cost. */
const saveEveryMs = 500

/** How long another tab's answer may show no sign of life before it counts as interrupted, in milliseconds. */
const patienceMs = 10_000

/**
 * Keeps a conversation in a storage: loads what was kept under its id, writes every change, and takes in what other tabs
 * write. Returns how to stop, which writes what is not yet written. What goes wrong shows as `ChatState.storageError`;
 * the conversation goes on.
 */
export function persistChat(chat: ChatController, storage: ChatStorage): () => void {
  const { id: threadId, store } = chat
  // What the storage has of each message: the same object when it is up to date.
  const written = new Map<string, ChatMessage>()
  let writtenShown = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  let isReady = false
  let isStopped = false
  // Forgotten by the user; what is still open here is written again only when something is said in it.
  let isRemoved = false
  const foreign = createPatience((message) =>
    chat.merge({ messages: [{ ...message, status: 'interrupted' }], removedIds: [] }, true),
  )

  function take(change: ThreadChange): void {
    chat.merge(change)
    const { messages } = store.getState()
    for (const message of change.messages) {
      if (messages[message.id] === message) written.set(message.id, message)
    }
    // One that is still here, since something follows it, is written again.
    for (const removedId of change.removedIds) written.delete(removedId)
  }

  async function load(): Promise<void> {
    try {
      const saved = await storage.readThread(threadId)
      if (isStopped || saved === undefined) return
      chat.restore(saved)
      const { messages } = store.getState()
      for (const message of saved.messages) written.set(message.id, messages[message.id] ?? message)
    } catch (error) {
      chat.setStorageError(wordsOf(error))
    } finally {
      isReady = true
      schedule()
    }
  }

  function schedule(): void {
    if (isReady && !isStopped) timer ??= setTimeout(flush, saveEveryMs)
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (!isReady) return
    const state = store.getState()
    let update = changesSince(state, written)
    if (isRemoved && update.messages.length > 0) {
      isRemoved = false
      written.clear()
      update = changesSince(state, written)
    }
    const shown = shownBranches(state)
    const shownText = JSON.stringify(shown)
    if (update.messages.length === 0 && update.removedIds.length === 0 && shownText === writtenShown) return
    if (isRemoved) return
    // A conversation in which nothing was said is no thread yet.
    if (written.size === 0 && update.messages.length === 0) return
    for (const message of update.messages) written.set(message.id, message)
    for (const removedId of update.removedIds) written.delete(removedId)
    writtenShown = shownText
    storage.writeThread(threadId, { ...update, shown, summary: summaryOf(threadId, state) }).then(
      () => chat.setStorageError(null),
      (error: unknown) => {
        // Tried again with the next change.
        for (const message of update.messages) written.delete(message.id)
        chat.setStorageError(wordsOf(error))
      },
    )
  }

  function onChange(state: ChatState): void {
    // The end of a turn is not left to a timer: the reader may close the tab at once.
    if (isTurnOver(state)) flush()
    else schedule()
  }

  const stopListening = [
    store.subscribe(() => onChange(store.getState())),
    storage.subscribe(({ threadId: changedId, type, change }) => {
      if (changedId !== threadId) return
      if (type === 'thread-remove') isRemoved = true
      if (change === null || isRemoved) return
      take(change)
      foreign.watch(change.messages)
    }),
  ]
  const onHide = (): void => flush()
  if (typeof document !== 'undefined') {
    addEventListener('pagehide', onHide)
    document.addEventListener('visibilitychange', onHide)
  }
  chat.hold(load())

  return () => {
    if (isStopped) return
    flush()
    isStopped = true
    foreign.stop()
    for (const stop of stopListening) stop()
    if (typeof document !== 'undefined') {
      removeEventListener('pagehide', onHide)
      document.removeEventListener('visibilitychange', onHide)
    }
  }
}

function isTurnOver({ status }: ChatState): boolean {
  return status === 'idle' || status === 'error' || status === 'interrupted'
}

function changesSince(state: ChatState, written: ReadonlyMap<string, ChatMessage>): ThreadChange {
  const messages: ChatMessage[] = []
  for (const { ids } of Object.values(state.branches)) {
    for (const id of ids) {
      const message = state.messages[id]!
      if (written.get(id) !== message) messages.push(message)
    }
  }
  return { messages, removedIds: [...written.keys()].filter((id) => !(id in state.messages)) }
}

function summaryOf(id: string, state: ChatState): ThreadSummary {
  const first = state.messageIds
    .map((messageId) => state.messages[messageId])
    .find((message) => message?.role === 'user')
  return { id, title: first?.role === 'user' ? titleOf(first) : '', updatedAt: Date.now() }
}

function titleOf({ message: { content } }: Extract<ChatMessage, { role: 'user' }>): string {
  const text =
    typeof content === 'string'
      ? content
      : content.map((part) => (part.type === 'text' ? part.text : '')).join(' ')
  return text.trim().split('\n', 1)[0]!.slice(0, 80)
}

/** Waits for answers that another tab streams, and gives up on those that show no sign of life. */
function createPatience(giveUp: (message: ChatAssistantMessage) => void): {
  watch: (messages: readonly ChatMessage[]) => void
  stop: () => void
} {
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  return {
    watch(messages) {
      for (const message of messages) {
        clearTimeout(timers.get(message.id))
        timers.delete(message.id)
        if (message.role !== 'assistant') continue
        if (message.status !== 'streaming' && message.status !== 'submitted') continue
        timers.set(
          message.id,
          setTimeout(() => giveUp(message), patienceMs),
        )
      }
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
