import { defineTool, type ChatClient } from '@candor/core'
import { cleanup, render, screen } from '@testing-library/react'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import { z } from 'zod'

import { CandorProvider } from './CandorProvider.tsx'
import type { ChatStorage } from './ChatStorage.ts'
import { indexedDbChats } from './indexedDbChats.ts'
import { localStorageChats } from './localStorageChats.ts'
import { createScriptedServer } from './testing/createScriptedServer.ts'
import { useBranches } from './useBranches.ts'
import { useChatCompletion } from './useChatCompletion.ts'
import { useChatError } from './useChatError.ts'
import { useChatStatus } from './useChatStatus.ts'
import { useCompletionQuery } from './useCompletionQuery.ts'
import { useMessage } from './useMessage.ts'
import { useMessageIds } from './useMessageIds.ts'
import { useModels } from './useModels.ts'
import { useStructuredCompletion } from './useStructuredCompletion.ts'
import { useThreads } from './useThreads.ts'
import { useTokenCount } from './useTokenCount.ts'
import { useToolCalls } from './useToolCalls.ts'
import { useToolLoop } from './useToolLoop.ts'

const request = { model: 'm' }
const tools = [defineTool({ name: 'look', parameters: z.object({}), execute: () => 'seen' })]
const schema = z.object({ name: z.string() })
const tokenizer = { encode: (text: string) => Array.from(text, (_, place) => place) }

function Selectors() {
  const [firstId = ''] = useMessageIds()
  const read = [
    useChatStatus(),
    useChatError(),
    useMessage(firstId)?.role,
    useBranches(firstId)?.ids.length,
    useToolCalls(firstId).calls.length,
  ]
  return <p>{JSON.stringify(read)}</p>
}

interface PageProps {
  client: ChatClient
  local: ChatStorage
  database: ChatStorage
}

function Page({ client, local, database }: PageProps) {
  const chat = useChatCompletion({
    client,
    request,
    id: 'a',
    storage: local,
    initialMessages: [{ role: 'user', content: 'Hi' }],
  })
  const loop = useToolLoop({ client, request, tools, id: 'b', storage: database })
  const structured = useStructuredCompletion({ client, request, schema })
  const query = useCompletionQuery({ ...request, messages: [{ role: 'user', content: 'Hi' }] }, { client })
  const models = useModels(client)
  const threads = useThreads(local)
  const count = useTokenCount('Hi', tokenizer)
  return (
    <CandorProvider chat={chat}>
      <Selectors />
      <output>
        {[
          chat.status,
          loop.messages.length,
          structured.text,
          query.status,
          models.status,
          threads.status,
        ].join()}
        {count?.total}
      </output>
    </CandorProvider>
  )
}

afterEach(cleanup)

it('every hook renders on a server, and the browser takes the page over without a difference or a warning', async () => {
  const errors = vi.spyOn(console, 'error')
  const warnings = vi.spyOn(console, 'warn')
  const { client } = createScriptedServer()
  const page = (
    <CandorProvider>
      <Page client={client} database={indexedDbChats('ssr')} local={localStorageChats('ssr')} />
    </CandorProvider>
  )
  const html = renderToString(page)
  expect(html).toContain('[&quot;idle&quot;,null,&quot;user&quot;,1,0]')
  const container = document.createElement('div')
  document.body.append(container)
  container.innerHTML = html
  const before = container.firstElementChild
  render(page, { container, hydrate: true })
  await vi.waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/2$/))
  expect(container.firstElementChild).toBe(before)
  expect(errors).not.toHaveBeenCalled()
  expect(warnings).not.toHaveBeenCalled()
})
