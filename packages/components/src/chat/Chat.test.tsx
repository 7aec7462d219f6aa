import type { ChatMessage } from '@candor/core'
import type { ChatActions } from '@candor/hooks'
import userEvent from '@testing-library/user-event'
import type { ReactElement } from 'react'
import { describe, expect, it, vi } from 'vitest'

import { answer, toolCall, toolMessage, userMessage, withFields, withLogprobs } from '../fixtures/messages.ts'
import { act, render, screen, waitFor, within } from '../fixtures/render.ts'
import { inRow, stateOf, staticChat, type StaticChat } from '../fixtures/staticChat.ts'
import { Chat } from './index.ts'

const error = { type: 'network', message: 'Nothing answers. Start the server.', retryable: true } as const
const field = (): HTMLTextAreaElement => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })

const drawTokens = (): ReactElement => <p>heat map</p>

function chatOf(messages: readonly ChatMessage[], actions: Partial<ChatActions> = {}): StaticChat {
  return staticChat(stateOf(inRow(messages)), actions)
}

describe('Chat', () => {
  it('offers first things to ask while nothing was said', async () => {
    const send = vi.fn<ChatActions['send']>(async () => 'finished')
    render(<Chat chat={staticChat({}, { send })} suggestions={['What is the capital of France?']} />)
    await userEvent.click(screen.getByRole('button', { name: 'What is the capital of France?' }))
    expect(send.mock.calls).toEqual([['What is the capital of France?']])
  })

  it('sends what is typed', async () => {
    const send = vi.fn<ChatActions['send']>(async () => 'finished')
    render(<Chat chat={staticChat({}, { send })} />)
    await userEvent.type(field(), 'Hello{Enter}')
    expect(send.mock.calls).toEqual([['Hello']])
    expect(field().value).toBe('')
  })

  it('keeps what is typed and offers nothing that asks the model while that cannot be asked', async () => {
    const send = vi.fn<ChatActions['send']>(async () => 'finished')
    const half = answer('The largest', { status: 'error', finishReason: null, error })
    const chat = chatOf([userMessage('Largest?'), half], { send })
    const { rerender } = render(<Chat canContinue canSend={false} chat={chat} />)
    await userEvent.type(field(), 'Hello{Enter}')
    expect(send).not.toHaveBeenCalled()
    expect(field().value).toBe('Hello')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true)
    expect(screen.getByText('The answer breaks off here. What arrived is kept.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull()

    rerender(<Chat canContinue canSend chat={chat} />)
    expect(screen.getByText('Nothing answers.')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Continue' })).toBeTruthy()
    await userEvent.type(field(), '{Enter}')
    expect(send.mock.calls).toEqual([['Hello']])
  })

  it('gives back what was refused', async () => {
    render(<Chat chat={staticChat({}, { send: async () => 'refused' })} />)
    await userEvent.type(field(), 'Hello{Enter}')
    await waitFor(() => expect(field().value).toBe('Hello'))
  })

  it('renders one message again for a chunk, however many there are', async () => {
    const messages = inRow([
      ...Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? userMessage(`q${n}`) : answer(`a${n}`))),
      userMessage('last'),
      answer('One', { status: 'streaming' }),
    ])
    const chat = staticChat({ ...stateOf(messages), status: 'streaming' })
    const rendered: string[] = []
    const extra = (message: ChatMessage): null => {
      rendered.push(message.id)
      return null
    }
    render(<Chat chat={chat} renderMessageExtra={extra} />)
    await screen.findByText('One')
    rendered.length = 0
    const growing = messages.at(-1)
    for (const text of ['One two', 'One two three', 'One two three four']) {
      act(() => {
        const { messages: known } = chat.store.getState()
        chat.setState({
          messages: {
            ...known,
            [growing!.id]: {
              ...growing,
              ...answer(text, { status: 'streaming' }),
              id: growing!.id,
              parentId: growing!.parentId,
            },
          },
        })
      })
    }
    expect(rendered).toEqual([growing!.id, growing!.id, growing!.id])
    expect(screen.getByText('One two three four')).toBeTruthy()
  })

  it('stops with Escape from anywhere in it, and only while there is something to stop', async () => {
    const stop = vi.fn<() => void>()
    const chat = chatOf([userMessage('Hi'), answer('One', { status: 'streaming' })], { stop })
    render(<Chat chat={chat} />)
    screen.getByRole('log').focus()
    await userEvent.keyboard('{Escape}')
    expect(stop).not.toHaveBeenCalled()
    act(() => chat.setState({ status: 'streaming' }))
    await userEvent.keyboard('{Escape}')
    expect(stop).toHaveBeenCalledTimes(1)
  })

  it('stops once with Escape in the composer', async () => {
    const stop = vi.fn<() => void>()
    render(<Chat chat={staticChat({ status: 'streaming' }, { stop })} />)
    await userEvent.type(field(), 'and{Escape}')
    expect(stop).toHaveBeenCalledTimes(1)
    expect(field().value).toBe('and')
  })

  it('changes a message in place, and keeps its pictures', async () => {
    const edit = vi.fn<ChatActions['edit']>(async () => 'finished')
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } } as const
    render(<Chat chat={chatOf([userMessage([{ type: 'text', text: 'What is it' }, picture])], { edit })} />)
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
    const editor = screen.getByRole('textbox', { name: 'Edit the message' })
    expect(document.activeElement).toBe(editor)
    await userEvent.type(editor, '?{Enter}')
    expect(edit.mock.calls).toEqual([['m0', [{ type: 'text', text: 'What is it?' }, picture]]])
  })

  it('lets a change be dropped with Escape, without stopping anything', async () => {
    const edit = vi.fn<ChatActions['edit']>(async () => 'finished')
    const stop = vi.fn<() => void>()
    render(
      <Chat
        chat={staticChat({ ...stateOf(inRow([userMessage('Hi')])), status: 'streaming' }, { edit, stop })}
      />,
    )
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }))
    await userEvent.keyboard('!{Escape}')
    expect(edit).not.toHaveBeenCalled()
    expect(stop).not.toHaveBeenCalled()
    expect(screen.getByRole('article', { name: 'You' }).textContent).toBe('Hi')
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Edit' })))
  })

  it('asks again for an answer', async () => {
    const regenerate = vi.fn<ChatActions['regenerate']>(async () => 'finished')
    render(<Chat chat={chatOf([userMessage('Hi'), answer('Hello')], { regenerate })} />)
    await userEvent.click(screen.getByRole('button', { name: 'Answer again' }))
    expect(regenerate.mock.calls).toEqual([['m1']])
  })

  it('goes to another version of an answer', async () => {
    const selectBranch = vi.fn<ChatActions['selectBranch']>()
    const messages = inRow([userMessage('Hi'), answer('Second', { createdAt: 2 })])
    const other = { ...answer('First', { createdAt: 1 }), id: 'other', parentId: 'm0' }
    render(<Chat chat={staticChat(stateOf(messages, [other]), { selectBranch })} />)
    const picker = screen.getByRole('group', { name: 'Versions' })
    expect(picker.textContent).toBe('2 / 2')
    await userEvent.click(within(picker).getByRole('button', { name: 'Version before' }))
    expect(selectBranch.mock.calls).toEqual([['other']])
  })

  it('copies the words of an answer', async () => {
    const user = userEvent.setup()
    render(<Chat chat={chatOf([userMessage('Hi'), answer('**Hello**')])} />)
    await user.click(
      within(screen.getByRole('article', { name: 'Answer' })).getByRole('button', { name: 'Copy' }),
    )
    await expect(navigator.clipboard.readText()).resolves.toBe('**Hello**')
  })

  describe('with tools', () => {
    const call = toolCall('book_train', { to: 'Paris' })
    const asking = withFields(answer(null), { tool_calls: [call] })

    it('allows and denies a call', async () => {
      const approveToolCall = vi.fn<ChatActions['approveToolCall']>()
      const denyToolCall = vi.fn<ChatActions['denyToolCall']>()
      const waiting = { ...asking, toolRuns: { call_1: { status: 'waiting-for-approval' } as const } }
      const state = stateOf(inRow([userMessage('Hi'), waiting]))
      render(
        <Chat
          chat={staticChat({ ...state, status: 'waiting-for-tools' }, { approveToolCall, denyToolCall })}
        />,
      )
      await userEvent.click(screen.getByRole('button', { name: 'Allow' }))
      await userEvent.click(screen.getByRole('button', { name: 'Deny' }))
      expect(approveToolCall.mock.calls).toEqual([['call_1']])
      expect(denyToolCall.mock.calls).toEqual([['call_1', undefined]])
    })

    it('shows the result in the card of its call, once', () => {
      render(
        <Chat
          chat={chatOf([userMessage('Hi'), asking, toolMessage('call_1', '{"seat":12}'), answer('Booked.')])}
        />,
      )
      expect(screen.getAllByText('{ "seat": 12 }')).toHaveLength(1)
      expect(screen.queryByRole('article', { name: 'Result of a tool' })).toBeNull()
    })

    it('shows a result whose call is nowhere by itself', () => {
      render(<Chat chat={chatOf([userMessage('Hi'), asking, toolMessage('call_9', 'lost')])} />)
      expect(screen.getByRole('article', { name: 'Result of a tool' }).textContent).toBe('lost')
    })

    it('has one footer for a turn, under its last answer', () => {
      render(
        <Chat chat={chatOf([userMessage('Hi'), asking, toolMessage('call_1', '{}'), answer('Booked.')])} />,
      )
      expect(screen.getAllByRole('button', { name: 'Answer again' })).toHaveLength(1)
    })
  })

  describe('when something fails', () => {
    it('says so where no answer had begun, and tries again', async () => {
      const retry = vi.fn<ChatActions['retry']>(async () => 'finished')
      const state = stateOf(inRow([userMessage('Hi')]))
      render(<Chat chat={staticChat({ ...state, status: 'error', error }, { retry })} />)
      expect(screen.getByText('Nothing answers.').tagName).toBe('STRONG')
      await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
      expect(retry.mock.calls).toEqual([[]])
    })

    it('keeps what arrived, and says once what happened', () => {
      const messages = inRow([
        userMessage('Hi'),
        answer('Half an ans', { status: 'error', finishReason: null, error }),
      ])
      render(<Chat chat={staticChat({ ...stateOf(messages), status: 'error', error })} />)
      expect(screen.getByText('Half an ans')).toBeTruthy()
      expect(screen.getAllByText('Nothing answers.')).toHaveLength(1)
    })

    it.each([
      ['cut-off', 'The server stopped in the middle of the answer.'],
      ['timed-out', 'Nothing more came from the server.'],
      ['interrupted', 'Cut off by the reload.'],
    ] as const)('has words and a way on for an answer that was %s', (status, words) => {
      render(<Chat chat={chatOf([userMessage('Hi'), answer('Half', { status, finishReason: null })])} />)
      expect(screen.getByText(words)).toBeTruthy()
      expect(screen.getByRole('button', { name: 'Retry' })).toBeTruthy()
    })

    it('has words and a way on for a turn that was cut off while a tool ran', async () => {
      const retry = vi.fn<ChatActions['retry']>()
      const asking = withFields(answer(''), { tool_calls: [toolCall('book_train', { to: 'Paris' })] })
      const messages = inRow([
        userMessage('Hi'),
        { ...asking, toolRuns: { call_1: { status: 'aborted' } as const } },
      ])
      render(<Chat chat={staticChat({ ...stateOf(messages), status: 'interrupted' }, { retry })} />)
      expect(screen.getByText('Cut off by the reload.')).toBeTruthy()
      await userEvent.click(screen.getByRole('button', { name: 'Retry' }))
      expect(retry).toHaveBeenCalledOnce()
    })

    it.each([
      ['length', 'Half', 'The answer stopped at the token limit.'],
      ['content_filter', 'Half', 'The server held back the rest of this answer.'],
      ['stop', '', 'The answer is empty.'],
    ])('says what a finish reason %s means', (finishReason, content, words) => {
      render(<Chat chat={chatOf([userMessage('Hi'), answer(content, { finishReason })])} />)
      expect(screen.getByText(words)).toBeTruthy()
    })

    it('does not call a stop an error', () => {
      render(
        <Chat
          chat={chatOf([userMessage('Hi'), answer('Half', { status: 'stopped', finishReason: null })])}
        />,
      )
      expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull()
      expect(screen.getByText('stopped')).toBeTruthy()
    })
  })

  it('shows what waits, and takes it back into the composer', async () => {
    const unqueue = vi.fn<ChatActions['unqueue']>()
    render(<Chat chat={staticChat({ status: 'streaming', queue: ['first', 'second'] }, { unqueue })} />)
    await userEvent.type(field(), 'third')
    await userEvent.click(screen.getAllByRole('button', { name: 'Take back' })[1]!)
    expect(unqueue.mock.calls).toEqual([[1]])
    expect(field().value).toBe('second\nthird')
  })

  it('lets go what a stop has held', async () => {
    const sendQueued = vi.fn<ChatActions['sendQueued']>()
    render(<Chat chat={staticChat({ status: 'idle', queue: ['first', 'second'] }, { sendQueued })} />)
    expect(screen.getAllByText('not sent')).toHaveLength(2)
    await userEvent.click(screen.getByRole('button', { name: 'Send now' }))
    expect(sendQueued).toHaveBeenCalledOnce()
  })

  it('switches an answer to its tokens where their probabilities came', async () => {
    const withTokens = withLogprobs(answer('Hi there'), [
      ['Hi', -0.1],
      [' there', -2],
    ])
    render(
      <Chat
        chat={chatOf([userMessage('Hi'), withTokens, userMessage('And?'), answer('Bye')])}
        renderTokens={drawTokens}
      />,
    )
    const toggles = screen.getAllByRole('button', { name: 'Show token probabilities' })
    expect(toggles).toHaveLength(1)
    await userEvent.click(toggles[0]!)
    expect(screen.getByText('heat map')).toBeTruthy()
    const back = screen.getByRole('button', { name: 'Show formatted text' })
    expect(back.getAttribute('aria-pressed')).toBe('true')
    await userEvent.click(back)
    expect(screen.queryByText('heat map')).toBeNull()
  })

  it('shows another answer to the same message as the one before it was shown', async () => {
    const question = { ...userMessage('Hi'), id: 'q', parentId: null }
    const [first, second] = ['One', 'Two'].map((text) => ({
      ...withLogprobs(answer(text), [[text, -0.1]]),
      id: text,
      parentId: 'q',
    }))
    const chat = staticChat(stateOf([question, first!], [second!]))
    render(<Chat chat={chat} renderTokens={drawTokens} />)
    await userEvent.click(screen.getByRole('button', { name: 'Show token probabilities' }))
    act(() => chat.setState(stateOf([question, second!], [first!])))
    expect(screen.getByText('heat map')).toBeTruthy()
  })

  it('lets the app choose the view', () => {
    const withTokens = withLogprobs(answer('Hi'), [['Hi', -0.1]])
    render(
      <Chat
        chat={chatOf([userMessage('Hi'), withTokens])}
        renderTokens={drawTokens}
        viewOf={() => 'tokens'}
      />,
    )
    expect(screen.getByText('heat map')).toBeTruthy()
  })

  it('hides instructions unless the app shows them', () => {
    const instructions = {
      id: 'm0',
      parentId: null,
      createdAt: 0,
      role: 'system' as const,
      message: { role: 'system' as const, content: 'Be brief.' },
    }
    const chat = staticChat(stateOf([instructions]))
    const { rerender } = render(<Chat chat={chat} suggestions={['Hi']} />)
    expect(screen.queryByText('Be brief.')).toBeNull()
    expect(screen.getByRole('button', { name: 'Hi' })).toBeTruthy()
    rerender(<Chat chat={chat} hideInstructions={false} suggestions={['Hi']} />)
    expect(screen.getByText('Be brief.')).toBeTruthy()
  })

  it('leaves no listener behind', () => {
    const chat = chatOf([userMessage('Hi'), answer('Hello')])
    const { unmount } = render(<Chat chat={chat} />)
    expect(chat.listenerCount).toBeGreaterThan(0)
    unmount()
    expect(chat.listenerCount).toBe(0)
  })
})
