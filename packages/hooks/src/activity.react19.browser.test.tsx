import { act, cleanup, render, screen } from '@testing-library/react'
import { Activity, useEffect, type ReactNode } from 'react'
import { afterEach, describe, expect, it } from 'vitest'

import type { ChatHandle } from './ChatHandle.ts'
import { createScriptedServer, type Exchange, type ScriptedServer } from './testing/createScriptedServer.ts'
import { useChatCompletion } from './useChatCompletion.ts'

function Chat({ server, onChat }: { server: ScriptedServer; onChat: (chat: ChatHandle) => void }) {
  const chat = useChatCompletion({ client: server.client, request: { model: 'scripted' } })
  useEffect(() => onChat(chat))
  return (
    <output>
      {chat.status}: {chat.answer?.choice.message.content ?? ''}
    </output>
  )
}

/** Lets what came reach the screen. */
async function shown(): Promise<void> {
  await act(async () => {
    // More than one, for a machine on which a chunk is late for its frame.
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
  })
}

async function begin(chat: ChatHandle, server: ScriptedServer): Promise<Exchange> {
  let exchange!: Exchange
  await act(async () => {
    void chat.send('Hello')
    exchange = await server.next()
  })
  return exchange
}

const text = (): string | null => screen.getByRole('status').textContent

afterEach(cleanup)

describe('in a hidden Activity', () => {
  it('a turn is stopped, as when its component goes, and what arrived is there when it is shown again', async () => {
    const server = createScriptedServer()
    let chat!: ChatHandle
    const onChat = (next: ChatHandle): void => void (chat = next)
    const page = (mode: 'hidden' | 'visible'): ReactNode => (
      <Activity mode={mode}>
        <Chat server={server} onChat={onChat} />
      </Activity>
    )
    const { rerender } = render(page('visible'))
    const exchange = await begin(chat, server)
    exchange.delta({ content: 'One' })
    await shown()
    rerender(page('hidden'))
    expect(exchange.signal.aborted).toBe(true)
    rerender(page('visible'))
    await shown()
    expect(text()).toBe('idle: One')
    const again = await begin(chat, server)
    again.answer('Two')
    await shown()
    expect(text()).toBe('idle: Two')
  })
})
