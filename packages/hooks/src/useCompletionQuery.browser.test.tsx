import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ChatCompletionParams } from '@candor/core'
import { act, cleanup, render, screen } from '@testing-library/react'
import { useEffect } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { createScriptedServer, type ScriptedServer } from './testing/createScriptedServer.ts'
import { useCompletionQuery, type CompletionQuery } from './useCompletionQuery.ts'

const request: ChatCompletionParams = {
  model: 'scripted',
  messages: [{ role: 'user', content: 'A haiku.' }],
}

function Haiku({
  server,
  asked = request,
  onQuery,
}: {
  server: ScriptedServer
  asked?: ChatCompletionParams
  onQuery?: (query: CompletionQuery) => void
}) {
  const query = useCompletionQuery(asked, { client: server.client })
  useEffect(() => {
    onQuery?.(query)
  })
  return (
    <output>
      {query.status} {query.data?.ending} {query.data?.completion.choices[0]?.message.content}
      {query.error?.message}
    </output>
  )
}

function setUp() {
  const server = createScriptedServer()
  const queryClient = new QueryClient()
  const show = (children: React.ReactNode): React.ReactNode => (
    <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
  )
  return { server, show }
}

const texts = (): (string | null)[] => screen.queryAllByRole('status').map(({ textContent }) => textContent)

afterEach(cleanup)

describe('useCompletionQuery', () => {
  it('gives what can be spread, as any query', async () => {
    const { server, show } = setUp()
    let query!: CompletionQuery
    render(show(<Haiku server={server} onQuery={(next) => (query = next)} />))
    ;(await server.next()).answer('An old silent pond')
    await vi.waitFor(() =>
      expect({ ...query }).toMatchObject({ status: 'success', data: { ending: 'finished' } }),
    )
    expect({ ...query }.stop).toBeTypeOf('function')
    expect({ ...query }.refetch).toBeTypeOf('function')
  })

  it('shows the answer as it grows, and at its end', async () => {
    const { server, show } = setUp()
    render(show(<Haiku server={server} />))
    expect(texts()).toEqual(['pending  '])
    const exchange = await server.next()
    exchange.delta({ content: 'An old silent pond' })
    await vi.waitFor(() => expect(texts()).toEqual(['success open An old silent pond']))
    exchange.finish()
    await vi.waitFor(() => expect(texts()).toEqual(['success finished An old silent pond']))
  })

  it('asks once for all who show the same request, and keeps the answer for later ones', async () => {
    const { server, show } = setUp()
    const two = [<Haiku key="a" server={server} />, <Haiku key="b" server={server} />]
    const { rerender } = render(show(two))
    ;(await server.next()).answer('A frog jumps.')
    await vi.waitFor(() => expect(texts()).toEqual(Array(2).fill('success finished A frog jumps.')))
    rerender(show([]))
    rerender(show(two))
    expect(texts()).toEqual(Array(2).fill('success finished A frog jumps.'))
    expect(server.requests).toHaveLength(1)
  })

  it('asks anew for another request', async () => {
    const { server, show } = setUp()
    const { rerender } = render(show(<Haiku server={server} />))
    ;(await server.next()).answer('A frog jumps.')
    await vi.waitFor(() => expect(texts()[0]).toContain('A frog jumps.'))
    rerender(show(<Haiku server={server} asked={{ ...request, seed: 9223372036854775807n }} />))
    ;(await server.next()).answer('Splash.')
    await vi.waitFor(() => expect(texts()).toEqual(['success finished Splash.']))
  })

  it('stops when it is told to, and keeps what arrived', async () => {
    const { server, show } = setUp()
    let query!: CompletionQuery
    render(show(<Haiku server={server} onQuery={(next) => (query = next)} />))
    const exchange = await server.next()
    exchange.delta({ content: 'An old' })
    await vi.waitFor(() => expect(texts()).toEqual(['success open An old']))
    act(() => query.stop())
    await vi.waitFor(() => expect(texts()).toEqual(['success stopped An old']))
    expect(exchange.signal.aborted).toBe(true)
  })

  it('stops when nobody shows it any more, and is asked again when somebody does', async () => {
    const { server, show } = setUp()
    const { rerender } = render(show(<Haiku server={server} />))
    const exchange = await server.next()
    exchange.delta({ content: 'An old' })
    await vi.waitFor(() => expect(texts()).toEqual(['success open An old']))
    rerender(show(null))
    await vi.waitFor(() => expect(exchange.signal.aborted).toBe(true))
    rerender(show(<Haiku server={server} />))
    ;(await server.next()).answer('A frog jumps.')
    await vi.waitFor(() => expect(texts()).toEqual(['success finished A frog jumps.']))
  })

  it('tells why it failed, beside what had arrived', async () => {
    const { server, show } = setUp()
    render(show(<Haiku server={server} />))
    const exchange = await server.next()
    exchange.delta({ content: 'An old' })
    exchange.chunk({ error: { message: 'GPU on fire' } })
    exchange.close()
    await vi.waitFor(() => expect(texts()[0]).toMatch(/^error error An old.*GPU on fire/))
  })

  it('has ended when its connection breaks, though all that arrived was shown before', async () => {
    const { server, show } = setUp()
    render(show(<Haiku server={server} />))
    const exchange = await server.next()
    exchange.delta({ content: 'An old' })
    await vi.waitFor(() => expect(texts()).toEqual(['success open An old']))
    exchange.break()
    await vi.waitFor(() => expect(texts()[0]).toMatch(/^error error An old/))
  })
})
