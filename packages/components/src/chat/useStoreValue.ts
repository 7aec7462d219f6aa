'use client'
import type { ChatState, ChatStateSource } from '@candor/hooks'
import { useSyncExternalStore } from 'react'

/** One thing of a chat's state; renders again only when it is another. The selector must return what is kept, not new objects. */
export function useStoreValue<Value>(store: ChatStateSource, select: (state: ChatState) => Value): Value {
  const read = (): Value => select(store.getState())
  return useSyncExternalStore(store.subscribe, read, read)
}
