import type { ChatAssistantMessage } from '@candor/core'
import { expect, it } from 'vitest'

import { emptyAnswer } from './answerMessage.ts'
import { isLater } from './isLater.ts'

type Changes = Partial<ChatAssistantMessage> & {
  message?: Partial<ChatAssistantMessage['choice']['message']>
}

const first = emptyAnswer(null, {}, undefined)

function answer({ message, ...fields }: Changes): ChatAssistantMessage {
  return {
    ...first,
    ...fields,
    choice: { ...first.choice, message: { ...first.choice.message, ...message } },
  }
}

const call = (args: string) => ({
  id: 'call_1',
  type: 'function' as const,
  function: { name: 'f', arguments: args },
})

it.each<[string, Changes, Changes]>([
  ['words', { message: { content: 'One' } }, { message: { content: 'One, two' } }],
  ['thinking', { reasoning: 'Hm' }, { reasoning: 'Hm, well' }],
  ['a refusal', { message: { refusal: 'I' } }, { message: { refusal: 'I cannot' } }],
  [
    'arguments of a call',
    { message: { tool_calls: [call('{')] } },
    { message: { tool_calls: [call('{}')] } },
  ],
])('an answer that streams is later with more %s', (_, before, after) => {
  const [early, late] = [before, after].map((changes) => answer({ status: 'streaming', ...changes }))
  expect([isLater(late!, early!), isLater(early!, late!)]).toEqual([true, false])
})

it.each<[string, Changes, Changes]>([
  [
    'that streams than one that was taken for interrupted',
    { status: 'interrupted', message: { content: 'long' } },
    { status: 'streaming' },
  ],
  [
    'that has ended than one that streams',
    { status: 'streaming', message: { content: 'long' } },
    { status: 'stopped' },
  ],
  [
    'whose tool has ended than one whose tool runs',
    { status: 'finished', toolRuns: { call_1: { status: 'running' } } },
    { status: 'finished', toolRuns: { call_1: { status: 'done' } } },
  ],
])('an answer is later %s', (_, before, after) => {
  expect([isLater(answer(after), answer(before)), isLater(answer(before), answer(after))]).toEqual([
    true,
    false,
  ])
})

it('the same state is not later than itself', () => {
  expect(isLater(answer({ status: 'finished' }), answer({ status: 'finished' }))).toBe(false)
})
