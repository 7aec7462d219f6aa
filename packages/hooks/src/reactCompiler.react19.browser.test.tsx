import { act, cleanup, render, screen } from '@testing-library/react'
import { Profiler, useEffect } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { ChatHandle } from './ChatHandle.ts'
import { createScriptedServer, type ScriptedServer } from './testing/createScriptedServer.ts'
import { useChatCompletion } from './useChatCompletion.ts'

const request = { model: 'scripted' }

interface ReaderProps {
  server: ScriptedServer
  onSend: (send: ChatHandle['send']) => void
}

function MessagesReader({ server, onSend }: ReaderProps) {
  const chat = useChatCompletion({ client: server.client, request })
  useEffect(() => onSend(chat.send))
  return (
    <output>
      {chat.status}:{' '}
      {chat.messages.map((message) => (message.role === 'assistant' ? message.choice.message.content : ''))}
    </output>
  )
}

function StatusReader({ server, onSend }: ReaderProps) {
  const { send, status } = useChatCompletion({ client: server.client, request })
  useEffect(() => onSend(send))
  return <output>{status}</output>
}

const frame = (): Promise<void> =>
  act(async () => {
    await new Promise((resolve) => setTimeout(resolve, 0))
    await new Promise((resolve) => requestAnimationFrame(resolve))
  })

const text = (): string | null => screen.getByRole('status').textContent

afterEach(cleanup)

describe('a component that React Compiler has compiled', () => {
  it('is what these tests render', () => {
    expect([MessagesReader, StatusReader].every((component) => /\b_?c\(\d+\)/.test(String(component)))).toBe(
      true,
    )
  })

  it('shows every frame of a stream that it reads, and its end', async () => {
    const server = createScriptedServer()
    let send!: ChatHandle['send']
    render(<MessagesReader server={server} onSend={(next) => void (send = next)} />)
    void send('Count.')
    const exchange = await server.next()
    for (const [delta, shown] of [
      ['One', 'streaming: One'],
      [', two', 'streaming: One, two'],
    ] as const) {
      exchange.delta({ content: delta })
      await vi.waitFor(async () => {
        await frame()
        expect(text()).toBe(shown)
      })
    }
    exchange.finish()
    await vi.waitFor(async () => {
      await frame()
      expect(text()).toBe('idle: One, two')
    })
  })

  it('does not render for a stream of which it reads the status alone', async () => {
    const server = createScriptedServer()
    const onRender = vi.fn<() => void>()
    let send!: ChatHandle['send']
    render(
      <Profiler id="status" onRender={onRender}>
        <StatusReader server={server} onSend={(next) => void (send = next)} />
      </Profiler>,
    )
    void send('Count.')
    const exchange = await server.next()
    exchange.delta({ content: '0' })
    await vi.waitFor(async () => {
      await frame()
      expect(text()).toBe('streaming')
    })
    onRender.mockClear()
    for (let place = 1; place <= 10; place++) {
      exchange.delta({ content: ` ${place}` })
      await frame()
    }
    expect(onRender).not.toHaveBeenCalled()
    exchange.finish()
    await vi.waitFor(async () => {
      await frame()
      expect(text()).toBe('idle')
    })
  })
})
