import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent } from 'storybook/test'

import { answer, toolCall, toolMessage, userMessage, withFields } from '../fixtures/messages.ts'
import { inColumn } from '../fixtures/storyFrame.tsx'
import { Message } from './Message.tsx'

/** One message. The user's stands in a bubble; an answer is text, with every part that the server sent. */
const meta: Meta<typeof Message> = {
  title: 'Chat/Message',
  component: Message,
  decorators: [inColumn],
}
export default meta

type Story = StoryObj<typeof Message>

const picture =
  'data:image/svg+xml;utf8,<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"><rect width="240" height="160" fill="%23e3e0d9"/><circle cx="170" cy="54" r="22" fill="%233b49b8"/><path d="M0 160 80 80l60 50 40-30 60 60z" fill="%23918b80"/></svg>'

export const OfTheUser: Story = {
  args: { message: userMessage('What should I pack for Paris this weekend?') },
}

export const OfTheUserLong: Story = {
  args: {
    message: userMessage(
      'Here is what I have so far:\n\n- a coat\n- an umbrella\n\n' +
        'and a very long list of other things, '.repeat(12),
    ),
  },
}

export const OfTheUserWithFiles: Story = {
  args: {
    message: userMessage([
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: picture } },
      { type: 'file', file: { filename: 'itinerary.pdf', file_data: '' } },
      { type: 'image_url', image_url: { url: 'https://example.com/cat.png' } },
    ]),
  },
  play: async ({ canvas }) => {
    await expect(canvas.getAllByRole('img')).toHaveLength(1)
    await expect(canvas.getByText('itinerary.pdf')).toBeVisible()
  },
}

export const Answer: Story = {
  args: {
    message: answer(
      'Paris is around **18 degrees** with light rain, so pack:\n\n1. a raincoat\n2. warm layers\n3. comfortable shoes',
    ),
  },
}

export const BeforeTheFirstToken: Story = {
  args: { message: answer(null, { status: 'submitted' }) },
}

export const Streaming: Story = {
  args: { message: answer('Paris is around **18 deg', { status: 'streaming' }) },
  play: async ({ canvas }) => {
    await expect((await canvas.findByText('18 deg')).tagName).toBe('STRONG')
  },
}

export const Refusal: Story = {
  args: {
    message: withFields(answer(null), { refusal: 'I can help you study, but I will not sit the exam.' }),
  },
}

export const WithSources: Story = {
  args: {
    message: withFields(answer('Paris has about two million people.'), {
      annotations: [
        {
          type: 'url_citation',
          url_citation: { url: 'https://example.com/paris', title: 'Paris in figures' },
        },
        { type: 'url_citation', url_citation: { url: 'https://example.com/census' } },
      ],
    }),
  },
}

/** A field that the kit does not know is shown, never dropped. */
export const WithFieldsOfTheServer: Story = {
  args: {
    message: withFields(answer('Paris.'), {
      safety: { category: 'none', scores: { violence: 0.001, hate: 0 } },
    }),
  },
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByText('Also sent: safety'))
    await expect(canvas.getByText(/0\.001/)).toBeVisible()
  },
}

export const WithAToolCall: Story = {
  args: {
    message: {
      ...withFields(answer('Let me look.'), { tool_calls: [toolCall('get_weather', { city: 'Paris' })] }),
      toolRuns: {
        call_1: {
          status: 'done',
          arguments: { city: 'Paris' },
          result: { temperature: 18 },
          durationMs: 340,
        },
      },
    },
  },
}

export const ResultOfATool: Story = {
  args: { message: toolMessage('call_1', '{"temperature":18}') },
}

export const Instructions: Story = {
  args: {
    message: {
      id: 's',
      parentId: null,
      createdAt: 0,
      role: 'system',
      message: { role: 'system', content: 'Answer in one sentence.' },
    },
  },
}
