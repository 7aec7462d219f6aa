import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'

import { render, screen } from '../fixtures/render.ts'
import { inlineJson, JsonView } from './JsonView.tsx'

describe('JsonView', () => {
  it.each([
    [{ temperature: 18, sky: 'light rain' }, '{ "temperature": 18, "sky": "light rain" }'],
    [[], '[]'],
    [{}, '{}'],
    [[1, null, false, ''], '[1, null, false, ""]'],
  ])('writes a short value on one line', (value, text) => {
    expect(inlineJson(value)).toBe(text)
  })

  it('writes a long value as a tree, key by key', () => {
    const value = { first: 'a'.repeat(50), second: 'b'.repeat(50), inner: { deep: 'c'.repeat(90) } }
    render(<JsonView value={value} />)
    for (const key of ['first', 'second', 'inner']) expect(screen.getByText(key)).toBeTruthy()
    expect(screen.getByText(`"${'a'.repeat(50)}"`)).toBeTruthy()
  })

  it('closes what is long until it is asked for', () => {
    const { container } = render(
      <JsonView value={{ list: Array.from({ length: 80 }, (_, n) => n), more: 1 }} />,
    )
    expect(container.querySelector('details')?.open).toBe(false)
    expect(screen.getByText('80 items')).toBeTruthy()
  })

  it('draws a huge value a page at a time', async () => {
    const { container } = render(<JsonView value={Array.from({ length: 100_000 }, (_, n) => `row ${n}`)} />)
    expect(container.querySelectorAll('*').length).toBeLessThan(10)
    await userEvent.click(screen.getByText('100,000 items'))
    expect(await screen.findByText('"row 49"')).toBeTruthy()
    expect(screen.queryByText('"row 50"')).toBeNull()
    await userEvent.click(screen.getByRole('button', { name: '99,950 more' }))
    expect(screen.getByText('"row 99"')).toBeTruthy()
    expect(container.querySelectorAll('*').length).toBeLessThan(1000)
  })
})
