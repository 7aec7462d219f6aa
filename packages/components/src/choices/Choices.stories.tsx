import type { ChatAssistantMessage } from '@candor/core'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'

import { answer, withLogprobs } from '../fixtures/messages.ts'
import { inColumn } from '../fixtures/storyFrame.tsx'
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
  play: async ({ args, canvas, step }) => {
    await step('the words at which they part are marked', () =>
      waitFor(async () => {
        const marked = Array.from(CSS.highlights.get('candor-fork') ?? [], String)
        await expect(marked).toEqual(['drizzling.', 'wet'])
      }),
    )
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
