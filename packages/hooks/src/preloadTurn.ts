import type { ChatMessage, RequestMessage } from '@candor/core'

import type { AnyChatOptions } from './ChatOptions.ts'
import { loadFullRequest, saidText, textRequest } from './requestForTurn.ts'

/** Loads what the next turn of a conversation will need, if that is more than a text needs. */
export async function preloadTurn(options: AnyChatOptions, history: readonly ChatMessage[]): Promise<void> {
  const { request = {}, tools, middleware = [] } = options
  const said: RequestMessage[] = [...history.map(saidText), { role: 'user', content: '' }]
  const isText = middleware.length === 0 && textRequest(options, said, request) !== undefined
  const isTools = tools !== undefined
  await Promise.all([
    !isText && loadFullRequest(),
    isTools && loadToolCalls(),
    isTools && import('./toolRuns.ts'),
  ])
}

/** What a turn with tools does next, and what answers its calls. */
export const loadToolCalls = (): Promise<typeof import('./toolCalls.ts')> => import('./toolCalls.ts')
