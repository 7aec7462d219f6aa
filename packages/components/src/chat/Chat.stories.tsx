import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactElement } from 'react'

import { answer, toolCall, toolMessage, userMessage, withFields } from '../fixtures/messages.ts'
import { recording } from '../fixtures/recordings.ts'
import { demoTools, ReplayedChat } from '../fixtures/ReplayedChat.tsx'
import { inRow, stateOf, staticChat } from '../fixtures/staticChat.ts'
import { Chat } from './index.ts'

const meta: Meta<typeof Chat> = {
  title: 'Chat/Chat',
  component: Chat,
  parameters: { layout: 'fullscreen', docs: { story: { inline: false, height: '560px' } } },
  decorators: [
    (Story): ReactElement => (
      <div className="story-fill">
        <Story />
      </div>
    ),
  ],
}
export default meta

type Story = StoryObj<typeof Chat>

export const FirstScreen: Story = {
  args: {
    chat: staticChat({}),
    suggestions: [
      'What is the capital of France?',
      'What should I wear in Paris today?',
      'Describe Bob, 30, as JSON',
    ],
  },
}

export const Streaming: Story = {
  render: () => (
    <ReplayedChat
      answers={[recording('markdown')]}
      ask="Give me three tips for sleeping well."
      holdAfter={90}
    />
  ),
}

export const Answered: Story = {
  render: (_, { globals }) => (
    <ReplayedChat
      answers={[recording('markdown')]}
      ask="Give me three tips for sleeping well."
      speed={Number(globals['replaySpeed'])}
    />
  ),
}

export const Code: Story = {
  render: (_, { globals }) => (
    <ReplayedChat
      answers={[recording('code')]}
      ask="Write a JavaScript function that reverses a string."
      speed={Number(globals['replaySpeed'])}
    />
  ),
}

export const WithTools: Story = {
  render: (_, { globals }) => (
    <ReplayedChat
      answers={[recording('tool-call'), recording('tool-result')]}
      ask="What is the weather in Paris?"
      speed={Number(globals['replaySpeed'])}
      tools={demoTools}
    />
  ),
}
const packing = inRow([
  userMessage('What should I pack for Paris this weekend?'),
  {
    ...withFields(answer(null, { finishReason: 'tool_calls' }), {
      tool_calls: [
        toolCall('get_weather', { city: 'Paris', unit: 'celsius' }, 'call_1'),
        toolCall('book_train', { to: 'Paris-Nord', day: 'Saturday' }, 'call_2'),
      ],
    }),
    toolRuns: {
      call_1: {
        status: 'done' as const,
        arguments: { city: 'Paris', unit: 'celsius' },
        result: { temperature: 18, sky: 'light rain' },
        durationMs: 340,
      },
      call_2: { status: 'waiting-for-approval' as const, arguments: { to: 'Paris-Nord', day: 'Saturday' } },
    },
  },
  toolMessage('call_1', '{"temperature":18,"sky":"light rain"}'),
])
export const Approval: Story = {
  args: { chat: staticChat({ ...stateOf(packing), status: 'waiting-for-tools' }) },
}
