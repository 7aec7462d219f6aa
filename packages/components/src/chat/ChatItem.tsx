'use client'
import { memo, type NamedExoticComponent, type ReactElement } from 'react'

import { Message } from '../message/Message.tsx'
import { ChatAnswer } from './ChatAnswer.tsx'
import { useChatContext } from './ChatContext.ts'
import { ChatUserMessage } from './ChatUserMessage.tsx'
import { useStoreValue } from './useStoreValue.ts'

/** One message of a chat, subscribed to that message alone: a chunk renders one of these again. */
export const ChatItem: NamedExoticComponent<{ id: string }> = memo(function ChatItem({
  id,
}: {
  id: string
}): ReactElement | null {
  const { store, options } = useChatContext()
  const message = useStoreValue(store, (state) => state.messages[id], id)
  if (message === undefined) return null
  const extra = options.renderMessageExtra?.(message)
  switch (message.role) {
    case 'assistant':
      return <ChatAnswer extra={extra} message={message} />
    case 'user':
      return <ChatUserMessage extra={extra} message={message} />
    case 'tool':
      return <ToolResult id={id} />
    case 'system':
    case 'developer':
      return options.hideInstructions ? null : <Message message={message}>{extra}</Message>
    default:
      return message satisfies never
  }
})

/** A result is shown in the card of its call; by itself only when there is no such call. */
function ToolResult({ id }: { id: string }): ReactElement | null {
  const { store } = useChatContext()
  const orphan = useStoreValue(
    store,
    (state) => {
      const result = state.messages[id]
      if (result?.role !== 'tool') return undefined
      let before = result.parentId === null ? undefined : state.messages[result.parentId]
      while (before?.role === 'tool')
        before = before.parentId === null ? undefined : state.messages[before.parentId]
      const calls = before?.role === 'assistant' ? (before.choice.message.tool_calls ?? []) : []
      return calls.some((call) => call.id === result.message.tool_call_id) ? undefined : result
    },
    null,
  )
  return orphan === undefined ? null : <Message message={orphan} />
}
