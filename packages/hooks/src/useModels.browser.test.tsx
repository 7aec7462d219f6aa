import { createClient, type ChatClient } from '@candor/core'
import { createFakeFetch } from '@candor/core/testing'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'

import { CandorProvider } from './CandorProvider.tsx'
import { useModels, type UseModelsOptions } from './useModels.ts'

function Models({ client, options }: { client: ChatClient; options?: UseModelsOptions }) {
  const { data, error, status } = useModels(client, options)
  return (
    <ul aria-label={status}>
      {data?.map((model) => (
        <li key={model.id}>{model.id}</li>
      ))}
      {error !== null && <li>{error.status}</li>}
    </ul>
  )
}

function serverWith(status: number, body: unknown) {
  const fetch = createFakeFetch(
    () => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }),
  )
  return { fetch, client: createClient({ baseURL: 'http://model.test/v1', apiKey: 'secret-key', fetch }) }
}

afterEach(cleanup)

it('lists what the server offers, asked once by all who want it', async () => {
  const { client, fetch } = serverWith(200, { object: 'list', data: [{ id: 'smollm2' }, { id: 'qwen3' }] })
  render(
    <CandorProvider>
      <Models client={client} />
      <Models client={client} />
    </CandorProvider>,
  )
  expect(await screen.findAllByText('qwen3')).toHaveLength(2)
  expect(fetch.requests.map(({ method, url }) => [method, url])).toEqual([
    ['GET', 'http://model.test/v1/models'],
  ])
})

it('tells why there is no list, without asking again by itself', async () => {
  const { client, fetch } = serverWith(401, { error: { message: 'Wrong key' } })
  render(<Models client={client} />)
  expect(await screen.findByText('401')).toBeTruthy()
  expect(fetch.requests).toHaveLength(1)
})

it('keeps the API key out of the cache', async () => {
  const { client } = serverWith(200, { data: [{ id: 'smollm2' }] })
  const queryClient = new QueryClient()
  render(
    <QueryClientProvider client={queryClient}>
      <Models client={client} />
    </QueryClientProvider>,
  )
  await screen.findByText('smollm2')
  const keys = queryClient
    .getQueryCache()
    .getAll()
    .map((query) => query.queryHash)
  expect(keys).toHaveLength(1)
  expect(keys[0]).not.toContain('secret-key')
})

it('asks another client anew, even at the same address', async () => {
  const first = serverWith(200, { data: [{ id: 'smollm2' }] })
  const second = serverWith(200, { data: [{ id: 'qwen3' }] })
  const { rerender } = render(<Models client={first.client} />)
  await screen.findByText('smollm2')
  rerender(<Models client={second.client} />)
  expect(await screen.findByText('qwen3')).toBeTruthy()
  expect(screen.queryByText('smollm2')).toBeNull()
})

it('does not ask while it is switched off', () => {
  const { client, fetch } = serverWith(200, { data: [] })
  render(<Models client={client} options={{ enabled: false }} />)
  expect(screen.getByRole('list', { name: 'pending' })).toBeTruthy()
  expect(fetch.requests).toHaveLength(0)
})
