import type { ToolRun } from '@candor/core'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, userEvent } from 'storybook/test'

import { toolCall } from '../fixtures/messages.ts'
import { inColumn } from '../fixtures/storyFrame.tsx'
import { ToolCall } from './ToolCall.tsx'

/** A tool call from its first argument to its result. */
const meta: Meta<typeof ToolCall> = { title: 'Tools/ToolCall', component: ToolCall, decorators: [inColumn] }
export default meta

type Story = StoryObj<typeof ToolCall>

const flights = { from: 'OSL', to: 'CDG' }
const search = toolCall('search_flights', flights)
const weather = toolCall('get_weather', { city: 'Paris', unit: 'celsius' })
const train = toolCall('book_train', { to: 'Paris-Nord', day: 'Saturday' })

/** A story of one state. */
const inState = (run: ToolRun, call = search, more: Story['args'] = {}): Story => ({
  args: { call, run, ...more },
})

export const ArgumentsArriving: Story = inState(
  { status: 'arguments-streaming', arguments: { from: 'OSL', to: 'CD' } },
  toolCall('search_flights', '{"from":"OSL","to":"CD'),
)

export const WaitingForApproval: Story = {
  ...inState({ status: 'waiting-for-approval' }, train, { onApprove: fn(), onDeny: fn() }),
  play: async ({ args, canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Allow' }))
    await expect(args.onApprove).toHaveBeenCalledTimes(1)
  },
}

export const WaitingForAResult: Story = {
  ...inState({ status: 'waiting-for-result' }, toolCall('ask_user', { question: 'Window or aisle?' }), {
    onResult: fn(),
  }),
  play: async ({ args, canvas }) => {
    await userEvent.type(canvas.getByRole('textbox'), 'window{Enter}')
    await expect(args.onResult).toHaveBeenCalledWith('window')
  },
}

export const Running: Story = inState(
  { status: 'running', arguments: flights, progress: { fraction: 0.61, text: '14 of 23 carriers' } },
  search,
  { gist: 'OSL → CDG', onStop: fn() },
)

export const Done: Story = {
  ...inState({ status: 'done', result: { temperature: 18, sky: 'light rain' }, durationMs: 340 }, weather),
  play: async ({ canvas }) => {
    const head = canvas.getByRole('button', { name: /get_weather/ })
    await expect(head).toHaveAttribute('aria-expanded', 'true')
    await userEvent.click(head)
    await expect(canvas.getByText('"celsius"')).not.toBeVisible()
    await userEvent.click(head)
    await expect(canvas.getByText('"celsius"')).toBeVisible()
  },
}

export const DoneWithALongResult: Story = inState(
  {
    status: 'done',
    durationMs: 1840,
    result: {
      flights: Array.from({ length: 24 }, (_, n) => ({
        carrier: `Carrier ${n + 1}`,
        departs: `${String(6 + (n % 12)).padStart(2, '0')}:15`,
        price: { amount: 89 + n * 7, currency: 'EUR' },
        notes: n === 0 ? 'Long words that go on. '.repeat(30) : 'none',
      })),
      total: 24,
    },
  },
  search,
)

export const Failed: Story = {
  ...inState(
    { status: 'failed', errorText: 'The dice fell off the table. The model was told so.', durationMs: 20 },
    toolCall('roll_dice', { sides: 6 }),
    {
      onRetry: fn(),
      onEditArguments: fn(),
    },
  ),
  play: async ({ args, canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Try again' }))
    await expect(args.onRetry).toHaveBeenCalledTimes(1)
  },
}

export const TimedOut: Story = inState(
  { status: 'timed-out', errorText: 'No answer within 10 s. The model was told so.', durationMs: 10_000 },
  search,
  { gist: 'OSL → CDG', onRetry: fn(), onEditArguments: fn() },
)

export const Invalid: Story = inState(
  { status: 'invalid', errorText: 'unit: must be "celsius" or "fahrenheit", not "kelvin"' },
  toolCall('get_weather', { city: 'Paris', unit: 'kelvin' }),
)

/** The model stopped in the middle of its arguments. */
export const NotJson: Story = inState(
  { status: 'invalid', errorText: 'The arguments are not JSON.' },
  toolCall('get_weather', '{"city": "Par'),
)

export const Denied: Story = inState(
  { status: 'denied', errorText: 'The user did not allow this call. Too late in the day.' },
  train,
)

export const Unknown: Story = inState(
  { status: 'unknown', errorText: 'There is no tool named "Paris". The tools are: get_weather.' },
  toolCall('Paris', {}),
)

export const Aborted: Story = inState({ status: 'aborted', errorText: 'The user stopped this turn.' })

export const NoArguments: Story = inState(
  { status: 'done', result: '2026-11-23T12:00:00Z', durationMs: 4 },
  toolCall('get_time', {}),
)

export const FreeText: Story = {
  args: {
    call: {
      id: 'c',
      type: 'custom',
      custom: { name: 'run_sql', input: 'select city, count(*)\nfrom trips\ngroup by city' },
    },
    run: { status: 'done', result: [['Paris', 3]] },
  },
}

export const Closed: Story = {
  args: { call: weather, run: { status: 'done', result: 18, durationMs: 340 }, defaultOpen: false },
}
