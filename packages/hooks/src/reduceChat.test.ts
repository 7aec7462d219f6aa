import type { ChatAssistantMessage, ChatMessage } from '@candor/core'
import { describe, expect, it } from 'vitest'

import type { ChatState } from './ChatHandle.ts'
import { emptyChat, reduceChat, type ChatChange } from './reduceChat.ts'

function user(id: string, parentId: string | null): ChatMessage {
  return { id, parentId, createdAt: 0, role: 'user', message: { role: 'user', content: id } }
}
function answer(id: string, parentId: string | null, content = ''): ChatAssistantMessage {
  return {
    id,
    parentId,
    createdAt: 0,
    role: 'assistant',
    choice: {
      index: 0,
      message: { role: 'assistant', content, refusal: null },
      logprobs: null,
      finish_reason: null,
    },
    reasoning: '',
    status: 'streaming',
    finishReason: null,
    model: 'm',
    timings: { startedAt: 0 },
    issues: [],
    envelope: {},
    toolRuns: {},
  }
}
function after(...changes: ChatChange[]): ChatState {
  return changes.reduce(reduceChat, emptyChat)
}
const add = (...messages: ChatMessage[]): ChatChange => ({ type: 'messages-add', messages })
const grow = (...answers: ChatAssistantMessage[]): ChatChange => ({
  type: 'answers-update',
  answers,
  status: 'streaming',
})

describe('a growing answer', () => {
  it('leaves every other message and the list of ids the same objects', () => {
    const before = after(add(user('q1', null), answer('a1', 'q1'), user('q2', 'a1'), answer('a2', 'q2')))
    const next = reduceChat(before, grow(answer('a2', 'q2', 'Paris')))
    expect(next.messages.a2).toMatchObject({ choice: { message: { content: 'Paris' } } })
    for (const id of ['q1', 'a1', 'q2']) expect(next.messages[id]).toBe(before.messages[id])
    expect(next.messageIds).toBe(before.messageIds)
    expect(next.branches).toBe(before.branches)
  })

  it('changes no earlier state', () => {
    const first = after(add(user('q', null), answer('a', 'q')))
    const second = reduceChat(first, grow(answer('a', 'q', 'Par')))
    reduceChat(second, grow(answer('a', 'q', 'Paris')))
    expect(second.messages.a).toMatchObject({ choice: { message: { content: 'Par' } } })
    expect(first.messages.a).toMatchObject({ choice: { message: { content: '' } } })
  })

  it('is all that is written, whether the conversation has 10 messages or 10,000', () => {
    for (const length of [10, 10_000]) {
      const messages = Array.from({ length }, (_, index) =>
        user(`m${index}`, index === 0 ? null : `m${index - 1}`),
      )
      const before = after(add(...messages), add(answer('a', `m${length - 1}`)))
      const once = reduceChat(before, grow(answer('a', `m${length - 1}`, 'Par')))
      const twice = reduceChat(once, grow(answer('a', `m${length - 1}`, 'Paris')))
      expect(Object.keys(twice.messages)).toEqual(['a'])
      expect(twice.messages.m0).toBe(messages[0])
      expect(twice.messageIds).toHaveLength(length + 1)
    }
  })

  it('that is the same as before changes nothing', () => {
    const same = answer('a', 'q', 'Paris')
    const before = after(add(user('q', null), answer('a', 'q')), grow(same))
    expect(reduceChat(before, grow(same))).toBe(before)
  })

  it('gets a sibling for each further choice, and stays the one that is shown', () => {
    const state = after(
      add(user('q', null), answer('a', 'q')),
      grow(answer('a', 'q', 'Paris'), answer('b', 'q', 'Lyon')),
    )
    expect(state.branches.q).toEqual({ ids: ['a', 'b'], shown: 'a' })
    expect(state.messageIds).toEqual(['q', 'a'])
  })

  it('is not brought back after the conversation was emptied', () => {
    const state = after(
      add(user('q', null), answer('a', 'q')),
      { type: 'conversation-replace', state: emptyChat },
      grow(answer('a', 'q', 'Paris'), answer('b', 'q', 'Lyon')),
    )
    expect(state.messageIds).toEqual([])
    expect('a' in state.messages || 'b' in state.messages).toBe(false)
  })

  it('keeps its siblings when it ends', () => {
    const state = after(
      add(user('q', null), answer('a', 'q')),
      grow(answer('a', 'q', 'Paris'), answer('b', 'q', 'Lyon')),
      {
        type: 'turn-end',
        answers: [answer('a', 'q', 'Paris.'), answer('b', 'q', 'Lyon.')],
        status: 'idle',
        error: null,
        stopReason: 'answered',
      },
    )
    expect(Object.keys(state.messages).toSorted()).toEqual(['a', 'b', 'q'])
    expect(state.messages.b).toMatchObject({ choice: { message: { content: 'Lyon.' } } })
  })
})

describe('branches', () => {
  const twoEdits = after(
    add(user('q', null), answer('a', 'q')),
    add(user('more', 'a'), answer('b', 'more')),
    add(user('edited', 'a'), answer('c', 'edited')),
  )

  it('show the newest sibling', () => {
    expect(twoEdits.messageIds).toEqual(['q', 'a', 'edited', 'c'])
    expect(twoEdits.branches.a).toEqual({ ids: ['more', 'edited'], shown: 'edited' })
  })

  it('can be chosen by any message on them, and show what was shown below it', () => {
    const back = reduceChat(twoEdits, { type: 'branch-select', messageId: 'more' })
    expect(back.messageIds).toEqual(['q', 'a', 'more', 'b'])
    const forth = reduceChat(back, { type: 'branch-select', messageId: 'c' })
    expect(forth.messageIds).toEqual(['q', 'a', 'edited', 'c'])
  })

  it('stay as they are when the chosen one is shown already', () => {
    expect(reduceChat(twoEdits, { type: 'branch-select', messageId: 'a' })).toBe(twoEdits)
  })

  it('stay as they are for an id that no message has', () => {
    expect(reduceChat(twoEdits, { type: 'branch-select', messageId: 'gone' })).toBe(twoEdits)
  })

  it('show the last remaining sibling when the shown one is removed', () => {
    const state = reduceChat(twoEdits, { type: 'message-remove', messageId: 'edited' })
    expect(state.messageIds).toEqual(['q', 'a', 'more', 'b'])
  })

  it('end where the only message was removed', () => {
    const state = after(add(user('q', null), answer('a', 'q')), { type: 'message-remove', messageId: 'a' })
    expect(state.messageIds).toEqual(['q'])
    expect(state.branches).not.toHaveProperty('q')
  })

  it('keep apart messages whose ids are names of object methods', () => {
    const state = after(add(user('constructor', null), answer('__proto__', 'constructor')))
    expect(state.messageIds).toEqual(['constructor', '__proto__'])
  })
})
