import type { ChatAssistantMessage } from '@candor/core'
import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactElement } from 'react'
import { expect, userEvent, waitFor } from 'storybook/test'

import { answer, userMessage } from '../fixtures/messages.ts'
import { recording } from '../fixtures/recordings.ts'
import { ReplayedChat } from '../fixtures/ReplayedChat.tsx'
import { inRow, stateOf, staticChat } from '../fixtures/staticChat.ts'
import { inWindow } from '../fixtures/storyFrame.tsx'
import { Chat } from './index.ts'

/** What a chat does with the choices of one request: side by side until one is used, then versions that unfold again. */
const meta: Meta<typeof Chat> = {
  title: 'Chat/Choices in a chat',
  component: Chat,
  decorators: [inWindow],
  parameters: { layout: 'fullscreen', docs: { story: { inline: false, height: '420px' } } },
}
export default meta

type Story = StoryObj<typeof Chat>

const question = 'What is the largest planet in our solar system?'

/** The stream stands still after 30 pieces: three choices, interleaved as the server sent them. */
export const Streaming: Story = {
  render: () => <ReplayedChat answers={[recording('choices')]} ask={question} holdAfter={30} />,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('group', { name: '3 choices' }, { timeout: 5000 })).toBeVisible()
    for (const index of [0, 1, 2]) {
      const card = canvas.getByRole('article', { name: `choice ${index}` })
      await waitFor(() => expect(card.textContent).toMatch(/\w+ \w+/))
    }
  },
}

/** Used, a choice goes on: the others fold into the versions, and unfold again. */
export const Chosen: Story = {
  render: (_, { globals }) => (
    <ReplayedChat
      answers={[recording('choices-logprobs')]}
      ask={question}
      speed={Number(globals['replaySpeed'])}
    />
  ),
  play: async ({ canvas }) => {
    await canvas.findByRole('button', { name: 'Answer again' }, { timeout: 5000 })
    const use = canvas.getByRole('button', { name: 'Use this one, choice 1' })
    await expect(use).toHaveAttribute('aria-disabled', 'false')
    const second = canvas.getByRole('article', { name: 'choice 1' }).querySelector('.candor-message-parts')
    const text = second?.textContent ?? ''
    await userEvent.click(use)
    const unfold = await canvas.findByRole('button', { name: 'Show all 2 choices side by side' })
    await expect(unfold).toHaveFocus()
    await expect(await canvas.findByText('2 / 2')).toBeVisible()
    await waitFor(() =>
      expect(
        canvas.getByRole('article', { name: 'Answer' }).querySelector('.candor-message-parts')?.textContent,
      ).toBe(text),
    )
    await userEvent.click(unfold)
    await expect(canvas.getByRole('article', { name: 'choice 1' })).toHaveAttribute('data-shown')
  },
}

/** The server was gone in the middle: said once, with one way on. */
export const CutOff: Story = {
  render: () => <StillChat />,
  play: async ({ canvas }) => {
    await expect(canvas.getAllByRole('button', { name: 'Retry' })).toHaveLength(1)
    await expect(canvas.getAllByText('cut off')).toHaveLength(2)
  },
}

export const OnAPhone: Story = {
  globals: { viewport: { value: 'phone' } },
  render: CutOff.render!,
}

function StillChat(): ReactElement {
  const [asked] = inRow([userMessage(question)])
  const cutOff = { status: 'cut-off', finishReason: null } as const
  const others = [
    choice(1, 'Jupiter, by far: it is more than twice as heavy as all other planets together.'),
    choice(2, 'It is', cutOff),
  ]
  return <Chat chat={staticChat(stateOf([asked!, choice(0, 'The largest planet in our', cutOff)], others))} />
}

function choice(
  index: number,
  text: string,
  overrides: Partial<ChatAssistantMessage> = {},
): ChatAssistantMessage {
  const message = answer(text, { id: `choice-${index}`, parentId: 'm0', turnId: 'turn', ...overrides })
  return { ...message, choice: { ...message.choice, index } }
}
