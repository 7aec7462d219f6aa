'use client'
import { useContext, useSyncExternalStore } from 'react'

import { ChatContext } from './CandorProvider.tsx'
import type { ChatHandle, ChatState, ChatStateSource } from './ChatHandle.ts'

/** A conversation, as the selector hooks take it: what `useChatCompletion` returns, or its store alone. */
export type ChatSource = ChatStateSource | Pick<ChatHandle, 'store'>

/**
 * What `select` makes of a conversation's state; re-renders when that changes (`Object.is`). So let it return a part of
 * the state, not a new object. `chat` is the nearest `<CandorProvider chat>`'s unless given; throws when there is none.
 */
export function useChatSelector<Value>(select: (state: ChatState) => Value, chat?: ChatSource): Value {
  const provided = useContext(ChatContext)
  const source = chat === undefined ? provided : 'store' in chat ? chat.store : chat
  if (source === null) {
    throw new Error(
      'There is no conversation to read from. Give the hook a chat (`useMessage(id, chat)`), ' +
        'or wrap the component in <CandorProvider chat={chat}>.',
    )
  }
  const read = (): Value => select(source.getState())
  return useSyncExternalStore(source.subscribe, read, read)
}
