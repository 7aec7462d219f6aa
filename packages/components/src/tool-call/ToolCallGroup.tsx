'use client'
import type { ReactNode } from 'react'

import { definePart, usePartElement, type PartComponent } from '../base/definePart.ts'
import { useLabels } from '../LabelsProvider.tsx'

export interface ToolCallGroupOwnProps {
  /** How many calls the model asked for at once. */
  count: number
  children?: ReactNode
}

/** Tool calls that the model asked for at once. Renders a `<div role="group">`. */
export const ToolCallGroup: PartComponent<'div', ToolCallGroupOwnProps> = definePart<
  'div',
  ToolCallGroupOwnProps
>('ToolCallGroup', function ToolCallGroup({ count, ...rest }, ref) {
  const labels = useLabels()
  return usePartElement('div', {
    ref,
    rest,
    props: { className: 'candor-tool-call-group', role: 'group', 'aria-label': labels.toolCalls(count) },
  })
})
