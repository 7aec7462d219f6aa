import type { ChatAssistantMessage } from '@candor/core'
import { expect, it } from 'vitest'

import { answer, userMessage } from '../fixtures/messages.ts'
import { versionOrder } from './versionOrder.ts'

function choice(id: string, turnId: string, index: number): ChatAssistantMessage {
  const message = answer('x', { id, turnId })
  return { ...message, choice: { ...message.choice, index } }
}

it('counts versions by age, and the choices of one request by their index', () => {
  const messages = [
    choice('a1', 'a', 1),
    choice('b0', 'b', 0),
    choice('a0', 'a', 0),
    userMessage('edited', { id: 'edited' }),
    choice('a2', 'a', 2),
  ]
  const byId = Object.fromEntries(messages.map((message) => [message.id, message]))
  const ids = messages.map(({ id }) => id)
  expect(versionOrder(ids, byId)).toEqual(['a0', 'a1', 'a2', 'b0', 'edited'])
})
