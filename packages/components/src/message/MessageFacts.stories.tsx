import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'

import { answer } from '../fixtures/messages.ts'
import { MessageFacts } from './MessageFacts.tsx'

/** The facts of an answer, always in the same order. What is not known is left out, never guessed. */
const meta: Meta<typeof MessageFacts> = { title: 'Chat/MessageFacts', component: MessageFacts }
export default meta

type Story = StoryObj<typeof MessageFacts>

const usage = { prompt_tokens: 9, completion_tokens: 31, total_tokens: 40 }

export const Finished: Story = {
  args: { message: answer('x', { usage, seed: '7' }) },
  play: async ({ canvasElement }) => {
    await expect(canvasElement).toHaveTextContent('stopttft 0.21 s94 tok/s31 tokensseed 7')
  },
}

export const Streaming: Story = {
  args: { message: answer('x', { usage: { ...usage, completion_tokens: 17 }, status: 'streaming' }) },
}

export const Stopped: Story = {
  args: { message: answer('x', { status: 'stopped', finishReason: null }) },
}

export const NothingCounted: Story = {
  args: { message: answer('x', { timings: { startedAt: 0 } }) },
}
