import { describe, expect, it } from 'vitest'

import type { RequestMessage, ToolCall } from '../wire.ts'
import { toolLoopStep } from './toolLoopStep.ts'

const question: RequestMessage = { role: 'user', content: 'What is the weather in Paris and Rome?' }
const paris = callOf('call_1', '{"city":"Paris"}')
const rome = callOf('call_2', '{"city":"Rome"}')

function callOf(id: string, args: string): ToolCall {
  return { id, type: 'function', function: { name: 'get_weather', arguments: args } }
}
function asks(...calls: ToolCall[]): RequestMessage {
  return { role: 'assistant', content: null, tool_calls: calls }
}
function result(id: string): RequestMessage {
  return { role: 'tool', tool_call_id: id, content: 'sunny' }
}

describe('toolLoopStep', () => {
  it('asks the model after a question', () => {
    expect(toolLoopStep([question])).toEqual({ type: 'ask-model', step: 0 })
  })

  it('asks the model when there are only instructions', () => {
    expect(toolLoopStep([{ role: 'system', content: 'Greet the user.' }])).toEqual({
      type: 'ask-model',
      step: 0,
    })
  })

  it('stops when the model answered in words', () => {
    expect(toolLoopStep([question, { role: 'assistant', content: 'Sunny.' }])).toEqual({
      type: 'stop',
      reason: 'answered',
    })
  })

  it('takes an empty list of calls for none', () => {
    expect(toolLoopStep([question, { role: 'assistant', content: 'Sunny.', tool_calls: [] }])).toEqual({
      type: 'stop',
      reason: 'answered',
    })
  })

  it('runs the calls that are not answered yet', () => {
    expect(toolLoopStep([question, asks(paris, rome)])).toEqual({
      type: 'run-tools',
      calls: [paris, rome],
      refused: [],
    })
    expect(toolLoopStep([question, asks(paris, rome), result('call_2')])).toEqual({
      type: 'run-tools',
      calls: [paris],
      refused: [],
    })
  })

  it('asks the model again once every call is answered, whatever the order of the answers', () => {
    expect(toolLoopStep([question, asks(paris, rome), result('call_2'), result('call_1')])).toEqual({
      type: 'ask-model',
      step: 1,
    })
  })

  it('wants two answers for an id that the server used twice', () => {
    const twin = callOf('call_1', '{"city":"Rome"}')
    expect(toolLoopStep([question, asks(paris, twin), result('call_1')])).toMatchObject({
      type: 'run-tools',
      calls: [twin],
    })
  })

  it('counts steps from the last question on', () => {
    const before = [
      question,
      asks(paris),
      result('call_1'),
      { role: 'assistant', content: 'Sunny.' },
    ] as const
    expect(toolLoopStep([...before, question], { maxSteps: 1 })).toEqual({ type: 'ask-model', step: 0 })
  })

  it('stops after the allowed steps, with their calls answered', () => {
    expect(toolLoopStep([question, asks(paris)], { maxSteps: 1 })).toMatchObject({ calls: [paris] })
    expect(toolLoopStep([question, asks(paris), result('call_1')], { maxSteps: 1 })).toEqual({
      type: 'stop',
      reason: 'max-steps',
    })
  })

  it('makes ten requests when nothing is said about steps', () => {
    const round = [asks(paris), result('call_1')]
    expect(toolLoopStep([question, ...Array.from({ length: 9 }, () => round).flat()])).toEqual({
      type: 'ask-model',
      step: 9,
    })
    expect(toolLoopStep([question, ...Array.from({ length: 10 }, () => round).flat()])).toMatchObject({
      reason: 'max-steps',
    })
  })

  it('refuses the calls beyond the allowed number, and then stops', () => {
    const limits = { maxToolCalls: 1 }
    expect(toolLoopStep([question, asks(paris, rome)], limits)).toEqual({
      type: 'run-tools',
      calls: [paris],
      refused: [rome],
      limit: 'max-tool-calls',
    })
    const answered = [question, asks(paris, rome), result('call_1'), result('call_2')]
    expect(toolLoopStep(answered, limits)).toEqual({ type: 'stop', reason: 'max-tool-calls' })
  })

  it('lets the model use the result of the last allowed call', () => {
    expect(toolLoopStep([question, asks(paris), result('call_1')], { maxToolCalls: 1 })).toEqual({
      type: 'ask-model',
      step: 1,
    })
  })

  it('makes no further request once the tokens are used up', () => {
    const turn = [question, asks(paris), result('call_1')]
    expect(toolLoopStep(turn, { maxTokens: 500 }, { tokens: 499 })).toMatchObject({ type: 'ask-model' })
    expect(toolLoopStep(turn, { maxTokens: 500 }, { tokens: 500 })).toEqual({
      type: 'stop',
      reason: 'max-tokens',
    })
  })

  it('starts no tool once the time is over, but answers its calls', () => {
    const limits = { maxTimeMs: 1000 }
    expect(toolLoopStep([question, asks(paris)], limits, { elapsedMs: 1000 })).toEqual({
      type: 'run-tools',
      calls: [],
      refused: [paris],
      limit: 'max-time',
    })
    expect(toolLoopStep([question, asks(paris), result('call_1')], limits, { elapsedMs: 1000 })).toEqual({
      type: 'stop',
      reason: 'max-time',
    })
  })

  it('gives a turn that is taken up again its limits anew', () => {
    const turn = [question, asks(paris), result('call_1')]
    expect(toolLoopStep(turn, { maxSteps: 1 }, { countFrom: 3 })).toEqual({ type: 'ask-model', step: 0 })
  })
})
