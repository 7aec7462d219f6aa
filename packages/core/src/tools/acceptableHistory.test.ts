import { describe, expect, it } from 'vitest'

import type { RequestMessage, ToolCall } from '../wire.ts'
import { acceptableHistory } from './acceptableHistory.ts'

const question: RequestMessage = { role: 'user', content: 'Roll two dice.' }

function callOf(id: string, args = '{"sides":6}'): ToolCall {
  return { id, type: 'function', function: { name: 'roll', arguments: args } }
}
function asks(...calls: ToolCall[]): RequestMessage {
  return { role: 'assistant', content: null, tool_calls: calls }
}
function result(id: string): RequestMessage {
  return { role: 'tool', tool_call_id: id, content: '4' }
}
const missing = (id: string): RequestMessage => ({
  role: 'tool',
  tool_call_id: id,
  content: 'The call was cut off before it ended; its result is not known.',
})

describe('acceptableHistory', () => {
  it('leaves what is acceptable as it is', () => {
    const messages = [
      question,
      asks(callOf('a')),
      result('a'),
      { role: 'assistant', content: 'Four.' } as const,
    ]
    const history = acceptableHistory(messages)
    expect(history).toHaveLength(4)
    history.forEach((message, index) => expect(message).toBe(messages[index]))
  })

  it('answers a call that nobody answered, before the next message', () => {
    expect(acceptableHistory([question, asks(callOf('a'), callOf('b')), result('b'), question])).toEqual([
      question,
      asks(callOf('a'), callOf('b')),
      result('b'),
      missing('a'),
      question,
    ])
  })

  it('answers the calls of the last message too', () => {
    expect(acceptableHistory([question, asks(callOf('a'))])).toEqual([
      question,
      asks(callOf('a')),
      missing('a'),
    ])
  })

  it('answers an id that the server used twice as often as it was used', () => {
    expect(acceptableHistory([asks(callOf('a'), callOf('a')), result('a')])).toEqual([
      asks(callOf('a'), callOf('a')),
      result('a'),
      missing('a'),
    ])
  })

  it.each([
    ['cut off', '{"sides":'],
    ['empty', ''],
    ['not an object', '6'],
    ['a list', '[6]'],
    ['two objects', '{"sides":6}{"sides":6}'],
  ])('sends {} for arguments that are %s, since chat templates read them as an object', (_, args) => {
    expect(acceptableHistory([asks(callOf('a', args)), result('a')])).toEqual([
      asks(callOf('a', '{}')),
      result('a'),
    ])
  })

  it('keeps what the server added to a message and to a call', () => {
    const call = { ...callOf('a', ''), extra_content: { google: { thought_signature: 'xyz' } } }
    const message = Object.assign(asks(call), { reasoning_content: 'I roll.' })
    expect(acceptableHistory([message, result('a')])[0]).toEqual({
      role: 'assistant',
      content: null,
      reasoning_content: 'I roll.',
      tool_calls: [{ ...callOf('a', '{}'), extra_content: { google: { thought_signature: 'xyz' } } }],
    })
  })

  it('leaves out an answer in which nothing was said', () => {
    expect(acceptableHistory([question, { role: 'assistant', content: null }, question])).toEqual([
      question,
      question,
    ])
    expect(acceptableHistory([question, { role: 'assistant', content: '' }])).toEqual([question])
  })

  it('keeps an answer that is only a refusal', () => {
    const refusal: RequestMessage = { role: 'assistant', content: null, refusal: 'I cannot help with that.' }
    expect(acceptableHistory([question, refusal])).toEqual([question, refusal])
  })
})
