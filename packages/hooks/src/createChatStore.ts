import { createStore } from 'zustand/vanilla'

import { callUserCode } from './callUserCode.ts'
import type { ChatState, ChatStateSource } from './ChatHandle.ts'
import { changedIds } from './messageTree.ts'

export interface ChatStore extends ChatStateSource {
  readonly setState: (state: ChatState) => void
}

type Listener = () => void

/**
 * Holds the state of one conversation. A change that only lets an answer grow is told to those who listen to that
 * message or to everything: asking each of 10,000 messages whether it is the one would cost more than the chunk.
 */
export function createChatStore(beginning: ChatState): ChatStore {
  const { getState, setState, subscribe } = createStore<ChatState>(() => beginning)
  const ofMessages = new Map<string, Set<Listener>>()
  const ofTheRest = new Set<Listener>()

  subscribe((state, before) => {
    const ids = changedIds(before.messages, state.messages) ?? [...ofMessages.keys()]
    for (const id of ids) for (const listener of ofMessages.get(id) ?? []) listener()
    if (isRestChanged(state, before)) for (const listener of ofTheRest) listener()
  })

  function listenToMessage(id: string, listener: Listener): () => void {
    const listeners = ofMessages.get(id) ?? new Set()
    ofMessages.set(id, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && ofMessages.get(id) === listeners) ofMessages.delete(id)
    }
  }

  return {
    getState,
    setState: (state) => setState(state, true),
    subscribe(listener, messageId) {
      // Those who listen are the app's code too: one that throws keeps nothing from the others.
      const guarded = (): void => callUserCode(listener)
      if (messageId === undefined) return subscribe(guarded)
      if (messageId !== null) return listenToMessage(messageId, guarded)
      ofTheRest.add(guarded)
      return () => void ofTheRest.delete(guarded)
    },
  }
}

function isRestChanged(state: ChatState, before: ChatState): boolean {
  const { messages: _, ...rest } = state
  return Object.entries(rest).some(([field, value]) => value !== Reflect.get(before, field))
}
