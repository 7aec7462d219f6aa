import type { ChoiceLogprobs } from '@candor/core'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { useState, type ReactElement } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'

import { recording } from '../fixtures/recordings.ts'
import { longAnswer } from './fixtures/longAnswer.ts'
import { packingLogprobs, packingText } from './fixtures/packing.ts'
import { ReplayedAnswer } from './fixtures/ReplayedAnswer.tsx'
import { LogprobsLegend } from './LogprobsLegend.tsx'
import { LogprobsNotice } from './LogprobsNotice.tsx'
import { LogprobsSummary } from './LogprobsSummary.tsx'
import { LogprobsTimeline } from './LogprobsTimeline.tsx'
import { TokenHeatmap } from './TokenHeatmap.tsx'
import { UncertainPassages } from './UncertainPassages.tsx'
import { useTokens, type TokensProps } from './useTokenAlignment.ts'

interface PanelProps extends TokensProps {
  text: string
  streaming?: boolean
  withAnswer?: boolean
}

/** The parts as the demo's inspector has them, in step with an answer. */
function Panel({ text, streaming = false, withAnswer = false, ...tokens }: PanelProps): ReactElement {
  const series = useTokens(tokens)
  const [active, setActive] = useState<number | null>(null)
  const panel = (
    <div
      style={{
        display: 'grid',
        gap: 20,
        inlineSize: 320,
        maxInlineSize: '100%',
        padding: 16,
        boxSizing: 'border-box',
        background: 'var(--candor-surface)',
      }}
    >
      <LogprobsLegend />
      <LogprobsTimeline activeIndex={active} onActiveIndexChange={setActive} series={series} />
      <LogprobsSummary series={series} />
      <UncertainPassages activeIndex={active} onSelectToken={setActive} series={series} text={text} />
      <LogprobsNotice series={series} streaming={streaming} temperature={0.7} text={text} />
    </div>
  )
  if (!withAnswer) return panel
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 24 }}>
      <div style={{ flex: '1 1 20rem' }}>
        <TokenHeatmap
          activeIndex={active}
          onActiveIndexChange={setActive}
          series={series}
          streaming={streaming}
          text={text}
        />
      </div>
      {panel}
    </div>
  )
}

const meta: Meta<typeof Panel> = {
  title: 'Logprobs/Panel',
  component: Panel,
  parameters: { layout: 'padded' },
  args: { text: packingText, logprobs: packingLogprobs },
}
export default meta

type Story = StoryObj<typeof Panel>

export const Answer: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await expect(
      within(canvas.getByRole('region', { name: 'Where it wavered' }))
        .getAllByRole('button')
        .map((passage) => passage.textContent),
    ).toEqual([
      'a raincoat, warm5.1 bits',
      'so pack a2.9 bits',
      'around 18 degrees1.7 bits',
      'raincoat, warm layers1.4 bits',
    ])
    await expect(
      canvas.getByText(/It says how sure the model was of the word, not whether the sentence is true\.$/),
    ).toBeVisible()
  },
}

export const InStepWithTheAnswer: Story = {
  args: { withAnswer: true },
  play: async ({ canvasElement, step }) => {
    const canvas = within(canvasElement)
    await step('a passage leads to its token', async () => {
      await userEvent.click(canvas.getByRole('button', { name: /so pack a/ }))
      await expect(canvas.getByRole('button', { name: /^“pack”, 13\.4%/ })).toBeInTheDocument()
      await expect(canvasElement.querySelector('.candor-timeline-bar[data-active]')).toHaveAttribute(
        'data-token',
        '14',
      )
    })
    await step('so does the timeline, by key', async () => {
      const timeline = canvas.getByRole('slider')
      timeline.focus()
      await userEvent.keyboard('{ArrowRight}{ArrowRight}')
      await expect(timeline).toHaveAttribute('aria-valuetext', '“raincoat”, 5.1 bits')
      await expect(canvas.getByRole('button', { name: /^“raincoat”/ })).toBeInTheDocument()
    })
  },
}

export const Streaming: Story = {
  render: (_, { globals }) => (
    <ReplayedAnswer recording={recording('prose-logprobs')} speed={Number(globals['replaySpeed'])}>
      {(answer) => <Panel {...answer} withAnswer />}
    </ReplayedAnswer>
  ),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(within(canvasElement).getByText('48')).toBeVisible())
  },
}

export const VeryLong: Story = {
  render: () => {
    const { text, series } = longAnswer(32_000, 2)
    return <Panel series={series} text={text} />
  },
  play: async ({ canvasElement }) => {
    await expect(canvasElement.querySelectorAll('.candor-timeline-bar').length).toBeLessThanOrEqual(120)
    await expect(within(canvasElement).getByText('32,000')).toBeVisible()
  },
}

const odd: ChoiceLogprobs = {
  content: [
    { token: '```', logprob: -9.25, bytes: null, top_logprobs: [{ token: 'Bob', logprob: -1.09 }] },
    { token: '{"name"', logprob: -0.2, bytes: null, top_logprobs: [{ token: '{"name"', logprob: -0.2 }] },
    { token: ': "Bob"', logprob: -9999, bytes: null, top_logprobs: [{ token: ': "', logprob: -0.1 }] },
    { token: '}', logprob: -0.01, bytes: null, top_logprobs: [{ token: '}', logprob: -0.01 }] },
  ],
}

/** What makes the figures worth less is said. */
export const Warnings: Story = {
  args: { text: '{"name": "Bob"}', logprobs: odd },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await expect(
      canvas.getByText(
        '1 token has no figure, only “less likely than those listed”. The means leave it out.',
      ),
    ).toBeVisible()
    await expect(canvas.getByText(/^1 token is not in the text/)).toBeVisible()
  },
}

export const None: Story = {
  args: { text: packingText, logprobs: null },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await expect(
      canvas.getByText('Token probabilities were asked for, but this server sent none.'),
    ).toBeVisible()
    await expect(canvas.getByRole('img', { name: 'No figures yet' })).toBeInTheDocument()
    await expect(canvas.queryByText(/^Nowhere/)).toBeNull()
  },
}
