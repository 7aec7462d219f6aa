'use client'
import type { ChatMessage } from '@candor/core'
import type { ReactElement } from 'react'

import { BranchPicker } from '../message/BranchPicker.tsx'
import { useChatContext } from './ChatContext.ts'
import { useStoreValue } from './useStoreValue.ts'

/** The versions of a message: edits, other answers, further choices. */
export function ChatBranches({ message }: { message: ChatMessage }): ReactElement | null {
  const { store, actions, memory } = useChatContext()
  const branches = useStoreValue(store, (state) => state.branches[message.parentId ?? ''], null)
  if (branches === undefined || branches.ids.length < 2) return null
  const shown = branches.ids.indexOf(message.id)
  return (
    <BranchPicker
      count={branches.ids.length}
      index={shown}
      onSelect={(index) => {
        const id = branches.ids[index]
        if (id === undefined) return
        memory.leaveFocus(message, index < shown ? 'previous' : 'next')
        actions.selectBranch(id)
      }}
    />
  )
}
