import { createTokenSeries, type ChoiceLogprobs, type TokenLogprob } from '@candor/core'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState, type ReactElement } from 'react'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'

import { recording } from '../fixtures/recordings.ts'
import { longAnswer } from './fixtures/longAnswer.ts'
import { packingLogprobs, packingText } from './fixtures/packing.ts'
import { ReplayedAnswer } from './fixtures/ReplayedAnswer.tsx'
import { LogprobsNotice } from './LogprobsNotice.tsx'
import { TokenHeatmap } from './TokenHeatmap.tsx'

const meta: Meta<typeof TokenHeatmap> = {
  title: 'Logprobs/TokenHeatmap',
  component: TokenHeatmap,
  parameters: { layout: 'padded', docs: { story: { height: '320px' } } },
  decorators: [
    (Story): ReactElement => (
      <div style={{ maxInlineSize: '44rem', marginInline: 'auto' }}>
        <Story />
      </div>
    ),
  ],
  args: { text: packingText, logprobs: packingLogprobs },
}
export default meta

type Story = StoryObj<typeof TokenHeatmap>

const marksOf = (canvas: HTMLElement): string[] =>
  Array.from(
    canvas.querySelectorAll('.candor-token-mark'),
    (mark) => `${mark.textContent} ${mark.getAttribute('data-bin')}`,
  )

export const Answer: Story = {
  play: async ({ canvasElement }) => {
    await expect(canvasElement.querySelector('.candor-heatmap-text')?.textContent).toBe(packingText)
    await expect(marksOf(canvasElement)).toEqual([
      'expected 1',
      '18 2',
      'light 1',
      'pack 3',
      'a 1',
      'raincoat 4',
      'warm 2',
      'comfortable 1',
    ])
  },
}

const mixed = [
  'Open',
  ' Par',
  'is.\n\n',
  'باريس',
  ' هي',
  ' العاصمة',
  ' Paris',
  '.\n',
  'Then',
  ' go',
  '\n',
  'on.',
]

/** Each paragraph is read in its own direction; a doubtful line break has a sign where it is. */
export const DirectionsAndLineBreaks: Story = {
  args: {
    text: mixed.join(''),
    logprobs: { content: mixed.map((token, at) => ({ token, logprob: at % 2 === 0 ? -2.5 : -0.9 })) },
  },
  play: async ({ canvasElement }) => {
    await expect(canvasElement.querySelector('.candor-heatmap-text')?.textContent).toBe(mixed.join(''))
    await expect(canvasElement.querySelectorAll('.candor-token-break')).toHaveLength(4)
  },
}

/** Beside the picture: the alternatives of a token, with a way on from each. */
export const Alternatives: Story = {
  args: { defaultActiveIndex: 14, open: true, onBranch: fn() },
  play: async ({ args, canvasElement }) => {
    const dialog = await within(canvasElement).findByRole('dialog', {
      name: 'What else could stand for “pack”',
    })
    await expect(within(dialog).getByText('rank 2 · 2.9 bits')).toBeVisible()
    const rows = within(dialog)
      .getAllByRole('listitem')
      .map((row) => row.textContent)
    await expect(rows).toEqual([
      '·bring41.0%↳continue with it',
      '·pack13.4%',
      '·take9.2%↳continue with it',
      'others36.4%',
    ])
    await userEvent.click(within(dialog).getByRole('button', { name: '·bring 41.0% continue with it' }))
    await expect(args.onBranch).toHaveBeenCalledWith(
      expect.objectContaining({ token: ' bring', bytes: [32, 98, 114, 105, 110, 103] }),
      14,
    )
  },
}

export const WithoutBranching: Story = {
  args: { defaultActiveIndex: 16, open: true },
  play: async ({ canvasElement }) => {
    const dialog = await within(canvasElement).findByRole('dialog')
    await expect(within(dialog).queryByRole('button')).toBeNull()
    await expect(within(dialog).queryByText(/continue from here/)).toBeNull()
  },
}

export const Keyboard: Story = {
  args: { onBranch: fn() },
  play: async ({ canvasElement, step }) => {
    const canvas = within(canvasElement)
    await userEvent.tab()
    const cursor = canvas.getByRole('button')
    await expect(cursor).toHaveFocus()
    await step('one tab stop, which says its token', async () => {
      await expect(cursor).toHaveAccessibleName('“Paris”, 96.0%, rank 1')
    })
    await step('arrows go from token to token', async () => {
      await userEvent.keyboard('{ArrowRight}{ArrowRight}')
      await expect(cursor).toHaveAccessibleName('“expected”, 61.0%, rank 1; next “going” 14.0%')
      await waitFor(() =>
        expect(canvas.getByRole('status')).toHaveTextContent('“expected”, 61.0%, rank 1; next “going” 14.0%'),
      )
    })
    await step('n goes to the next doubt, N to the next token that was not the likeliest', async () => {
      await userEvent.keyboard('n')
      await expect(cursor).toHaveAccessibleName(/^“18”/)
      await userEvent.keyboard('N')
      await expect(cursor).toHaveAccessibleName(/^“pack”, 13\.4%, rank 2; likeliest “bring” 41\.0%/)
    })
    await step('Enter shows the alternatives, Escape closes them and comes back', async () => {
      await userEvent.keyboard('{Enter}')
      await expect(canvas.getByRole('dialog', { name: /pack/ })).toBeVisible()
      await waitFor(() => expect(canvas.getByRole('button', { name: /·bring/ })).toHaveFocus())
      await userEvent.keyboard('{ArrowDown}')
      await expect(canvas.getByRole('button', { name: /·take/ })).toHaveFocus()
      await userEvent.keyboard('{Escape}')
      await expect(canvas.queryByRole('dialog')).toBeNull()
      await expect(cursor).toHaveFocus()
    })
  },
}

export const Streaming: Story = {
  render: () => (
    <ReplayedAnswer holdAfter={20} recording={recording('doubt-logprobs')} speed={1}>
      {(answer) => <TokenHeatmap {...answer} />}
    </ReplayedAnswer>
  ),
  play: async ({ canvasElement }) => {
    await waitFor(() =>
      expect(canvasElement.querySelectorAll('.candor-token-mark').length).toBeGreaterThan(1),
    )
    await expect(canvasElement.querySelector('.candor-caret')).toBeVisible()
  },
}

/** A wrong answer, whose figures show the doubt. At the speed of the toolbar. */
export const Recorded: Story = {
  render: (_, { globals }) => (
    <ReplayedAnswer recording={recording('doubt-logprobs')} speed={Number(globals['replaySpeed'])}>
      {(answer) => <TokenHeatmap {...answer} />}
    </ReplayedAnswer>
  ),
  play: async ({ canvasElement }) => {
    await waitFor(() =>
      expect(canvasElement.querySelector('.candor-heatmap')).not.toHaveAttribute('data-streaming'),
    )
    await expect(canvasElement.querySelector('.candor-heatmap')).toHaveAttribute('data-mode', 'exact')
    await expect(canvasElement.querySelector('.candor-heatmap-text')?.textContent).toMatch(
      /^The largest planet in our solar system is/,
    )
  },
}

export const Unicode: Story = {
  render: (_, { globals }) => (
    <ReplayedAnswer recording={recording('unicode-joined-logprobs')} speed={Number(globals['replaySpeed'])}>
      {(answer) => <TokenHeatmap {...answer} />}
    </ReplayedAnswer>
  ),
  play: async ({ canvasElement }) => {
    await waitFor(() =>
      expect(canvasElement.querySelector('.candor-heatmap')).not.toHaveAttribute('data-streaming'),
    )
    await expect(canvasElement.querySelector('.candor-heatmap')).toHaveAttribute('data-mode', 'exact')
  },
}

const bytes = (text: string): number[] => Array.from(new TextEncoder().encode(text))

function answerOf(tokens: [token: string | number[], probability: number][]): ChoiceLogprobs {
  return {
    content: tokens.map(([token, probability]): TokenLogprob => {
      const entry = {
        token: typeof token === 'string' ? token : token.map((byte) => `\\x${byte.toString(16)}`).join(''),
        logprob: Math.log(probability),
        bytes: typeof token === 'string' ? bytes(token) : token,
      }
      return {
        ...entry,
        top_logprobs: [entry, { token: ' �', logprob: Math.log((1 - probability) / 2), bytes: null }],
      }
    }),
    refusal: null,
  }
}

/** Three tokens make the heart: it is one stop of the cursor, and each of its tokens has alternatives. */
export const EmojiOfSeveralTokens: Story = {
  args: {
    text: 'With love 💙 and 👩‍👩‍👧.',
    logprobs: answerOf([
      ['With', 0.6],
      [' love', 0.98],
      [[0x20, 0xf0, 0x9f], 0.4],
      [[0x92], 0.7],
      [[0x99], 0.5],
      [' and', 0.95],
      [' 👩', 0.2],
      ['\u200d', 0.9],
      ['👩', 0.5],
      ['\u200d', 0.99],
      ['👧', 0.4],
      ['.', 0.99],
    ]),
    defaultActiveIndex: 2,
    open: true,
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await expect(marksOf(canvasElement)).toEqual(['With 1', '💙 3', '👩‍👩‍👧 4'])
    const parts = await canvas.findByRole('group', { name: '3 tokens make this character' })
    await userEvent.click(within(parts).getByRole('button', { name: '92' }))
    await expect(canvas.getByText('rank 1 · 0.5 bits')).toBeVisible()
  },
}

/** In a right-to-left paragraph the left arrow goes onward, and marks do not part joined letters. */
export const RightToLeft: Story = {
  args: {
    text: 'عاصمة فرنسا هي باريس.\nבירת צרפת היא פריז.',
    logprobs: answerOf([
      ['عا', 0.4],
      ['صمة', 0.99],
      [' فرنسا', 0.7],
      [' هي', 0.97],
      [' باري', 0.15],
      ['س', 0.99],
      ['.', 0.99],
      ['\n', 0.2],
      ['בירת', 0.6],
      [' צרפת', 0.99],
      [' היא', 0.3],
      [' פריז', 0.04],
      ['.', 0.99],
    ]),
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await userEvent.tab()
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}')
    await expect(canvas.getByRole('button')).toHaveAccessibleName(/^“فرنسا”/)
  },
}

/** −9999: not among those reported. It is marked as the most surprising, and no figure is made up for it. */
export const FloorSentinels: Story = {
  args: {
    text: 'The answer is forty-two.',
    series: createTokenSeries([
      { token: 'The', logprob: -0.05, bytes: null, top_logprobs: [{ token: 'The', logprob: -0.05 }] },
      { token: ' answer', logprob: -0.1, bytes: null, top_logprobs: [{ token: ' answer', logprob: -0.1 }] },
      { token: ' is', logprob: -0.01, bytes: null, top_logprobs: [{ token: ' is', logprob: -0.01 }] },
      {
        token: ' forty',
        logprob: -9999,
        bytes: null,
        top_logprobs: [
          { token: ' ', logprob: Math.log(0.9) },
          { token: ' a', logprob: Math.log(0.06) },
          { token: ' the', logprob: Math.log(0.02) },
        ],
      },
      { token: '-two', logprob: -0.3, bytes: null, top_logprobs: [{ token: '-two', logprob: -0.3 }] },
      { token: '.', logprob: -0.01, bytes: null, top_logprobs: [{ token: '.', logprob: -0.01 }] },
    ]).snapshot(),
    defaultActiveIndex: 3,
    open: true,
  },
  play: async ({ canvasElement }) => {
    const dialog = await within(canvasElement).findByRole('dialog')
    await expect(within(dialog).getByText('rank 4 or lower · ≥ 5.6 bits')).toBeVisible()
    await expect(within(dialog).getByText('<2.0%')).toBeVisible()
  },
}

export const Refusal: Story = {
  args: {
    part: 'refusal',
    text: 'I cannot help with that.',
    logprobs: {
      content: null,
      refusal: answerOf([
        ['I', 0.8],
        [' cannot', 0.45],
        [' help', 0.95],
        [' with', 0.99],
        [' that', 0.7],
        ['.', 0.99],
      ]).content,
    },
  },
  play: async ({ canvasElement }) => {
    await expect(marksOf(canvasElement)).toEqual(['I 1', 'cannot 2', 'that 1'])
  },
}

/** Without probabilities it is the text, and nothing to stop at. */
export const None: Story = {
  args: { text: packingText, logprobs: null },
  render: (args) => (
    <>
      <TokenHeatmap {...args} />
      <LogprobsNotice absence="not-requested" logprobs={null} style={{ marginBlockStart: 12 }} />
    </>
  ),
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await expect(canvasElement.querySelector('.candor-heatmap')).toHaveAttribute('data-mode', 'none')
    await expect(canvas.queryByRole('button')).toBeNull()
    await expect(canvas.getByText(/were not asked for/)).toBeVisible()
  },
}

/** The tokens of a tool call, which no text is made of, stand for themselves. */
export const WithoutText: Story = {
  args: {
    text: '',
    logprobs: answerOf([
      ['get', 0.9],
      ['_weather', 0.97],
      ['\n', 0.99],
      ['{"', 0.99],
      ['city', 0.7],
      ['":"', 0.99],
      ['Paris', 0.3],
      ['"}', 0.99],
    ]),
  },
  play: async ({ canvasElement }) => {
    await expect(canvasElement.querySelector('.candor-heatmap-text')?.textContent).toBe(
      'get _weather ↵ {" city ":" Paris "} ',
    )
  },
}

const long = longAnswer(32_000, 20)

/** 32,000 tokens with 20 alternatives each: only what is near the screen is cut up into marks. */
export const VeryLong: Story = {
  args: { text: long.text, logprobs: null, series: long.series },
  parameters: { docs: { disable: true } },
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelectorAll('[data-far]').length).toBeGreaterThan(200))
    await expect(canvasElement.querySelectorAll('*').length).toBeLessThan(4_000)
    await expect(canvasElement.querySelector('.candor-heatmap-text')?.textContent).toBe(long.text)
  },
}

function Controlled(): ReactElement {
  const [active, setActive] = useState<number | null>(null)
  return (
    <>
      <p>
        <button onClick={() => setActive(16)} type="button">
          Show me “raincoat”
        </button>
      </p>
      <TokenHeatmap
        activeIndex={active}
        logprobs={packingLogprobs}
        onActiveIndexChange={setActive}
        text={packingText}
      />
    </>
  )
}

/** What is looked at can be said from outside. */
export const ControlledFromOutside: Story = {
  render: () => <Controlled />,
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await userEvent.click(canvas.getByRole('button', { name: 'Show me “raincoat”' }))
    await waitFor(() => expect(canvasElement.querySelector('.candor-token-ring')).toBeVisible())
    await expect(canvas.getByRole('button', { name: /^“raincoat”, 2\.9%/ })).toBeInTheDocument()
  },
}
