import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent } from 'storybook/test'

import { ActionBar } from './ActionBar.tsx'

/** What can be done with a message. */
const meta: Meta<typeof ActionBar> = { title: 'Chat/ActionBar', component: ActionBar }
export default meta

type Story = StoryObj<typeof ActionBar>

export const OfAnAnswer: Story = {
  render: () => (
    <ActionBar>
      <ActionBar.Copy value="Paris." />
      <ActionBar.Regenerate />
      <ActionBar.Tokens pressed />
    </ActionBar>
  ),
  play: async ({ canvas }) => {
    await expect(
      canvas.getByRole('button', { name: 'Show token probabilities', pressed: true }),
    ).toBeVisible()
    await userEvent.tab()
    await expect(canvas.getByRole('button', { name: 'Copy' })).toHaveFocus()
  },
}

export const OfTheUser: Story = {
  render: () => (
    <ActionBar>
      <ActionBar.Copy value="Hello" />
      <ActionBar.Edit />
    </ActionBar>
  ),
}

export const WhileBusy: Story = {
  render: () => (
    <ActionBar>
      <ActionBar.Copy value="Paris." />
      <ActionBar.Regenerate disabled />
    </ActionBar>
  ),
}
