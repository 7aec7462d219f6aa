'use client'
import type { ToolCall as WireToolCall, ToolRun } from '@candor/core'
import type { ChatState } from '@candor/hooks'
import { memo, useMemo, type NamedExoticComponent, type ReactElement } from 'react'

import { ToolCall } from '../tool-call/ToolCall.tsx'
import { useChatContext } from './ChatContext.ts'
import { isBusy } from './isBusy.ts'
import { useStoreValue } from './useStoreValue.ts'

interface ChatToolCallProps {
  answerId: string
  call: WireToolCall
  run: ToolRun | undefined
}

/** A tool call whose buttons act on the chat. */
export const ChatToolCall: NamedExoticComponent<ChatToolCallProps> = memo(function ChatToolCall({
  answerId,
  call,
  run,
}: ChatToolCallProps): ReactElement {
  const { store, actions } = useChatContext()
  // A conversation that came from elsewhere has results, but no runs.
  const content = useStoreValue(
    store,
    (state) => (run === undefined ? resultOf(state, answerId, call.id) : undefined),
    null,
  )
  const shownRun = useMemo(
    (): ToolRun | undefined =>
      run ?? (content === undefined ? undefined : { status: 'done', result: content }),
    [run, content],
  )
  const onApprove = useMemo(() => () => actions.approveToolCall(call.id), [actions, call.id])
  const onDeny = useMemo(() => (reason?: string) => actions.denyToolCall(call.id, reason), [actions, call.id])
  const onRetry = useMemo(() => () => void actions.retryToolCall(call.id), [actions, call.id])
  const busy = useStoreValue(store, isBusy, null)
  const onResult = useMemo(
    () => (result: unknown) => actions.provideToolResult(call.id, result),
    [actions, call.id],
  )
  return (
    <ToolCall
      call={call}
      onApprove={onApprove}
      onDeny={onDeny}
      onResult={onResult}
      {...(busy ? {} : { onRetry })}
      {...(shownRun === undefined ? {} : { run: shownRun })}
    />
  )
})

function resultOf(state: ChatState, answerId: string, callId: string): unknown {
  let id = state.branches[answerId]?.shown
  for (;;) {
    const message = id === undefined ? undefined : state.messages[id]
    if (id === undefined || message?.role !== 'tool') return undefined
    if (message.message.tool_call_id === callId) return message.message.content
    id = state.branches[id]?.shown
  }
}
