import { expect, it } from 'vitest'

import { emptyThread, initialThreads, threadsReducer } from './threads.ts'

it('opens the thread of the address, and a new one where there is none', () => {
  expect(initialThreads('a')).toEqual({ open: [{ id: 'a', title: '', isNew: false }], currentId: 'a' })
  const { open, currentId } = initialThreads('')
  expect(open).toEqual([{ id: currentId, title: '', isNew: true }])
})

it('puts a new thread on top and on screen', () => {
  const threads = threadsReducer(initialThreads('a'), { type: 'thread-added', id: 'b' })
  expect(threads.open.map(({ id }) => id)).toEqual(['b', 'a'])
  expect(threads.currentId).toBe('b')
})

it('counts a thread as empty until something is said in it, and never one that is still being read', () => {
  const read = initialThreads('a')
  expect(emptyThread(read)).toBeUndefined()
  const added = threadsReducer(read, { type: 'thread-added', id: 'b' })
  expect(emptyThread(added)?.id).toBe('b')
  expect(
    emptyThread(threadsReducer(added, { type: 'thread-named', id: 'b', title: 'Paris' })),
  ).toBeUndefined()
})

it('shows another thread when the one on screen is closed, and stays when it was not on screen', () => {
  const both = threadsReducer(initialThreads('a'), { type: 'thread-shown', id: 'b' })
  const other = threadsReducer(both, { type: 'thread-closed', id: 'a', nextId: 'c' })
  expect(other).toEqual({ open: [{ id: 'b', title: '', isNew: false }], currentId: 'b' })
  const shown = threadsReducer(both, { type: 'thread-closed', id: 'b', nextId: 'c' })
  expect(shown.open.map(({ id }) => id)).toEqual(['c', 'a'])
  expect(shown.currentId).toBe('c')
})
