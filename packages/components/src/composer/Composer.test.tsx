import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'

import { act, fireEvent, ignoreComplaints, render, screen, waitFor } from '../fixtures/render.ts'
import { Composer } from './Composer.tsx'

const field = (): HTMLTextAreaElement => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })

const ignore = (): void => undefined

describe('Composer', () => {
  it('sends with Enter and empties itself', async () => {
    const onSend = vi.fn<(text: string) => void>()
    render(<Composer onSend={onSend} />)
    await userEvent.type(field(), 'Hello{Enter}')
    expect(onSend.mock.calls).toEqual([['Hello']])
    expect(field().value).toBe('')
  })

  it('breaks the line with Shift Enter', async () => {
    const onSend = vi.fn<(text: string) => void>()
    render(<Composer onSend={onSend} />)
    await userEvent.type(field(), 'one{Shift>}{Enter}{/Shift}two')
    expect(field().value).toBe('one\ntwo')
    expect(onSend).not.toHaveBeenCalled()
  })

  it('sends nothing but white space', async () => {
    const onSend = vi.fn<(text: string) => void>()
    render(<Composer onSend={onSend} />)
    await userEvent.type(field(), '  {Enter}')
    expect(onSend).not.toHaveBeenCalled()
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true)
  })

  it.each([
    ['while an input method is composing', { isComposing: true }],
    ['after it, as Safari tells it', { keyCode: 229 }],
  ])('leaves Enter and Escape to the input method %s', (_, event) => {
    const onSend = vi.fn<(text: string) => void>()
    const onStop = vi.fn<() => void>()
    render(<Composer busy defaultValue="にほん" onSend={onSend} onStop={onStop} />)
    fireEvent.keyDown(field(), { key: 'Enter', ...event })
    fireEvent.keyDown(field(), { key: 'Escape', ...event })
    expect(onSend).not.toHaveBeenCalled()
    expect(onStop).not.toHaveBeenCalled()
  })

  it('turns send into stop while an answer is on its way, in the same button', async () => {
    const onStop = vi.fn<() => void>()
    const onSend = vi.fn<(text: string) => void>()
    const { rerender } = render(<Composer defaultValue="x" onSend={onSend} onStop={onStop} />)
    const button = screen.getByRole('button', { name: 'Send' })
    rerender(<Composer busy defaultValue="x" onSend={onSend} onStop={onStop} />)
    expect(screen.getByRole('button', { name: 'Stop' })).toBe(button)
    await userEvent.click(button)
    expect(onStop).toHaveBeenCalledTimes(1)
    expect(onSend).not.toHaveBeenCalled()
  })

  it('stops with Escape only while there is something to stop', async () => {
    const onStop = vi.fn<() => void>()
    const { rerender } = render(<Composer onSend={ignore} onStop={onStop} />)
    await userEvent.type(field(), '{Escape}')
    expect(onStop).not.toHaveBeenCalled()
    rerender(<Composer busy onSend={ignore} onStop={onStop} />)
    await userEvent.type(field(), '{Escape}')
    expect(onStop).toHaveBeenCalledTimes(1)
  })

  it('says what Enter does while an answer is on its way', () => {
    render(<Composer busy onSend={ignore} />)
    expect(screen.getByText('Enter queues it')).toBeTruthy()
  })

  it.each([
    ['says no', () => false],
    ['says no later', async () => false],
    ['fails later', async () => Promise.reject(new Error('no')).catch(() => false)],
  ])('gives the text back when sending it %s', async (_, onSend) => {
    render(<Composer onSend={onSend} />)
    await userEvent.type(field(), 'precious words{Enter}')
    await waitFor(() => expect(field().value).toBe('precious words'))
  })

  it('keeps what was typed meanwhile below what comes back', async () => {
    let answer: ((taken: boolean) => void) | undefined
    const outcome = new Promise<boolean>((resolve) => {
      answer = resolve
    })
    render(<Composer onSend={() => outcome} />)
    await userEvent.type(field(), 'first{Enter}')
    expect(field().value).toBe('')
    await userEvent.type(field(), 'second')
    await act(async () => answer?.(false))
    expect(field().value).toBe('first\nsecond')
  })

  it('lets the app keep the text', async () => {
    const onValueChange = vi.fn<(value: string) => void>()
    render(<Composer onSend={ignore} onValueChange={onValueChange} value="draft" />)
    await userEvent.type(field(), '!')
    expect(onValueChange).toHaveBeenCalledWith('draft!')
    expect(field().value).toBe('draft')
  })

  it('tells a developer what a part outside of it lacks', () => {
    expect(() => render(<Composer.Send />)).toThrow('outside <Composer.Root>')
    ignoreComplaints()
  })
})
