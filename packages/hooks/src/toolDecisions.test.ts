import { defineTextTool, defineTool, type AnyTool } from '@candor/core'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

import type { AnyChatOptions } from './ChatOptions.ts'
import { mergeMessages } from './mergeMessages.ts'
import { selectMessages } from './selectMessages.ts'
import { chatOn, until, type WatchedChat } from './testing/chatOn.ts'
import { createScriptedServer, type Exchange, type ScriptedServer } from './testing/createScriptedServer.ts'

const execute = vi.fn<(args: { path: string }) => string>(({ path }) => `deleted ${path}`)
const deleteFile = defineTool({
  name: 'delete_file',
  parameters: z.object({ path: z.string() }),
  needsApproval: true,
  execute,
})

/** A chat whose model has just asked to delete `/a`, as `call_1`. */
async function afterCall(
  options: Partial<AnyChatOptions> = { tools: [deleteFile] },
  status = 'waiting-for-approval',
): Promise<{ server: ScriptedServer; chat: WatchedChat; turn: Promise<unknown> }> {
  execute.mockClear()
  const server = createScriptedServer()
  const chat = chatOn(server, options)
  const turn = chat.actions.send('Delete /a.')
  await callAgain(server, 'call_1', { path: '/a' })
  await until(chat, () => chat.answer().toolRuns.call_1?.status === status)
  return { server, chat, turn }
}

async function callAgain(server: ScriptedServer, id: string, args: unknown): Promise<Exchange> {
  const exchange = await server.next()
  exchange.call(id, 'delete_file', args)
  exchange.finish('tool_calls')
  return exchange
}

describe('allowing a call', () => {
  it('once asks again for the next call of the same tool', async () => {
    const { server, chat, turn } = await afterCall()
    chat.actions.approveToolCall('call_1')
    await callAgain(server, 'call_2', { path: '/b' })
    await until(chat, () => chat.answer().toolRuns.call_2?.status === 'waiting-for-approval')
    chat.actions.stop()
    await turn
    expect(execute).toHaveBeenCalledTimes(1)
  })

  it('for all calls of the tool asks no more, until it is taken back', async () => {
    const { server, chat, turn } = await afterCall()
    chat.actions.approveToolCall('call_1', { always: true })
    expect(chat.state().allowedTools).toEqual(['delete_file'])
    await callAgain(server, 'call_2', { path: '/b' })
    ;(await server.next()).answer('Both are gone.')
    await turn
    expect(execute).toHaveBeenCalledTimes(2)

    chat.actions.disallowTool('delete_file')
    expect(chat.state().allowedTools).toEqual([])
    const next = chat.actions.send('Delete /c.')
    await callAgain(server, 'call_3', { path: '/c' })
    await until(chat, () => chat.answer().toolRuns.call_3?.status === 'waiting-for-approval')
    chat.actions.stop()
    await next
  })

  it('with changed arguments runs with those', async () => {
    const { server, chat, turn } = await afterCall()
    chat.actions.approveToolCall('call_1', { arguments: { path: '/tmp/a' } })
    const next = await server.next()
    expect(next.request.messages.at(-1)).toMatchObject({ content: 'deleted /tmp/a' })
    next.answer('Done.')
    await turn
  })

  it('with arguments that the tool does not take is answered as invalid', async () => {
    const { server, chat, turn } = await afterCall()
    chat.actions.approveToolCall('call_1', { arguments: { path: 7 } })
    const next = await server.next()
    expect(next.request.messages.at(-1)).toMatchObject({
      content: expect.stringContaining('not what the tool takes'),
    })
    next.answer('Sorry.')
    await turn
    expect(execute).not.toHaveBeenCalled()
  })

  it('twice, or one that does not wait, changes nothing', async () => {
    const { server, chat, turn } = await afterCall()
    chat.actions.approveToolCall('call_9')
    chat.actions.approveToolCall('call_1')
    chat.actions.approveToolCall('call_1')
    ;(await server.next()).answer('Gone.')
    await turn
    chat.actions.approveToolCall('call_1')
    expect(chat.state().status).toBe('idle')
    expect(execute).toHaveBeenCalledTimes(1)
  })

  it('counts for that call alone, not for a later one to which the server gives the same id', async () => {
    const { server, chat, turn } = await afterCall()
    chat.actions.approveToolCall('call_1')
    chat.actions.approveToolCall('call_1')
    await callAgain(server, 'call_1', { path: '/b' })
    await until(chat, () => chat.answer().toolRuns.call_1?.status === 'waiting-for-approval')
    expect(execute.mock.calls).toEqual([[{ path: '/a' }, expect.anything()]])
    chat.actions.stop()
    await turn
  })

  it('cannot be done before the model has asked', async () => {
    execute.mockClear()
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [deleteFile] })
    const turn = chat.actions.send('Delete /a.')
    chat.actions.approveToolCall('call_1')
    await callAgain(server, 'call_1', { path: '/a' })
    await until(chat, () => chat.answer().toolRuns.call_1?.status === 'waiting-for-approval')
    chat.actions.stop()
    await turn
    expect(execute).not.toHaveBeenCalled()
  })

  it('by a middleware works as soon as the call waits', async () => {
    const server = createScriptedServer()
    const chat: WatchedChat = chatOn(server, {
      tools: [deleteFile],
      middleware: [
        () => ({
          onToolRun({ id }, { status }) {
            if (status === 'waiting-for-approval') chat.actions.approveToolCall(id)
          },
        }),
      ],
    })
    const turn = chat.actions.send('Delete /a.')
    await callAgain(server, 'call_1', { path: '/a' })
    ;(await server.next()).answer('Gone.')
    expect(await turn).toBe('finished')
  })

  it('in another tab takes the turn there, and leaves none waiting here', async () => {
    const { server, chat, turn } = await afterCall()
    const [question, asking] = selectMessages(chat.state())
    const there = chatOn(server, { tools: [deleteFile] })
    there.actions.load({ version: 1, messages: [question!, asking!], shown: {} })
    there.actions.approveToolCall('call_1')
    ;(await server.next()).answer('Gone.')
    await until(there, ({ status }) => status === 'idle')
    chat.merge((state) => mergeMessages(state, { messages: selectMessages(there.state()), removedIds: [] }))
    expect(await turn).toBe('discarded')
    expect(chat.lines()).toEqual(there.lines())
    expect(chat.lines()).toHaveLength(4)
    expect(chat.state().status).toBe('idle')
    const next = chat.actions.send('Thanks.')
    ;(await server.next()).answer('You are welcome.')
    expect(await next).toBe('finished')
    expect(execute).toHaveBeenCalledTimes(1)
  })

  it('is not asked for where the policy says so: never, or by a function of the tool and its arguments', async () => {
    for (const approval of [
      'never',
      (_: AnyTool, args: unknown) => !/"\/a"/.test(JSON.stringify(args)),
    ] as const) {
      const { server, turn } = await afterCall({ tools: [deleteFile], approval }, 'done')
      ;(await server.next()).answer('Gone.')
      await turn
      expect(execute).toHaveBeenCalledTimes(1)
    }
  })
})

describe('a call that has ended', () => {
  const flaky = vi.fn<(args: { path: string }) => string>()
  const tool = { ...deleteFile, needsApproval: false, execute: flaky }

  /** A chat in which the call has failed and the model has said so. */
  async function afterFailure() {
    flaky.mockReset().mockImplementationOnce(() => {
      throw new Error('disk is busy')
    })
    const { server, chat, turn } = await afterCall({ tools: [tool] }, 'failed')
    ;(await server.next()).answer('It failed.')
    await turn
    return { server, chat }
  }

  it('can be run again, and the model goes on from the new result', async () => {
    const { server, chat } = await afterFailure()
    flaky.mockImplementation(({ path }) => `deleted ${path}`)
    const again = chat.actions.retryToolCall('call_1')
    const next = await server.next()
    expect(next.request.messages).toEqual([
      { role: 'user', content: 'Delete /a.' },
      expect.objectContaining({ role: 'assistant', tool_calls: [expect.objectContaining({ id: 'call_1' })] }),
      { role: 'tool', tool_call_id: 'call_1', content: 'deleted /a' },
    ])
    next.answer('It is gone.')
    expect(await again).toBe('finished')
    expect(chat.lines()).toEqual([
      'user: Delete /a.',
      'assistant (finished): [call_1: done]',
      'tool: deleted /a',
      'assistant (finished): It is gone.',
    ])
  })

  it('stays as it was beside its second run', async () => {
    const { server, chat } = await afterFailure()
    const firstId = chat.state().messageIds[1]!
    flaky.mockReturnValue('ok')
    const again = chat.actions.retryToolCall('call_1')
    ;(await server.next()).answer('It is gone.')
    await again
    chat.actions.selectBranch(firstId)
    expect(chat.lines()).toEqual([
      'user: Delete /a.',
      'assistant (finished): [call_1: failed]',
      'tool: The tool failed: disk is busy',
      'assistant (finished): It failed.',
    ])
  })

  it('can be run again with changed arguments, which the model then sees', async () => {
    const { server, chat } = await afterFailure()
    flaky.mockImplementation(({ path }) => `deleted ${path}`)
    const again = chat.actions.retryToolCall('call_1', { path: '/b' })
    const next = await server.next()
    expect(next.request.messages.slice(1)).toEqual([
      expect.objectContaining({
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'delete_file', arguments: '{"path":"/b"}' } },
        ],
      }),
      { role: 'tool', tool_call_id: 'call_1', content: 'deleted /b' },
    ])
    next.answer('It is gone.')
    await again
  })

  it('of a tool that takes text can be run again with other text, which the model then sees', async () => {
    const server = createScriptedServer()
    const query = defineTextTool({ name: 'query', execute: (text) => `rows of ${text}` })
    const chat = chatOn(server, { tools: [query], maxSteps: 1 })
    const turn = chat.actions.send('How many?')
    const first = await server.next()
    first.delta({
      tool_calls: [{ index: 0, id: 'call_1', type: 'custom', custom: { name: 'query', input: 'a' } }],
    })
    first.finish('tool_calls')
    await turn
    const again = chat.actions.retryToolCall('call_1', 'b')
    const next = await server.next()
    expect(next.request.messages.slice(1)).toMatchObject([
      { tool_calls: [{ custom: { name: 'query', input: 'b' } }] },
      { content: 'rows of b' },
    ])
    next.answer('Many.')
    await again
  })

  it('is another version of the answer, not one of its choices', async () => {
    const { server, chat } = await afterFailure()
    flaky.mockReturnValue('ok')
    const again = chat.actions.retryToolCall('call_1')
    ;(await server.next()).answer('It is gone.')
    await again
    const [questionId, retriedId] = chat.state().messageIds
    const turnIds = chat.state().branches[questionId!]?.ids.map((id) => {
      const message = chat.state().messages[id]
      return message?.role === 'assistant' ? message.turnId : undefined
    })
    expect(new Set(turnIds).size).toBe(2)
    chat.actions.selectChoice(0, retriedId)
    expect(chat.state().messageIds[1]).toBe(retriedId)
  })

  it('leaves the results of its sibling calls as they are', async () => {
    flaky.mockReset().mockImplementation(({ path }) => {
      if (path === '/a' && flaky.mock.calls.length < 3) throw new Error('disk is busy')
      return `deleted ${path}`
    })
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [tool] })
    const turn = chat.actions.send('Delete /a and /b.')
    const first = await server.next()
    first.call('call_1', 'delete_file', { path: '/a' }, 0)
    first.call('call_2', 'delete_file', { path: '/b' }, 1)
    first.finish('tool_calls')
    ;(await server.next()).answer('One failed.')
    await turn
    const again = chat.actions.retryToolCall('call_1')
    const next = await server.next()
    expect(next.request.messages.slice(2)).toEqual([
      { role: 'tool', tool_call_id: 'call_2', content: 'deleted /b' },
      { role: 'tool', tool_call_id: 'call_1', content: 'deleted /a' },
    ])
    next.answer('Both are gone.')
    await again
    expect(flaky.mock.calls.map(([{ path }]) => path)).toEqual(['/a', '/b', '/a'])
  })

  it('cannot be run again while a turn runs, or when there is none with this id', async () => {
    const { server, chat } = await afterFailure()
    expect(await chat.actions.retryToolCall('call_9')).toBe('refused')
    const turn = chat.actions.send('And now?')
    expect(await chat.actions.retryToolCall('call_1')).toBe('refused')
    ;(await server.next()).answer('Now I rest.')
    await turn
  })
})

describe('calls of one answer', () => {
  it('run one after another where the turn asked for no parallel calls', async () => {
    let running = 0
    let most = 0
    const slow = defineTool({
      name: 'delete_file',
      parameters: z.object({ path: z.string() }),
      async execute() {
        most = Math.max(most, ++running)
        await Promise.resolve()
        running -= 1
      },
    })
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [slow] })
    const turn = chat.actions.send('Delete /a and /b.', { parallel_tool_calls: false })
    const exchange = await server.next()
    expect(exchange.request.parallel_tool_calls).toBe(false)
    exchange.call('call_1', 'delete_file', { path: '/a' }, 0)
    exchange.call('call_2', 'delete_file', { path: '/b' }, 1)
    exchange.finish('tool_calls')
    ;(await server.next()).answer('Both are gone.')
    await turn
    expect(most).toBe(1)
  })
})

describe('a chat that was given no code for its tools', () => {
  it('ends its turn with the calls waiting, and goes on when the last result is provided', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('Where am I?')
    const first = await server.next()
    first.call('call_1', 'get_position', {}, 0)
    first.call('call_2', 'get_time', {}, 1)
    first.finish('tool_calls')
    expect(await turn).toBe('finished')
    expect(chat.lines()[1]).toBe(
      'assistant (finished): [call_1: waiting-for-result] [call_2: waiting-for-result]',
    )

    chat.actions.provideToolResult('call_2', '12:00')
    await until(chat, () => chat.answer().toolRuns.call_2?.status === 'done')
    expect(chat.state().status).toBe('waiting-for-tools')
    chat.actions.provideToolResult('call_1', { city: 'Paris' })
    const next = await server.next()
    expect(next.request.messages.slice(2)).toEqual([
      { role: 'tool', tool_call_id: 'call_1', content: '{"city":"Paris"}' },
      { role: 'tool', tool_call_id: 'call_2', content: '12:00' },
    ])
    next.answer('In Paris, at noon.')
    await until(chat, ({ status }) => status === 'idle')
  })
})

describe('the time limit of a turn', () => {
  it('does not count while the user thinks', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const { server, chat, turn } = await afterCall({ tools: [deleteFile], maxTimeMs: 60_000 })
      vi.setSystemTime(Date.now() + 3_600_000)
      chat.actions.approveToolCall('call_1')
      ;(await server.next()).answer('Gone.')
      expect(await turn).toBe('finished')
      expect(chat.state().stopReason).toBe('answered')
    } finally {
      vi.useRealTimers()
    }
  })

  it('counts while a tool runs', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const slow = {
        ...deleteFile,
        needsApproval: false,
        execute() {
          vi.setSystemTime(Date.now() + 3_600_000)
          return 'deleted'
        },
      }
      const { chat, turn } = await afterCall({ tools: [slow], maxTimeMs: 60_000 }, 'done')
      await turn
      expect(chat.state().stopReason).toBe('max-time')
    } finally {
      vi.useRealTimers()
    }
  })
})
