import type { Tokenizer } from '@candor/core'
import { cleanup, render, screen } from '@testing-library/react'
import { Profiler } from 'react'
import { afterEach, expect, it, vi } from 'vitest'

import { useTokenCount, type Countable, type TokenizerSource } from './useTokenCount.ts'

/** Counts words. */
const words: Tokenizer = {
  encode: (text) =>
    text
      .split(/\s+/)
      .filter(Boolean)
      .map((_, place) => place),
}

function Count({ counted, tokenizer = words }: { counted: Countable; tokenizer?: TokenizerSource }) {
  const tokens = useTokenCount(counted, tokenizer)
  return (
    <output>{tokens === undefined ? 'counting' : `${tokens.total} ${tokens.notCounted.join(',')}`}</output>
  )
}

function Inline() {
  const tokens = useTokenCount({ messages: [{ role: 'user', content: 'one two' }] }, () =>
    Promise.resolve(words),
  )
  return <output>{tokens?.total}</output>
}

afterEach(cleanup)

it('counts a text, and again when it changes', async () => {
  const { rerender } = render(<Count counted="one two three" />)
  expect(screen.getByRole('status').textContent).toBe('counting')
  expect(await screen.findByText('3')).toBeTruthy()
  rerender(<Count counted="one two three four" />)
  expect(await screen.findByText('4')).toBeTruthy()
})

it('counts a prompt, and names what it cannot count', async () => {
  const content = [
    { type: 'text' as const, text: 'What is this?' },
    { type: 'image_url' as const, image_url: { url: 'https://example.org/a.png' } },
  ]
  render(<Count counted={{ messages: [{ role: 'user', content }] }} />)
  expect(await screen.findByText(/^10 messages\[0\]\.content\[1\] \(image_url\)$/)).toBeTruthy()
})

it('settles though what it counts and how it loads are made anew in every render', async () => {
  const onRender = vi.fn<() => void>()
  render(
    <Profiler id="inline" onRender={onRender}>
      <Inline />
    </Profiler>,
  )
  await vi.waitFor(() => expect(screen.getByRole('status').textContent).not.toBe(''))
  // A loop would go on; this is as many turns of it as a second has frames.
  for (let frame = 0; frame < 60; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
  expect(onRender.mock.calls.length).toBeLessThan(10)
})

const load = (): Promise<Tokenizer> => Promise.resolve(words)

it('loads its tokenizer when it is needed', async () => {
  render(<Count counted="one two" tokenizer={load} />)
  expect(await screen.findByText('2')).toBeTruthy()
})
