import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent } from 'storybook/test'

import { inColumn } from '../fixtures/storyFrame.tsx'
import { JsonView } from './JsonView.tsx'

/** A JSON value to read. */
const meta: Meta<typeof JsonView> = { title: 'Tools/JsonView', component: JsonView, decorators: [inColumn] }
export default meta

type Story = StoryObj<typeof JsonView>

export const Short: Story = { args: { value: { temperature: 18, sky: 'light rain' } } }

export const Nested: Story = {
  args: {
    value: {
      id: 'chatcmpl-1',
      usage: {
        prompt_tokens: 9,
        completion_tokens: 31,
        details: { cached: 0, reasoning: 0, accepted_prediction_tokens: 0 },
      },
      stop: null,
      text: 'Words that go on and on. '.repeat(30),
    },
  },
}

/** A hundred thousand entries, a page at a time. */
export const Huge: Story = {
  args: { value: Array.from({ length: 100_000 }, (_, n) => `row ${n}`) },
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByText('100,000 items'))
    await expect(await canvas.findByText('"row 49"')).toBeVisible()
    await expect(canvas.getByRole('button', { name: '99,950 more' })).toBeVisible()
  },
}
