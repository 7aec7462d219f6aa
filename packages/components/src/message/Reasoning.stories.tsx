import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent } from 'storybook/test'

import { inColumn } from '../fixtures/storyFrame.tsx'
import { Reasoning } from './Reasoning.tsx'

/** What the model thought before it answered: closed until asked for, so that the answer does not jump. */
const meta: Meta<typeof Reasoning> = {
  title: 'Chat/Reasoning',
  component: Reasoning,
  decorators: [inColumn],
  args: { text: 'The user packs for a weekend, so rain on Saturday matters more than the mean.' },
}
export default meta

type Story = StoryObj<typeof Reasoning>

export const Closed: Story = {
  args: { durationMs: 2100 },
  play: async ({ canvas }) => {
    const trigger = canvas.getByRole('button', { name: 'Thought for 2.1 s' })
    await expect(trigger).toHaveAttribute('aria-expanded', 'false')
    trigger.focus()
    await userEvent.keyboard('{Enter}')
    await expect(canvas.getByText(/rain on Saturday/)).toBeVisible()
    await userEvent.keyboard('{Enter}')
    await expect(trigger).toHaveAttribute('aria-expanded', 'false')
  },
}

export const Open: Story = { args: { durationMs: 2100, defaultOpen: true } }

export const Thinking: Story = { args: { streaming: true } }

export const ThinkingInTheOpen: Story = { args: { streaming: true, defaultOpen: true } }
