import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn } from 'storybook/test'

import { inColumn } from '../fixtures/storyFrame.tsx'
import { InterruptedNotice } from './InterruptedNotice.tsx'

/** An answer that a reload cut off. */
const meta: Meta<typeof InterruptedNotice> = {
  title: 'Chat/InterruptedNotice',
  component: InterruptedNotice,
  decorators: [inColumn],
  args: { tokens: 17, onContinue: fn(), onRetry: fn() },
}
export default meta

type Story = StoryObj<typeof InterruptedNotice>

export const Counted: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByText('17 tokens are kept.')).toBeVisible()
  },
}

export const NotCounted: Story = {
  render: () => <InterruptedNotice onRetry={fn()} />,
}
