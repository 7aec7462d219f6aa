import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, it, vi } from 'vitest'

import { answer, userMessage } from '../fixtures/messages.ts'
import { inRow, stateOf, staticChat } from '../fixtures/staticChat.ts'
import { Chat } from './index.ts'

it('renders on a server: every message, and nothing to complain about', () => {
  const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const chat = staticChat(
    stateOf(inRow([userMessage('What is the capital of France?'), answer('It is **Paris**.')])),
  )
  const html = renderToString(createElement(Chat, { chat }))
  expect(html).toContain('What is the capital of France?')
  expect(html).toContain('Paris')
  expect(html).toContain('role="log"')
  expect(complain.mock.calls).toEqual([])
})
