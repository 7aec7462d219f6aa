import type { ChatAssistantMessage } from '@candor/core'
import { describe, expect, it, vi } from 'vitest'

import { createChatStore, type ChatStore } from './createChatStore.ts'
import { initialState } from './initialState.ts'
import { reduceChat, type ChatChange } from './reduceChat.ts'

const count = 10_000

/** A store with questions and answers in turn, how often each message was told of, and how often the rest was. */
function listen(): { store: ChatStore; dispatch: (change: ChatChange) => void; told: string[] } {
  const store = createChatStore(
    initialState(
      Array.from({ length: count }, (_, place) =>
        place % 2 === 0 ? { role: 'user', content: 'Why?' } : { role: 'assistant', content: 'So.' },
      ),
    ),
  )
  const told: string[] = []
  for (const id of store.getState().messageIds) store.subscribe(() => told.push(id), id)
  store.subscribe(() => told.push('rest'), null)
  store.subscribe(() => told.push('all'))
  return { store, told, dispatch: (change) => store.setState(reduceChat(store.getState(), change)) }
}

function grown(store: ChatStore, content: string): ChatAssistantMessage {
  const { messages, messageIds } = store.getState()
  const answer = messages[messageIds.at(-1)!]
  if (answer?.role !== 'assistant') throw new Error('The last message is no answer.')
  return {
    ...answer,
    choice: { ...answer.choice, message: { ...answer.choice.message, content } },
  }
}

describe('a conversation of 10,000 messages', () => {
  it('tells of an answer that grows to those who listen to it or to everything, and to no other', () => {
    const { store, dispatch, told } = listen()
    const { id } = grown(store, '')
    dispatch({ type: 'status-change', status: 'streaming' })
    expect(told.splice(0)).toEqual(['rest', 'all'])
    for (const content of ['So it', 'So it is']) {
      dispatch({ type: 'answers-update', answers: [grown(store, content)], status: 'streaming' })
      expect(told.splice(0)).toEqual([id, 'all'])
    }
  })

  it('tells each message of the end of a turn, which may be anything', () => {
    const { store, dispatch, told } = listen()
    dispatch({ type: 'answers-update', answers: [grown(store, 'So it')], status: 'streaming' })
    told.length = 0
    dispatch({ type: 'turn-end', answers: [], status: 'idle', error: null, stopReason: 'answered' })
    expect(new Set(told)).toEqual(new Set([...store.getState().messageIds, 'rest', 'all']))
  })

  it('tells of a message that comes to those who listen to the rest', () => {
    const { store, dispatch, told } = listen()
    const parentId = store.getState().messageIds.at(-1)!
    const message = { id: 'new', parentId, createdAt: 0, role: 'user' as const }
    dispatch({
      type: 'messages-add',
      messages: [{ ...message, message: { role: 'user', content: 'And now?' } }],
    })
    expect(told).toContain('rest')
    expect(told).toContain('all')
  })
})

it('tells nobody who has stopped listening', () => {
  const store = createChatStore(initialState([{ role: 'assistant', content: 'So.' }]))
  const listener = vi.fn<() => void>()
  const stops = [undefined, null, store.getState().messageIds[0]].map((about) =>
    store.subscribe(listener, about),
  )
  for (const stop of stops) stop()
  store.setState(
    reduceChat(store.getState(), {
      type: 'answers-update',
      answers: [grown(store, 'So it is')],
      status: 'streaming',
    }),
  )
  expect(listener).not.toHaveBeenCalled()
})
