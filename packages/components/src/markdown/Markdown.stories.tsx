import type { Meta, StoryObj } from '@storybook/react-vite'
import { useEffect, useState, type ReactElement } from 'react'
import { expect, waitFor } from 'storybook/test'

import { recordedText } from '../fixtures/recordedText.ts'
import { recording } from '../fixtures/recordings.ts'
import { inColumn } from '../fixtures/storyFrame.tsx'
import { Markdown } from './Markdown.tsx'

/** Markdown that may still grow. HTML is text, remote images wait for leave, links open apart. */
const meta: Meta<typeof Markdown> = { title: 'Text/Markdown', component: Markdown, decorators: [inColumn] }
export default meta

type Story = StoryObj<typeof Markdown>

const everything = `# What to pack for Paris

Around **18 degrees** with *light* rain, so ~~sandals~~ and \`umbrella.open()\`. See [the forecast](https://example.com).

## In this order

1. A raincoat
2. Layers
   - warm
   - dry
3. Shoes

- [x] tickets
- [ ] hotel

> It rains on every seventh day.

| Day | Sky | Degrees |
|-----|-----|--------:|
| Saturday | light rain | 18 |
| Sunday | clear | 21 |

---

\`\`\`ts
const pack = (day: string): string[] => (day === 'Saturday' ? ['raincoat'] : [])
\`\`\`
`

export const Everything: Story = {
  args: { text: everything },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByRole('heading', { name: 'What to pack for Paris' })).toBeVisible()
    await waitFor(() => expect(canvasElement.querySelector('.hljs-keyword')).not.toBeNull())
    await expect(canvas.getByRole('link', { name: 'the forecast' })).toHaveAttribute(
      'rel',
      'noopener noreferrer nofollow',
    )
  },
}

/** In the middle of a bold word: shown as it will be. */
export const Growing: Story = { args: { text: 'Around **18 deg', streaming: true } }

/** Character by character. */
export const Streaming: Story = {
  render: function Streaming(_, { globals }): ReactElement {
    const text = everything + recordedText(recording('markdown'))
    const speed = Number(globals['replaySpeed'])
    const [length, setLength] = useState(speed === 0 ? text.length : 0)
    useEffect(() => {
      if (speed === 0) return undefined
      const timer = setInterval(() => setLength((before) => Math.min(text.length, before + 4)), 16 / speed)
      return () => clearInterval(timer)
    }, [speed, text])
    return <Markdown streaming={length < text.length} text={text.slice(0, length)} />
  },
}

export const OpenFence: Story = {
  args: { text: 'Here it is:\n\n```ts\nconst chat = useChatCompletion({\n  client,', streaming: true },
}

export const Html: Story = {
  args: { text: 'A <b>word</b> and\n\n<img src="x" onerror="alert(1)">\n\n<script>alert(2)</script>' },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByText(/<script>/)).toBeVisible()
    await expect(canvasElement.querySelector('img, b, .candor-markdown script')).toBeNull()
  },
}

export const RemoteImage: Story = {
  args: { text: '![The Seine at dusk](https://example.com/seine.jpg?who=reader)\n\nand text after it.' },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByText(/The Seine at dusk/)).toBeVisible()
    await expect(canvasElement.querySelector('img')).toBeNull()
  },
}

export const WideTableAndCode: Story = {
  args: {
    text: `| ${Array.from({ length: 16 }, (_, n) => `column ${n}`).join(' | ')} |\n|${'---|'.repeat(16)}\n| ${'value | '.repeat(16)}\n\n\`\`\`\n${'a very long line without an end '.repeat(12)}\n\`\`\``,
  },
  globals: { viewport: { value: 'narrow' } },
  play: async ({ canvas, canvasElement }) => {
    const table = await canvas.findByRole('region', { name: 'Table' })
    await expect(table.scrollWidth).toBeGreaterThan(table.clientWidth)
    const { scrollWidth, clientWidth } = canvasElement.ownerDocument.documentElement
    await expect(scrollWidth).toBe(clientWidth)
  },
}

export const RightToLeft: Story = {
  args: { text: 'عاصمة فرنسا هي **باريس**.\n\n- مدينة كبيرة\n- على نهر السين\n\n> اقتباس', dir: 'rtl' },
}

/** Each paragraph, heading, item, quotation and cell is read in the direction of its first letter. */
export const MixedDirections: Story = {
  args: {
    text: `Paris is called باريس in Arabic.

باريس هي عاصمة فرنسا، واسمها بالفرنسية Paris.

### عناوين

1. Pack a raincoat
2. خذ معك معطفا

- متحف Louvre
- Eiffel Tower

> اقتباس: Paris est une fête

| City | مدينة |
|---|---|
| Paris | باريس |
| 18 | 21 |`,
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/^باريس هي/)).toHaveAttribute('dir', 'rtl')
    await expect(canvas.getByText(/^Paris is called/)).toHaveAttribute('dir', 'ltr')
  },
}
