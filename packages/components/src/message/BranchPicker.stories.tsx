import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, userEvent } from 'storybook/test'

import { BranchPicker } from './BranchPicker.tsx'

/** Goes through the versions of a message. */
const meta: Meta<typeof BranchPicker> = {
  title: 'Chat/BranchPicker',
  component: BranchPicker,
  args: { count: 3, index: 1, onSelect: fn() },
}
export default meta

type Story = StoryObj<typeof BranchPicker>

export const Between: Story = {
  play: async ({ args, canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Next version' }))
    await expect(args.onSelect).toHaveBeenCalledWith(2)
  },
}

export const AtTheEnd: Story = { args: { index: 2 } }

export const RightToLeft: Story = { args: { dir: 'rtl' } }
