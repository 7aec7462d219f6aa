import type { ChatMessage } from '@candor/core'

import type { SavedChat } from './SavedChat.ts'

/** What a list of threads shows of one. */
export interface ThreadSummary {
  /** The conversation's id. */
  readonly id: string
  /** The first words of the user; '' while there are none. */
  readonly title: string
  /** Unix milliseconds of the last change. */
  readonly updatedAt: number
}

/** What has become of a thread's messages. */
export interface ThreadChange {
  /** Messages that came or changed. */
  readonly messages: readonly ChatMessage[]
  /** Ids of messages that are gone. */
  readonly removedIds: readonly string[]
}

/** What has happened to a thread in a storage. */
export interface ThreadEvent {
  readonly threadId: string
  readonly type: 'thread-write' | 'thread-remove'
  /** What another tab has written; `null` for what this tab did itself. */
  readonly change: ThreadChange | null
}

/** What a tab writes down. */
export interface ThreadUpdate extends ThreadChange {
  /** The thread in a list. */
  readonly summary: ThreadSummary
  /** As in `SavedChat`. */
  readonly shown: SavedChat['shown']
}

/**
 * Where conversations are kept: message by message, so that an answer that grows is cheap to keep and two tabs on one
 * thread never overwrite each other's turns. Every method may reject; the message says what the user can do.
 */
export interface ChatStorage {
  /** A thread as it was written last; `undefined` when there is none with this id. */
  readonly readThread: (threadId: string) => Promise<SavedChat | undefined>
  /** Writes what changed. */
  readonly writeThread: (threadId: string, update: ThreadUpdate) => Promise<void>
  /** Forgets a thread. */
  readonly removeThread: (threadId: string) => Promise<void>
  /** All threads, the last changed first. */
  readonly listThreads: () => Promise<readonly ThreadSummary[]>
  /** Calls back when this tab or another one has written; returns how to stop that. */
  readonly subscribe: (listener: (event: ThreadEvent) => void) => () => void
}

/** Messages in the order in which they follow one another, siblings by age: what `SavedChat` wants. */
export function inOrder(messages: readonly ChatMessage[]): ChatMessage[] {
  const byParent = new Map<string | null, ChatMessage[]>()
  for (const message of messages) {
    const siblings = byParent.get(message.parentId)
    if (siblings === undefined) byParent.set(message.parentId, [message])
    else siblings.push(message)
  }
  const ordered = (byParent.get(null) ?? []).toSorted(byAge)
  // What is added here is visited too: that is how the next generation comes in.
  for (const { id } of ordered) ordered.push(...(byParent.get(id) ?? []).toSorted(byAge))
  return ordered
}

function byAge(one: ChatMessage, other: ChatMessage): number {
  return one.createdAt - other.createdAt || choiceIndex(one) - choiceIndex(other)
}

function choiceIndex(message: ChatMessage): number {
  return message.role === 'assistant' ? message.choice.index : 0
}
