import type { ChatAssistantMessage, ChatMessage } from '@candor/core'

import type { ChatState } from './ChatHandle.ts'
import type { ChatStorage, ThreadChange, ThreadSummary, ThreadUpdate } from './ChatStorage.ts'
import type { ChatController } from './createChat.ts'
import { isLater } from './isLater.ts'
import { mergeMessages } from './mergeMessages.ts'
import { restoreChat, saveChat, shownBranches, type SavedChat } from './SavedChat.ts'

/** How often a growing answer is written down, in milliseconds: what a crash of the browser can cost. */
const saveEveryMs = 500

/** How long a storage may take to load a conversation before the user can go on without it, in milliseconds. */
const loadPatienceMs = 5_000

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
  let isLoading = true
  let isReady = false
  let isStopped = false
  let isUnreadable = false
  // One write at a time: a slow storage must not see an answer's end before its middle.
  let isWriting = false
  let isWaitingToWrite = false
  // Forgotten by the user; what is still open here is written again only when something is said in it.
  let isRemoved = false
  const foreign = createPatience((message) =>
    merge({ messages: [{ ...message, status: 'interrupted' }], removedIds: [] }),
  )

  function merge({ messages, removedIds }: ThreadChange): void {
    chat.merge((state, isRunning) =>
      // What another tab removes may be what is being answered here.
      mergeMessages(state, { messages, removedIds: isRunning ? [] : removedIds }),
    )
  }

  function take(change: ThreadChange): void {
    const { messages: ours } = store.getState()
    const isNew = (message: ChatMessage): boolean => {
      const known = ours[message.id]
      return known === undefined || isLater(message, known)
    }
    merge({ ...change, messages: change.messages.filter(isNew) })
    const { messages } = store.getState()
    for (const message of change.messages) {
      if (messages[message.id] === message) written.set(message.id, message)
    }
    // One that is still here, since something follows it, is written again.
    for (const removedId of change.removedIds) written.delete(removedId)
  }

  /** Resolves when the conversation can be used: it is there, could not be loaded, or takes too long. */
  function load(): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): void => {
        clearTimeout(patience)
        isReady = true
        schedule()
        resolve()
      }
      const patience = setTimeout(() => {
        if (isStopped) return
        chat.setStorageError(
          'What was kept of this conversation takes long to load. You can go on without it: it comes as another version as soon as it is there.',
        )
        begin()
      }, loadPatienceMs)
      read().then(begin, (error: unknown) => {
        chat.setStorageError(wordsOf(error))
        begin()
      })
    })
  }

  async function read(): Promise<void> {
    const saved = await storage.readThread(threadId).finally(() => {
      isLoading = false
    })
    if (isStopped) return
    if (isReady) chat.setStorageError(null)
    if (saved === undefined) return
    try {
      // It came too late, or the conversation was hidden and is shown again: it stands beside what was said meanwhile.
      if (isReady || !chat.restore(saved)) take({ messages: inRestored(saved), removedIds: [] })
    } catch (error) {
      // What cannot be read, such as a later version's, is not written over.
      isUnreadable = true
      throw new Error(`${wordsOf(error)} What is said here until then is not kept.`, { cause: error })
    }
    const { messages } = store.getState()
    for (const message of saved.messages) {
      const ours = messages[message.id] ?? message
      if (!isLater(ours, message)) written.set(message.id, ours)
    }
    writtenShown = JSON.stringify(shownBranches(store.getState()))
  }

  function schedule(): void {
    if (isReady && !isStopped) timer ??= setTimeout(() => flush(), saveEveryMs)
  }

  function flush(isLast = false): void {
    clearTimeout(timer)
    timer = undefined
    if (!isReady || isUnreadable) return
    isWaitingToWrite = isWriting && !isLast
    if (isWaitingToWrite) return
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
    writtenShown = shownText
    void write({ ...update, shown, summary: summaryOf(threadId, state) })
  }

  async function write(update: ThreadUpdate): Promise<void> {
    const removed = update.removedIds.map((id) => [id, written.get(id)!] as const)
    for (const message of update.messages) written.set(message.id, message)
    for (const [id] of removed) written.delete(id)
    isWriting = true
    try {
      await storage.writeThread(threadId, update)
      // That what was kept takes long to load is not over with a write.
      if (!isLoading) chat.setStorageError(null)
    } catch (error) {
      // Tried again with the next change.
      for (const message of update.messages) written.delete(message.id)
      for (const [id, message] of removed) written.set(id, message)
      writtenShown = ''
      chat.setStorageError(wordsOf(error))
    }
    isWriting = false
    if (isWaitingToWrite) flush()
  }

  let seen = store.getState()
  function onChange(state: ChatState): void {
    const isSame = state.messages === seen.messages && state.branches === seen.branches
    const isLonger = state.messageIds !== seen.messageIds
    seen = state
    // Such as the news that it could not be written, which must not make it be written again, and again.
    if (isSame) return
    // What the user says, and the end of a turn, are not left to a timer: the reader may close the tab at once.
    if (isLonger || isTurnOver(state)) flush()
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
  const onHide = (): void => flush(true)
  if (typeof document !== 'undefined') {
    addEventListener('pagehide', onHide)
    document.addEventListener('visibilitychange', onHide)
  }
  chat.hold(load())

  return () => {
    if (isStopped) return
    flush(true)
    isStopped = true
    // The last words of a turn that is being stopped are still to come.
    const stopWaiting = store.subscribe(() => {
      if (!isTurnOver(store.getState())) return
      stopWaiting()
      flush(true)
    })
    if (isTurnOver(store.getState())) stopWaiting()
    foreign.stop()
    for (const stop of stopListening) stop()
    if (typeof document !== 'undefined') {
      removeEventListener('pagehide', onHide)
      document.removeEventListener('visibilitychange', onHide)
    }
  }
}

function inRestored(saved: SavedChat): readonly ChatMessage[] {
  return saveChat(restoreChat(saved)).messages
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
