import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'

import { inColumn } from '../fixtures/storyFrame.tsx'
import { CodeBlock } from './CodeBlock.tsx'

/** A block of code: plain while it grows, coloured once it is closed. */
const meta: Meta<typeof CodeBlock> = {
  title: 'Text/CodeBlock',
  component: CodeBlock,
  decorators: [inColumn],
  args: {
    language: 'ts',
    code: "const chat = useChatCompletion({\n  client,\n  request: { model, logprobs: true }, // five alternatives\n})\nconsole.log('ready', 42)",
  },
}
export default meta

type Story = StoryObj<typeof CodeBlock>

export const Closed: Story = {
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(canvasElement.querySelector('.hljs-keyword')).toHaveTextContent('const'))
  },
}

export const Open: Story = { args: { open: true } }

export const UnknownLanguage: Story = { args: { language: 'klingon', code: 'tlhIngan Hol' } }

export const NoLanguage: Story = { args: { language: '', code: 'plain text' } }
