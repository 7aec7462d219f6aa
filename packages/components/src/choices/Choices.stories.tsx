import type { ChatAssistantMessage } from '@candor/core'
import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactElement } from 'react'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'

import { answer, userMessage, withLogprobs } from '../fixtures/messages.ts'
import { recording } from '../fixtures/recordings.ts'
import { ReplayedChat } from '../fixtures/ReplayedChat.tsx'
import { inRow, stateOf, staticChat } from '../fixtures/staticChat.ts'
import { inColumn, inWindow } from '../fixtures/storyFrame.tsx'
import { Chat } from '../chat/index.ts'
import { Choices } from './Choices.tsx'

/**
 * All choices of one request (`n`) side by side: each with its text, how it ended, its figures, and the way to go on from
 * it. Where there is no room for all, the row is swiped.
 */
const meta: Meta<typeof Choices> = {
  title: 'Chat/Choices',
  component: Choices,
  decorators: [inColumn],
  args: { shownId: 'choice-0', onUse: fn() },
}
export default meta

type Story = StoryObj<typeof Choices>

const question = 'What is the largest planet in our solar system?'

/** Choices of one request, written by hand for states that no recording has. */
function choicesOf(
  texts: readonly (string | [text: string, overrides: Partial<ChatAssistantMessage>])[],
): ChatAssistantMessage[] {
  return texts.map((given, index) => {
    const [text, overrides] = typeof given === 'string' ? [given, {}] : given
    const message = answer(text, { id: `choice-${index}`, turnId: 'turn', ...overrides })
    return { ...message, choice: { ...message.choice, index } }
  })
}

/** With a log probability for each word, so that there are figures to show. */
function measured(choice: ChatAssistantMessage): ChatAssistantMessage {
  const words = (choice.choice.message.content ?? '').split(/(?= )/)
  return withLogprobs(
    choice,
    words.map((word, place) => [word, -((place * 7 + choice.choice.index * 3) % 11) / 6]),
  )
}

export const Two: Story = {
  args: {
    choices: choicesOf([
      'Bring a raincoat: it will be 18° and drizzling.',
      'Bring a raincoat: it will be 18° and wet most of Saturday.',
    ]).map(measured),
  },
  play: async ({ args, canvas }) => {
    const second = within(canvas.getByRole('article', { name: 'choice 1' }))
    await expect(second.getByText('stop')).toBeVisible()
    await expect(second.getByText(/^mean −\d\.\d\d$/)).toBeVisible()
    await userEvent.click(second.getByRole('button', { name: 'Use this one, choice 1' }))
    await expect(args.onUse).toHaveBeenCalledWith(args.choices[1])
  },
}

export const Three: Story = {
  args: { choices: choicesOf(['Sea Breeze', 'The *Marigold*', 'Halcyon Days']).map(measured) },
}

export const Five: Story = {
  args: {
    choices: choicesOf(['Sea Breeze', 'The Marigold', 'Halcyon Days', 'Northern Light', 'Windfall']).map(
      measured,
    ),
  },
  play: async ({ canvas }) => {
    // What is out of view is within reach of the keyboard, and comes into view with the focus.
    const last = canvas.getByRole('button', { name: 'Use this one, choice 4' })
    last.focus()
    const row = canvas.getByRole('group', { name: '5 choices' })
    await waitFor(() =>
      expect(last.getBoundingClientRect().right).toBeLessThanOrEqual(row.getBoundingClientRect().right),
    )
  },
}

/** Each ends by itself: what has ended can be used while the others are still coming. */
export const OneStillComing: Story = {
  args: {
    choices: choicesOf([
      ['Jupiter.', { status: 'streaming', finishReason: 'stop' }],
      ['The largest planet in our', { status: 'streaming' }],
      [null as unknown as string, { status: 'submitted' }],
    ]),
  },
  play: async ({ args, canvas }) => {
    const [first, second] = [0, 1].map((index) =>
      canvas.getByRole('button', { name: `Use this one, choice ${index}` }),
    )
    await expect(second).toHaveAttribute('aria-disabled', 'true')
    await userEvent.click(second!)
    await expect(args.onUse).not.toHaveBeenCalled()
    await userEvent.click(first!)
    await expect(args.onUse).toHaveBeenCalledTimes(1)
  },
}

export const OneCutOff: Story = {
  args: {
    choices: choicesOf([
      'The largest planet is Jupiter.',
      ['The largest planet in our', { status: 'cut-off', finishReason: null }],
      ['Jupiter, which is made of hydrogen and', { finishReason: 'length' }],
    ]),
  },
}

export const NoLogprobs: Story = {
  args: { choices: choicesOf(['Jupiter.', 'It is Jupiter.']) },
  play: async ({ canvas }) => {
    await expect(canvas.queryByText(/mean/)).toBeNull()
    await expect(canvas.queryByText(/tokens/)).toBeNull()
  },
}

const long = Array.from(
  { length: 12 },
  (_, place) =>
    `${place + 1}. **Jupiter** has ${place + 79} moons, and a storm that is older than any telescope. \`orbit(${place})\``,
).join('\n')

export const VeryLong: Story = {
  args: {
    choices: choicesOf([
      long,
      'Jupiter.',
      'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
    ]),
  },
}

export const RightToLeft: Story = {
  args: {
    choices: choicesOf(['المشتري هو أكبر كواكب المجموعة الشمسية.', 'إنه المشتري.']).map(measured),
    dir: 'rtl',
  },
}

/** The stream stands still after 30 pieces: three choices, interleaved as the server sent them. */
export const StreamingInAChat: Story = {
  decorators: [inWindow],
  parameters: { layout: 'fullscreen' },
  render: () => <ReplayedChat answers={[recording('choices')]} ask={question} holdAfter={30} />,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('group', { name: '3 choices' }, { timeout: 5000 })).toBeVisible()
    for (const index of [0, 1, 2]) {
      const choice = canvas.getByRole('article', { name: `choice ${index}` })
      await waitFor(() => expect(choice.textContent).toMatch(/\w+ \w+/))
    }
  },
}

/** Used, a choice goes on: the others fold into the versions, and unfold again. */
export const ChosenInAChat: Story = {
  decorators: [inWindow],
  parameters: { layout: 'fullscreen' },
  render: (_, { globals }) => (
    <ReplayedChat
      answers={[recording('choices-logprobs')]}
      ask={question}
      speed={Number(globals['replaySpeed'])}
    />
  ),
  play: async ({ canvas }) => {
    const use = await canvas.findByRole('button', { name: 'Use this one, choice 1' }, { timeout: 5000 })
    await waitFor(() => expect(use).toHaveAttribute('aria-disabled', 'false'))
    const second = canvas.getByRole('article', { name: 'choice 1' }).querySelector('.candor-message-parts')
    const text = second?.textContent ?? ''
    await userEvent.click(use)
    const unfold = await canvas.findByRole('button', { name: 'Show all 2 choices side by side' })
    await expect(unfold).toHaveFocus()
    await expect(canvas.getByText('2 / 2')).toBeVisible()
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
export const CutOffInAChat: Story = {
  decorators: [inWindow],
  parameters: { layout: 'fullscreen' },
  render: () => <StillChat />,
  play: async ({ canvas }) => {
    await expect(canvas.getAllByRole('button', { name: 'Retry' })).toHaveLength(1)
    await expect(canvas.getAllByText('cut off')).toHaveLength(2)
  },
}

export const OnAPhone: Story = {
  decorators: [inWindow],
  parameters: { layout: 'fullscreen' },
  globals: { viewport: { value: 'phone' } },
  render: CutOffInAChat.render!,
}

function StillChat(): ReactElement {
  const [asked] = inRow([userMessage(question)])
  const [first, ...others] = choicesOf([
    ['The largest planet in our', { status: 'cut-off', finishReason: null }],
    'Jupiter, by far: it is more than twice as heavy as all other planets together.',
    ['It is', { status: 'cut-off', finishReason: null }],
  ]).map((choice) => ({ ...choice, parentId: 'm0' }))
  return <Chat chat={staticChat(stateOf([asked!, first!], others))} />
}
