import '../styles.css'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, expect, it, vi } from 'vitest'

import { answer } from '../fixtures/messages.ts'
import { Choices } from './Choices.tsx'

let root: Root | undefined
let host: HTMLElement | undefined

afterEach(() => {
  root?.unmount()
  host?.remove()
})

/** Three choices in a row with room for one, the last of them on the current branch. */
function show(direction: 'ltr' | 'rtl'): void {
  host = document.body.appendChild(document.createElement('div'))
  host.dir = direction
  host.style.width = '320px'
  root = createRoot(host)
  const choices = ['One', 'Two', 'Three'].map((text, index) => {
    const message = answer(text, { id: `choice-${index}`, turnId: 'turn' })
    return { ...message, choice: { ...message.choice, index } }
  })
  root.render(<Choices choices={choices} shownId="choice-2" />)
}

it.each(['ltr', 'rtl'] as const)(
  'a row that opens shows the choice on the branch, the last one too (%s)',
  async (direction) => {
    show(direction)
    await vi.waitFor(() => {
      const row = document.querySelector('[role="group"]')!.getBoundingClientRect()
      const shown = document.querySelector('[data-shown]')!.getBoundingClientRect()
      expect(shown.left).toBeGreaterThanOrEqual(row.left - 1)
      expect(shown.right).toBeLessThanOrEqual(row.right + 1)
    })
  },
)
