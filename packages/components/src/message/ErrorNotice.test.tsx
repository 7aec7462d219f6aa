import type { CompletionErrorData } from '@candor/core'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'

import { render, screen } from '../fixtures/render.ts'
import { ErrorNotice } from './ErrorNotice.tsx'

const error: CompletionErrorData = {
  type: 'http',
  message: 'The server stopped in the middle of the answer. It was running out of context (2,048 tokens).',
  status: 400,
  code: 'exceed_context_size_error',
  retryable: false,
}

describe('ErrorNotice', () => {
  it('says what happened in bold, then the rest, then what is kept', () => {
    const { container } = render(<ErrorNotice error={error} kept="What arrived is kept." />)
    expect(container.querySelector('strong')?.textContent).toBe(
      'The server stopped in the middle of the answer.',
    )
    expect(container.querySelector('p')?.textContent).toContain('(2,048 tokens). What arrived is kept.')
  })

  it('does not end a sentence inside an address or a figure', () => {
    render(
      <ErrorNotice error={{ ...error, message: 'Nothing answers at http://127.0.0.1:8080/v1. Start it.' }} />,
    )
    expect(screen.getByText('Nothing answers at http://127.0.0.1:8080/v1.').tagName).toBe('STRONG')
  })

  it('has the code and the status for whoever must mend it', () => {
    render(<ErrorNotice error={{ ...error, requestId: 'req_1' }} />)
    expect(screen.getByText('exceed_context_size_error · 400 · request req_1')).toBeTruthy()
  })

  it("quotes the server's own words, unless the message did", () => {
    const { rerender } = render(<ErrorNotice error={{ ...error, serverMessage: 'ctx full' }} />)
    expect(screen.getByText('The server said: “ctx full”')).toBeTruthy()
    rerender(<ErrorNotice error={{ ...error, message: 'Refused: ctx full', serverMessage: 'ctx full' }} />)
    expect(screen.queryByText(/The server said/)).toBeNull()
  })

  it('says how long the server asks to wait', () => {
    render(<ErrorNotice error={{ ...error, retryAfterMs: 20_000 }} />)
    expect(screen.getByText(/asks to wait 20\.0 s/)).toBeTruthy()
  })

  it('retries when asked, and only where there is a way to', async () => {
    const onRetry = vi.fn<() => void>()
    const { rerender } = render(<ErrorNotice error={error} onRetry={onRetry} />)
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
    expect(onRetry.mock.calls).toEqual([[]])
    rerender(<ErrorNotice error={error} />)
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull()
  })

  it('copies everything that is known about it', async () => {
    const user = userEvent.setup()
    render(<ErrorNotice error={error} />)
    await user.click(screen.getByRole('button', { name: 'Copy details' }))
    expect(JSON.parse(await navigator.clipboard.readText())).toEqual(error)
    expect(screen.getByRole('button', { name: 'Copied' })).toBeTruthy()
  })

  it('has words for an error without any', () => {
    render(<ErrorNotice error={{ type: 'network', message: '', retryable: true }} />)
    expect(screen.getByText('No answer from the server.').tagName).toBe('STRONG')
  })
})
