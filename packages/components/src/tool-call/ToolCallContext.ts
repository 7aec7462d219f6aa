'use client'
import type { ToolCall, ToolRun } from '@candor/core'
import { createContext, useContext } from 'react'

export interface ToolCallContextValue {
  call: ToolCall
  run: ToolRun
  open: boolean
  setOpen: (open: boolean) => void
  panelId: string
}

export const ToolCallContext: React.Context<ToolCallContextValue | null> =
  createContext<ToolCallContextValue | null>(null)

/** The tool call around a part. Throws outside `<ToolCall.Root>`. */
export function useToolCall(): ToolCallContextValue {
  const toolCall = useContext(ToolCallContext)
  if (toolCall === null) {
    throw new Error(
      'Candor: a part of ToolCall stands outside <ToolCall.Root>, so it has no call to show. Put it inside one.',
    )
  }
  return toolCall
}
