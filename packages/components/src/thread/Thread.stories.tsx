import type { Meta, StoryObj } from '@storybook/react-vite'
import { useEffect, useState, type ReactElement } from 'react'
import { expect, waitFor } from 'storybook/test'

import { answer, userMessage } from '../fixtures/messages.ts'
import { inWindow } from '../fixtures/storyFrame.tsx'
import { Message } from '../message/Message.tsx'
import { Thread } from './Thread.tsx'

/** What scrolls. It stays at the end while text arrives, until the reader scrolls up. */
const meta: Meta<typeof Thread> = {
  title: 'Chat/Thread',
  component: Thread,
  decorators: [inWindow],
  parameters: { layout: 'fullscreen', docs: { story: { inline: false, height: '480px' } } },
}
export default meta

type Story = StoryObj<typeof Thread>

const sentence = 'One sentence after the other, as they come. '

export const Empty: Story = {
  args: { empty: <p style={{ textAlign: 'center' }}>Nothing was said yet.</p> },
}

export const Messages: Story = {
  args: {
    children: (
      <>
        <Message message={userMessage('What is the capital of France?')} />
        <Message message={answer('The capital of France is **Paris**.')} />
      </>
    ),
  },
}

/** A line comes ten times a second. Scroll up: it lets you go, and the button leads back. */
export const Growing: Story = {
  render: function Growing(args): ReactElement {
    const [count, setCount] = useState(200)
    useEffect(() => {
      const timer = setInterval(() => setCount((before) => Math.min(600, before + 1)), 100)
      return () => clearInterval(timer)
    }, [])
    return (
      <Thread {...args} status="streaming">
        <Message message={userMessage('Go on.')} />
        <Message message={answer(sentence.repeat(count), { status: 'streaming' })} />
      </Thread>
    )
  },
  play: async ({ canvas }) => {
    const log = canvas.getByRole('log')
    await waitFor(() => expect(log.scrollTop).toBeGreaterThan(0))
    log.scrollTop = 0
    await waitFor(() => expect(canvas.getByRole('button', { name: 'To the end' })).toBeVisible())
  },
}

/** In parts, with a footer of one's own. */
export const InParts: Story = {
  render: () => (
    <Thread.Root>
      <Thread.Viewport>
        <Thread.Messages>
          <Message message={userMessage('What is the capital of France?')} />
          <Message message={answer('Paris.')} />
        </Thread.Messages>
      </Thread.Viewport>
      <Thread.ScrollToBottom />
      <p style={{ margin: 0, padding: 16, textAlign: 'center' }}>A footer of the app</p>
    </Thread.Root>
  ),
}
