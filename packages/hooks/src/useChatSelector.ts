'use client'
import { useCallback, useContext, useSyncExternalStore } from 'react'

import { ChatContext } from './CandorProvider.tsx'
import type { ChatHandle, ChatState, ChatStateSource } from './ChatHandle.ts'

/** A conversation, as the selector hooks take it: what `useChatCompletion` returns, or its store alone. */
export type ChatSource = ChatStateSource | Pick<ChatHandle, 'store'>

/**
 * What `select` makes of a conversation's state; re-renders when that changes (`Object.is`). So let it return a part of
 * the state, not a new object. `chat` is the nearest `<CandorProvider chat>`'s unless given; throws when there is none.
 *
 * `messageId` says what `select` looks at: one message, with `null` anything but what messages say; else all.
 */
export function useChatSelector<Value>(
  select: (state: ChatState) => Value,
  chat?: ChatSource,
  messageId?: string | null,
): Value {
  const provided = useContext(ChatContext)
  const source = chat === undefined ? provided : 'store' in chat ? chat.store : chat
  if (source === null) {
    throw new Error(
      'There is no conversation to read from. Give the hook a chat (`useMessage(id, chat)`), ' +
        'or wrap the component in <CandorProvider chat={chat}>.',
    )
  }
  const subscribe = useCallback(
    (listener: () => void) => source.subscribe(listener, messageId),
    [source, messageId],
  )
  const read = (): Value => select(source.getState())
  return useSyncExternalStore(subscribe, read, read)
}
