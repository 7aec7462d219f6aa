import { expect, it } from 'vitest'

import { initialThreads, threadsReducer } from './threads.ts'

it('keeps one empty thread instead of adding a second', () => {
  const threads = initialThreads()
  expect(threadsReducer(threads, { type: 'thread-added' })).toEqual(threads)
})

it('puts a new thread on top and on screen', () => {
  const threads = initialThreads()
  const first = threadsReducer(threads, { type: 'thread-named', id: threads.currentId, title: 'Paris' })
  const second = threadsReducer(first, { type: 'thread-added' })
  expect(second.list.map(({ title }) => title)).toEqual(['', 'Paris'])
  expect(second.currentId).toBe(second.list[0]?.id)
})

it('carries figures over to a new thread, but not its tools and its format', () => {
  let threads = initialThreads()
  const id = threads.currentId
  threads = threadsReducer(threads, { type: 'thread-named', id, title: 'Dice' })
  threads = threadsReducer(threads, {
    type: 'settings-changed',
    id,
    change: { figures: { seed: 7 }, tools: true, format: 'json_object', logprobs: false },
  })
  const settings = threadsReducer(threads, { type: 'thread-added' }).list[0]?.settings
  expect(settings).toMatchObject({ figures: { seed: 7 }, tools: false, format: 'text', logprobs: false })
})
