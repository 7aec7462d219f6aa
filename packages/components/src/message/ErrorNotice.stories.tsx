import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, userEvent } from 'storybook/test'

import { Button } from '../base/Button.tsx'
import { inColumn } from '../fixtures/storyFrame.tsx'
import { ErrorNotice } from './ErrorNotice.tsx'

/** What happened in bold, what is kept, what to do as buttons, the code in mono. */
const meta: Meta<typeof ErrorNotice> = {
  title: 'Chat/ErrorNotice',
  component: ErrorNotice,
  decorators: [inColumn],
  args: { onRetry: fn() },
}
export default meta

type Story = StoryObj<typeof ErrorNotice>

export const InTheMiddle: Story = {
  args: {
    error: {
      type: 'server',
      message:
        'The server stopped in the middle of the answer. It was running out of context (2,048 tokens).',
      code: 'exceed_context_size_error',
      status: 400,
      retryable: true,
    },
    kept: 'What arrived is kept.',
    actions: <Button>Shorten and retry</Button>,
  },
  play: async ({ args, canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Retry' }))
    await expect(args.onRetry).toHaveBeenCalledTimes(1)
  },
}

export const NoServer: Story = {
  args: {
    error: {
      type: 'network',
      message: 'Nothing answers at http://127.0.0.1:8080/v1. Start the server or check the address.',
      retryable: true,
    },
  },
}

export const WrongKey: Story = {
  args: {
    error: {
      type: 'http',
      message: 'The server does not accept the key. Check it and try again.',
      serverMessage: 'Invalid API Key',
      serverType: 'authentication_error',
      status: 401,
      retryable: false,
    },
  },
}

export const TooMany: Story = {
  args: {
    error: {
      type: 'http',
      message: 'Too many requests. The server wants a pause.',
      status: 429,
      code: 'rate_limit_exceeded',
      requestId: 'req_7f3a',
      retryAfterMs: 20_000,
      retryable: true,
    },
  },
}

/** An address of a web page instead of an API. */
export const NotAnApi: Story = {
  args: {
    error: {
      type: 'not-an-api',
      message: 'What answered is a web page, not a model server. The base URL usually ends in /v1.',
      status: 200,
      raw: '<!doctype html>…',
      retryable: false,
    },
  },
}

/** Far too long words from a server stay inside. */
export const LongWords: Story = {
  args: {
    error: {
      type: 'server',
      message: 'The server reported an error.',
      serverMessage: `Traceback${'_without_a_single_space'.repeat(12)}`,
      status: 500,
      retryable: true,
    },
  },
}
