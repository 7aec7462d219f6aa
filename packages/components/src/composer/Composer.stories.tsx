import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, userEvent } from 'storybook/test'

import { Button } from '../base/Button.tsx'
import { inColumn } from '../fixtures/storyFrame.tsx'
import { Composer } from './Composer.tsx'

/** Where a message is written. What is typed is never lost: it comes back when it could not be sent. */
const meta: Meta<typeof Composer> = {
  title: 'Chat/Composer',
  component: Composer,
  decorators: [inColumn],
  args: { onSend: fn(), onStop: fn() },
}
export default meta

type Story = StoryObj<typeof Composer>

export const Empty: Story = {
  play: async ({ args, canvas }) => {
    await expect(canvas.getByRole('button', { name: 'Send' })).toBeDisabled()
    await userEvent.type(canvas.getByRole('textbox'), 'Hello{Enter}')
    await expect(args.onSend).toHaveBeenCalledWith('Hello')
    await expect(canvas.getByRole('textbox')).toHaveValue('')
  },
}

export const Typed: Story = { args: { defaultValue: 'And for Oslo?' } }

export const ManyLines: Story = {
  args: {
    defaultValue: Array.from({ length: 30 }, (_, n) => `Line ${n + 1} of what was pasted.`).join('\n'),
  },
  play: async ({ canvas }) => {
    const field = canvas.getByRole('textbox')
    await expect(field.clientHeight).toBeGreaterThan(100)
    await expect(field.clientHeight).toBeLessThan(260)
    await expect(field.scrollHeight).toBeGreaterThan(field.clientHeight)
  },
}

/** The button stops; Enter queues what is typed. */
export const WhileAnAnswerStreams: Story = {
  args: { busy: true, defaultValue: 'And for Oslo?' },
  play: async ({ args, canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Stop' }))
    await expect(args.onStop).toHaveBeenCalledTimes(1)
    await expect(canvas.getByRole('textbox')).toHaveValue('And for Oslo?')
  },
}

export const WithChips: Story = {
  args: {
    start: (
      <>
        <Button className="candor-chip">temperature 0.7</Button>
        <Button className="candor-chip">JSON off</Button>
      </>
    ),
  },
}

export const Disabled: Story = { args: { disabled: true, placeholder: 'Connecting…' } }

/** The server did not take it: the text is back. */
export const NotTaken: Story = {
  args: { onSend: fn(async () => false) },
  play: async ({ canvas }) => {
    await userEvent.type(canvas.getByRole('textbox'), 'precious words{Enter}')
    await expect(canvas.getByRole('textbox')).toHaveValue('precious words')
  },
}

export const RightToLeft: Story = { args: { dir: 'rtl', defaultValue: 'ما هي عاصمة فرنسا؟' } }
