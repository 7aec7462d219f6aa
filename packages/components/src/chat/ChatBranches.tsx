'use client'
import type { ChatMessage } from '@candor/core'
import { useMemo, type ReactElement } from 'react'

import { BranchPicker } from '../message/BranchPicker.tsx'
import { useChatContext } from './ChatContext.ts'
import { useStoreValue } from './useStoreValue.ts'
import { versionOrder } from './versionOrder.ts'

/** The versions of a message: edits, other answers, further choices. */
export function ChatBranches({ message }: { message: ChatMessage }): ReactElement | null {
  const { store, actions, memory } = useChatContext()
  const branches = useStoreValue(store, (state) => state.branches[message.parentId ?? ''], null)
  const ids = useMemo(() => versionOrder(branches?.ids ?? [], store.getState().messages), [branches, store])
  if (ids.length < 2) return null
  const shown = ids.indexOf(message.id)
  return (
    <BranchPicker
      count={ids.length}
      index={shown}
      onSelect={(index) => {
        const id = ids[index]
        if (id === undefined) return
        memory.leaveFocus(message, index < shown ? 'previous' : 'next')
        actions.selectBranch(id)
      }}
    />
  )
}
