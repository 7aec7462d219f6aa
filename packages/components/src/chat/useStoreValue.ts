'use client'
import type { ChatState, ChatStateSource } from '@candor/hooks'
import { useCallback, useSyncExternalStore } from 'react'

/**
 * One thing of a chat's state; renders again only when it is another. The selector must return what is kept, not new
 * objects. `messageId` says what it looks at: one message, with `null` anything but what messages say; else all.
 */
export function useStoreValue<Value>(
  store: ChatStateSource,
  select: (state: ChatState) => Value,
  messageId?: string | null,
): Value {
  const subscribe = useCallback(
    (listener: () => void) => store.subscribe(listener, messageId),
    [store, messageId],
  )
  const read = (): Value => select(store.getState())
  return useSyncExternalStore(subscribe, read, read)
}
