import { defineTool } from '@candor/core'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

import { restoreChat, type SavedChat } from './SavedChat.ts'
import { answered, chatOn, until, type WatchedChat } from './testing/chatOn.ts'
import { createScriptedServer } from './testing/createScriptedServer.ts'

/** What a reload does: everything is written down and read again. */
function reloaded(chat: WatchedChat): SavedChat {
  return JSON.parse(JSON.stringify(chat.actions.toJSON()))
}

const deleteFile = defineTool({
  name: 'delete_file',
  parameters: z.object({ path: z.string() }),
  needsApproval: true,
  execute: ({ path }) => `deleted ${path}`,
})

describe('a saved conversation', () => {
  it('comes back with all its branches, the shown ones shown', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    await answered(server, chat, 'A number?', 'One.')
    const again = chat.actions.regenerate()
    ;(await server.next()).answer('Two.')
    await again
    await answered(server, chat, 'More?', 'Three.')
    chat.actions.selectBranch(chat.state().branches[chat.state().messageIds[0]!]!.ids[0]!)
    expect(chat.lines()).toEqual(['user: A number?', 'assistant (finished): One.'])

    const other = chatOn(server)
    other.actions.load(reloaded(chat))
    expect(other.lines()).toEqual(['user: A number?', 'assistant (finished): One.'])
    other.actions.selectBranch(other.state().branches[other.state().messageIds[0]!]!.ids[1]!)
    expect(other.lines()).toEqual([
      'user: A number?',
      'assistant (finished): Two.',
      'user: More?',
      'assistant (finished): Three.',
    ])
    expect(other.state()).toMatchObject({ status: 'idle', error: null })
  })

  it('goes on where it was', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    await answered(server, chat, 'Hello', 'Hi.')
    const other = chatOn(server)
    other.actions.load(reloaded(chat))
    const turn = other.actions.send('And now?')
    const exchange = await server.next()
    expect(exchange.request.messages).toHaveLength(3)
    exchange.answer('Bye.')
    expect(await turn).toBe('finished')
  })

  it('keeps logprobs, usage, times, issues and fields of the server', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('Hello')
    const exchange = await server.next()
    exchange.chunk({
      id: 'c1',
      system_fingerprint: 'fp_1',
      choices: [
        {
          index: 0,
          delta: { content: 'Hi' },
          logprobs: { content: [{ token: 'Hi', logprob: -0.5, bytes: [72, 105], top_logprobs: [] }] },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4, cost: 0.1 },
    })
    exchange.close()
    await turn
    const [, answer] = reloaded(chat).messages
    expect(answer).toEqual(JSON.parse(JSON.stringify(chat.answer())))
    expect(answer).toMatchObject({
      choice: { logprobs: { content: [{ token: 'Hi', logprob: -0.5, bytes: [72, 105] }] } },
      usage: { total_tokens: 4, cost: 0.1 },
      envelope: { system_fingerprint: 'fp_1' },
    })
  })

  it('comes back with its answer interrupted when it was cut off by a reload, and can be retried', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    void chat.actions.send('Hello')
    const exchange = await server.next()
    exchange.delta({ content: 'Hi, my na' })
    await until(chat, ({ status }) => status === 'streaming')
    const other = chatOn(server)
    other.actions.load(reloaded(chat))
    chat.actions.reset()
    expect(other.state().status).toBe('interrupted')
    expect(other.lines()).toEqual(['user: Hello', 'assistant (interrupted): Hi, my na'])

    const again = other.actions.retry()
    ;(await server.next()).answer('Hi, my name is Ada.')
    await again
    expect(other.lines()).toEqual(['user: Hello', 'assistant (finished): Hi, my name is Ada.'])
    expect(other.state().branches[other.state().messageIds[0]!]?.ids).toHaveLength(2)
  })

  it('comes back with its failure', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('Hello')
    await server.refuseNext(401, { error: { message: 'Wrong key' } })
    await turn
    const other = chatOn(server)
    other.actions.load(reloaded(chat))
    expect(other.state()).toMatchObject({ status: 'error', error: { status: 401 } })
  })

  it('asks again for the approval that it waited for, and goes on with it', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [deleteFile] })
    void chat.actions.send('Delete /a.')
    const exchange = await server.next()
    exchange.call('call_1', 'delete_file', { path: '/a' })
    exchange.finish('tool_calls')
    await until(chat, () => chat.answer().toolRuns.call_1?.status === 'waiting-for-approval')
    const saved = reloaded(chat)
    chat.actions.reset()

    const other = chatOn(server, { tools: [deleteFile] })
    other.actions.load(saved)
    expect(other.state().status).toBe('waiting-for-tools')
    expect(other.answer().toolRuns.call_1?.status).toBe('waiting-for-approval')
    other.actions.approveToolCall('call_1')
    const next = await server.next()
    expect(next.request.messages.at(-1)).toMatchObject({ content: 'deleted /a' })
    next.answer('Gone.')
    await until(other, ({ status }) => status === 'idle')
    expect(other.lines().at(-1)).toBe('assistant (finished): Gone.')
  })

  it('does not run a tool again that was running when the page was closed: the model is told that nobody knows', async () => {
    const execute = vi.fn<() => Promise<string>>(() => new Promise(() => {}))
    const tools = [{ ...deleteFile, needsApproval: false, execute }]
    const server = createScriptedServer()
    const chat = chatOn(server, { tools })
    void chat.actions.send('Delete /a.')
    const exchange = await server.next()
    exchange.call('call_1', 'delete_file', { path: '/a' })
    exchange.finish('tool_calls')
    await until(chat, () => chat.answer().toolRuns.call_1?.startedAt !== undefined)
    const saved = reloaded(chat)
    chat.actions.reset()

    const other = chatOn(server, { tools })
    other.actions.load(saved)
    expect(other.lines()[1]).toBe('assistant (finished): [call_1: aborted]')
    expect(other.state().status).toBe('interrupted')
    const again = other.actions.retry()
    const next = await server.next()
    expect(next.request.messages.at(-1)).toMatchObject({
      role: 'tool',
      content: 'The page was closed before the call ended; its result is not known.',
    })
    next.answer('I do not know whether it is gone.')
    await again
    expect(execute).toHaveBeenCalledTimes(1)
  })

  it('tells the model the results that were there when the user just goes on writing', async () => {
    const execute = vi.fn<() => unknown>(() => new Promise(() => {})).mockReturnValueOnce('deleted /a')
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [{ ...deleteFile, needsApproval: false, execute }] })
    void chat.actions.send('Delete both.')
    const exchange = await server.next()
    exchange.call('call_1', 'delete_file', { path: '/a' }, 0)
    exchange.call('call_2', 'delete_file', { path: '/b' }, 1)
    exchange.finish('tool_calls')
    await until(chat, () => {
      const { call_1, call_2 } = chat.answer().toolRuns
      return call_1?.status === 'done' && call_2?.startedAt !== undefined
    })
    const other = chatOn(server)
    other.actions.load(reloaded(chat))
    chat.actions.reset()
    const turn = other.actions.send('And?')
    const next = await server.next()
    expect(next.request.messages.slice(2)).toEqual([
      { role: 'tool', tool_call_id: 'call_1', content: 'deleted /a' },
      {
        role: 'tool',
        tool_call_id: 'call_2',
        content: 'The page was closed before the call ended; its result is not known.',
      },
      { role: 'user', content: 'And?' },
    ])
    next.answer('One is gone.')
    await turn
  })

  it('that was cut off while a tool ran is continued from what is known', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, {
      tools: [{ ...deleteFile, needsApproval: false, execute: () => new Promise<string>(() => {}) }],
    })
    void chat.actions.send('Delete /a.')
    const exchange = await server.next()
    exchange.call('call_1', 'delete_file', { path: '/a' })
    exchange.finish('tool_calls')
    await until(chat, () => chat.answer().toolRuns.call_1?.startedAt !== undefined)
    const other = chatOn(server, { tools: [deleteFile] })
    other.actions.load(reloaded(chat))
    chat.actions.reset()
    const more = other.actions.continue()
    const next = await server.next()
    expect(next.request.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool'])
    next.answer('I do not know whether it is gone.')
    expect(await more).toBe('finished')
    expect(other.lines()).toHaveLength(4)
  })

  it('stays acceptable to the server when the user just goes on writing', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [deleteFile] })
    void chat.actions.send('Delete /a.')
    const exchange = await server.next()
    exchange.call('call_1', 'delete_file', { path: '/a' })
    exchange.finish('tool_calls')
    await until(chat, () => chat.answer().toolRuns.call_1?.status === 'waiting-for-approval')
    const other = chatOn(server, { tools: [deleteFile] })
    other.actions.load(reloaded(chat))
    chat.actions.reset()
    const turn = other.actions.send('Never mind.')
    const next = await server.next()
    expect(next.request.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user'])
    expect(next.request.messages[2]?.content).toBe('The user went on without this call.')
    expect(other.lines()[1]).toBe('assistant (finished): [call_1: aborted]')
    other.actions.approveToolCall('call_1')
    expect(server.requests).toHaveLength(2)
    next.answer('All right.')
    await turn
  })

  it('that the user opens while another one is being loaded stays', async () => {
    const server = createScriptedServer()
    const kept = chatOn(server)
    await answered(server, kept, 'Kept?', 'Yes.')
    const opened = chatOn(server)
    await answered(server, opened, 'Opened?', 'Yes.')
    const chat = chatOn(server)
    chat.hold(Promise.resolve())
    chat.actions.load(opened.actions.toJSON())
    chat.restore(kept.actions.toJSON())
    expect(chat.lines()[0]).toBe('user: Opened?')
  })

  it('is not answered anew before it is loaded', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { initialMessages: [{ role: 'user', content: 'Hello' }] })
    chat.hold(new Promise(() => {}))
    expect(await chat.actions.retry()).toBe('refused')
    expect(server.requests).toHaveLength(0)
  })

  it('in which a message stands in its own past comes back without the loop', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    await answered(server, chat, 'Hello', 'Hi.')
    const saved = chat.actions.toJSON()
    const [question, answer] = saved.messages
    const other = chatOn(server)
    other.actions.load({
      ...saved,
      messages: [
        question!,
        answer!,
        { ...question!, parentId: answer!.id },
        { ...answer!, id: 'x', parentId: 'y' },
      ],
    })
    expect(other.lines()).toEqual(['user: Hello', 'assistant (finished): Hi.'])
    await answered(server, other, 'And now?', 'Fine.')
    expect(other.lines()).toHaveLength(4)
  })

  it('in a form of a later version is refused with what to do', () => {
    const later = { version: 2, messages: [], shown: {} }
    // A later version's object is not of this version's type.
    expect(() => restoreChat(JSON.parse(JSON.stringify(later)))).toThrow(/saved in form 2.*Reload the page/)
  })
})
