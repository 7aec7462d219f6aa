import { userEvent } from '@testing-library/user-event'
import type { ChatActions } from '@candor/hooks'
import { describe, expect, it, vi } from 'vitest'

import { answer, userMessage } from '../fixtures/messages.ts'
import { act, render, screen } from '../fixtures/render.ts'
import { stateOf, staticChat, type StaticChat } from '../fixtures/staticChat.ts'
import { Chat } from './index.ts'

/** What choosing a branch does to the state. */
function show(chat: StaticChat, id: string): void {
  const branches = { ...chat.store.getState().branches }
  branches['asked'] = { ids: branches['asked']!.ids, shown: id }
  chat.setState({ branches, messageIds: ['asked', id] })
}

describe('the choices of one request', () => {
  const asked = { ...userMessage('Name a boat.'), id: 'asked' }
  const choices = ['Sea Breeze', 'Marigold', 'Halcyon'].map((text, index) => {
    const choice = answer(text, { id: `choice-${index}`, parentId: 'asked', turnId: 'turn' })
    return { ...choice, choice: { ...choice.choice, index } }
  })

  function chatOfChoices(actions: Partial<ChatActions> = {}): StaticChat {
    return staticChat(stateOf([asked, choices[0]!], choices.slice(1)), actions)
  }

  it('stand side by side until one is used, then fold into the versions and unfold again', async () => {
    const selectBranch = vi.fn<ChatActions['selectBranch']>((id) => show(chat, id))
    const chat = chatOfChoices({ selectBranch })
    render(<Chat chat={chat} />)
    expect(await screen.findAllByRole('article', { name: /^choice/ })).toHaveLength(3)
    expect(screen.queryByText('1 / 3')).toBeNull()

    await userEvent.click(screen.getByRole('button', { name: 'Use this one, choice 1' }))
    expect(selectBranch).toHaveBeenCalledExactlyOnceWith('choice-1')
    expect(screen.queryByRole('article', { name: /^choice/ })).toBeNull()
    expect(screen.getByText('2 / 3')).toBeTruthy()
    const unfold = screen.getByRole('button', { name: 'Show all 3 choices side by side' })
    expect(document.activeElement).toBe(unfold)

    await userEvent.click(unfold)
    const second = await screen.findByRole('article', { name: 'choice 1' })
    expect(second.hasAttribute('data-shown')).toBe(true)
  })

  it('fold when the first is used too, with the focus on the way back', async () => {
    const selectBranch = vi.fn<ChatActions['selectBranch']>()
    render(<Chat chat={chatOfChoices({ selectBranch })} />)
    await userEvent.click(await screen.findByRole('button', { name: 'Use this one, choice 0' }))
    expect(selectBranch).not.toHaveBeenCalled()
    expect(screen.queryByRole('article', { name: /^choice/ })).toBeNull()
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Show all 3 choices side by side')
  })

  it('fold by themselves when the conversation goes on', async () => {
    const chat = chatOfChoices()
    render(<Chat chat={chat} />)
    await screen.findAllByRole('article', { name: /^choice/ })
    const next = userMessage('Thanks', { id: 'next', parentId: 'choice-0' })
    const { messages, branches } = chat.store.getState()
    act(() =>
      chat.setState({
        messages: { ...messages, next },
        branches: { ...branches, 'choice-0': { ids: ['next'], shown: 'next' } },
        messageIds: ['asked', 'choice-0', 'next'],
      }),
    )
    expect(screen.queryByRole('article', { name: /^choice/ })).toBeNull()
    expect(screen.getByRole('button', { name: 'Show all 3 choices side by side' })).toBeTruthy()
  })

  it('are told from answers that were asked for again', () => {
    const again = answer('Windfall', {
      id: 'again',
      parentId: 'asked',
      turnId: 'other',
      createdAt: Date.now(),
    })
    render(<Chat chat={staticChat(stateOf([asked, again], choices.slice(0, 1)))} />)
    expect(screen.queryByRole('article', { name: /^choice/ })).toBeNull()
    expect(screen.getByText('2 / 2')).toBeTruthy()
  })

  it('render again one by one as they grow', async () => {
    const streaming = choices.map((choice) => ({
      ...choice,
      status: 'streaming' as const,
      finishReason: null,
    }))
    const chat = staticChat({ ...stateOf([asked, streaming[0]!], streaming.slice(1)), status: 'streaming' })
    const rendered: string[] = []
    const renderers = {
      text: ({ text }: { text: string }) => {
        rendered.push(text)
        return text
      },
    }
    render(<Chat chat={chat} renderers={renderers} />)
    await screen.findAllByRole('article', { name: /^choice/ })
    rendered.length = 0

    const message = { ...streaming[1]!.choice.message, content: 'Marigold II' }
    const next = { ...streaming[1]!, choice: { ...streaming[1]!.choice, message } }
    act(() => chat.setState({ messages: { ...chat.store.getState().messages, 'choice-1': next } }))
    expect(rendered).toEqual(['Marigold II'])
  })
})
