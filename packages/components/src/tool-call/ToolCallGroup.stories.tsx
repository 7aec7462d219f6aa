import type { Meta, StoryObj } from '@storybook/react-vite'

import { toolCall } from '../fixtures/messages.ts'
import { inColumn } from '../fixtures/storyFrame.tsx'
import { ToolCall } from './ToolCall.tsx'
import { ToolCallGroup } from './ToolCallGroup.tsx'

/** Calls that the model asked for at once. */
const meta: Meta<typeof ToolCallGroup> = {
  title: 'Tools/ToolCallGroup',
  component: ToolCallGroup,
  decorators: [inColumn],
}
export default meta

export const AtOnce: StoryObj<typeof ToolCallGroup> = {
  args: {
    count: 3,
    children: (
      <>
        <ToolCall
          call={toolCall('get_weather', { city: 'Paris' })}
          run={{ status: 'done', result: { temperature: 18 }, durationMs: 340 }}
        />
        <ToolCall call={toolCall('get_weather', { city: 'London' })} run={{ status: 'running' }} />
        <ToolCall call={toolCall('book_train', { to: 'Paris-Nord' })} run={{ status: 'denied' }} />
      </>
    ),
  },
}
