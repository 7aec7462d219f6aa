import { describe, expect, it } from 'vitest'

import { ignoreComplaints, render, screen } from '../fixtures/render.ts'
import { Thread } from './Thread.tsx'

describe('Thread', () => {
  it('is a log that is not read aloud token by token', () => {
    render(<Thread>text</Thread>)
    const log = screen.getByRole('log', { name: 'Conversation' })
    expect(log.getAttribute('aria-live')).toBe('off')
    expect(log.tabIndex).toBe(0)
  })

  it('says each change of state once, politely, and nothing at first', () => {
    const { rerender } = render(<Thread status="idle" />)
    const announcer = screen.getByRole('status')
    expect(announcer.textContent).toBe('')
    rerender(<Thread status="submitted" />)
    expect(announcer.textContent).toBe('Sent. Waiting for the answer.')
    rerender(<Thread status="streaming" />)
    expect(announcer.textContent).toBe('The answer is coming.')
    rerender(<Thread status="idle" />)
    expect(announcer.textContent).toBe('Answer complete.')
  })

  it('shows the first screen only when there is one', () => {
    const { rerender } = render(<Thread empty="Ask me" />)
    expect(screen.getByText('Ask me')).toBeTruthy()
    rerender(<Thread empty={null} />)
    expect(screen.queryByText('Ask me')).toBeNull()
  })

  it('tells a developer what a part outside of it lacks', () => {
    expect(() => render(<Thread.Viewport />)).toThrow('outside <Thread.Root>')
    ignoreComplaints()
  })
})
