import { defineTool, mistral } from '@candor/core'
import { MutationCache, QueryClient } from '@tanstack/react-query'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

import type { ChatOptions } from './ChatOptions.ts'
import { createChat } from './createChat.ts'
import { selectMessages } from './selectMessages.ts'
import { answered, chatOn, until } from './testing/chatOn.ts'
import { createScriptedServer } from './testing/createScriptedServer.ts'

function faulty(): never {
  throw new Error('faulty callback')
}

const weather = defineTool({
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `sunny in ${city}`,
})

afterEach(() => void vi.unstubAllGlobals())

describe('sending', () => {
  it('shows the question at once, then the first token, then the whole answer', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    expect(chat.state()).toMatchObject({ status: 'idle', messageIds: [] })

    const turn = chat.actions.send('What is the capital of France?')
    expect(chat.state().status).toBe('submitted')
    expect(chat.lines()).toEqual(['user: What is the capital of France?', 'assistant (submitted):'])

    const exchange = await server.next()
    exchange.delta({ role: 'assistant', content: 'Par' })
    await until(chat, (state) => state.status === 'streaming')
    expect(chat.lines()[1]).toBe('assistant (streaming): Par')

    exchange.delta({ content: 'is.' })
    exchange.finish('stop')
    expect(await turn).toBe('finished')
    expect(chat.state()).toMatchObject({ status: 'idle', error: null, stopReason: 'answered' })
    expect(chat.lines()[1]).toBe('assistant (finished): Paris.')
    expect(chat.answer()).toMatchObject({ finishReason: 'stop', model: 'scripted' })
  })

  it('sends the conversation so far with the parameters, and only with those that were set', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, {
      request: { model: 'scripted', temperature: 0, top_p: undefined },
      initialMessages: [{ role: 'system', content: 'Be brief.' }],
    })
    const first = chat.actions.send('Hello')
    ;(await server.next()).answer('Hi.')
    await first
    const second = chat.actions.send([{ type: 'text', text: 'And now?' }], { temperature: 1, seed: 7 })
    ;(await server.next()).answer('Bye.')
    await second
    expect(server.requests).toEqual([
      {
        model: 'scripted',
        temperature: 0,
        stream: true,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hello' },
        ],
      },
      {
        model: 'scripted',
        temperature: 1,
        seed: 7,
        stream: true,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hello' },
          { role: 'assistant', content: 'Hi.' },
          { role: 'user', content: [{ type: 'text', text: 'And now?' }] },
        ],
      },
    ])
    expect(chat.answer().seed).toBe('7')
  })

  it('puts the instructions of the moment before the conversation, without adding them to it', async () => {
    const server = createScriptedServer()
    const options = { client: server.client, request: { model: 'scripted' } }
    const chat = chatOn(server, { ...options, instructions: 'Be brief.' })
    const first = chat.actions.send('Hello')
    ;(await server.next()).answer('Hi.')
    await first
    chat.setOptions({ ...options, instructions: 'Be kind.' })
    const second = chat.actions.send('And now?')
    ;(await server.next()).answer('Bye.')
    await second
    expect(server.requests.map(({ messages }) => messages[0])).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: 'Be kind.' },
    ])
    expect(server.requests[1]?.messages).toHaveLength(4)
    expect(chat.lines()[0]).toBe('user: Hello')
  })

  it('takes new options for the next request and leaves the running one its own', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const first = chat.actions.send('Hello')
    const exchange = await server.next()
    chat.setOptions({ client: server.client, request: { model: 'other' } })
    exchange.answer('Hi.')
    await first
    const second = chat.actions.send('Again')
    ;(await server.next()).answer('Hi again.')
    await second
    expect(server.requests.map(({ model }) => model)).toEqual(['scripted', 'other'])
  })

  it('grows each of n choices in a sibling of its own, and goes on with the chosen one', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('Roll a die.', { n: 3 })
    const exchange = await server.next()
    exchange.delta({ content: 'One' }, { index: 1 })
    exchange.delta({ content: 'Zero' }, { index: 0 })
    exchange.delta({ content: 'Two' }, { index: 2 })
    for (const index of [0, 1, 2]) exchange.delta({}, { index, finish_reason: 'stop' })
    exchange.done()
    await turn
    const state = chat.state()
    expect(state.branches[state.messageIds[0]!]?.ids).toHaveLength(3)
    expect(chat.lines()[1]).toBe('assistant (finished): Zero')
    chat.actions.selectChoice(2)
    expect(chat.lines()[1]).toBe('assistant (finished): Two')
    chat.actions.selectChoice(7)
    expect(chat.lines()[1]).toBe('assistant (finished): Two')
    const next = chat.actions.send('And then?')
    const second = await server.next()
    expect(second.request.messages[1]).toEqual({ role: 'assistant', content: 'Two' })
    second.answer('Done.')
    await next
  })

  it('answers in the waiting message when the server numbers its only choice otherwise', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('Hello')
    const exchange = await server.next()
    exchange.delta({ content: 'Hi.' }, { index: 1, finish_reason: 'stop' })
    exchange.done()
    await turn
    expect(chat.lines()).toEqual(['user: Hello', 'assistant (finished): Hi.'])
  })
})

describe('a failure', () => {
  it('keeps the question, tells why, and retry makes it good without a trace', async () => {
    const server = createScriptedServer()
    const onError = vi.fn<NonNullable<ChatOptions['onError']>>()
    const chat = chatOn(server, { onError })
    const turn = chat.actions.send('Hello')
    await server.refuseNext(401, { error: { message: 'Wrong key', type: 'authentication_error' } })
    expect(await turn).toBe('failed')
    expect(chat.state()).toMatchObject({ status: 'error', error: { type: 'http', status: 401 } })
    expect(chat.lines()).toEqual(['user: Hello', 'assistant (error):'])
    expect(chat.answer().error).toEqual(chat.state().error)
    expect(onError).toHaveBeenCalledExactlyOnceWith(chat.state().error)

    const again = chat.actions.retry()
    expect(chat.state()).toMatchObject({ status: 'submitted', error: null })
    ;(await server.next()).answer('Hi.')
    await again
    expect(chat.lines()).toEqual(['user: Hello', 'assistant (finished): Hi.'])
    expect(chat.state().branches[chat.state().messageIds[0]!]?.ids).toHaveLength(1)
  })

  it('in the middle keeps what arrived, and retry keeps it as a sibling', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('Hello')
    const exchange = await server.next()
    exchange.delta({ content: 'Hi, my name' })
    exchange.chunk({ error: { message: 'GPU on fire', type: 'server_error', code: 500 } })
    exchange.close()
    await turn
    expect(chat.state()).toMatchObject({ status: 'error', error: { serverMessage: 'GPU on fire' } })
    expect(chat.lines()[1]).toBe('assistant (error): Hi, my name')

    const again = chat.actions.retry()
    const second = await server.next()
    expect(second.request.messages).toEqual([{ role: 'user', content: 'Hello' }])
    second.answer('Hi.')
    await again
    expect(chat.lines()).toEqual(['user: Hello', 'assistant (finished): Hi.'])
    expect(chat.state().branches[chat.state().messageIds[0]!]?.ids).toHaveLength(2)
  })

  it('that is a broken connection keeps what arrived', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('Hello')
    const exchange = await server.next()
    exchange.delta({ content: 'Hi' })
    await until(chat, (state) => state.status === 'streaming')
    exchange.break()
    expect(await turn).toBe('failed')
    expect(chat.state().error).toMatchObject({ type: 'network', retryable: true })
    expect(chat.lines()[1]).toBe('assistant (error): Hi')
  })

  it('is not what a stream without a finish reason is: that is a cut-off', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('Hello')
    const exchange = await server.next()
    exchange.delta({ content: 'Hi' })
    exchange.close()
    expect(await turn).toBe('cut-off')
    expect(chat.state()).toMatchObject({ status: 'interrupted', error: null, stopReason: 'cut-off' })
    expect(chat.lines()[1]).toBe('assistant (cut-off): Hi')
  })

  it('of the request itself is told before anything is sent', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { request: { model: 'scripted', functions: [] } })
    expect(await chat.actions.send('Hello')).toBe('failed')
    expect(chat.state().error).toMatchObject({ type: 'request' })
    expect(chat.lines()).toEqual(['user: Hello', 'assistant (error):'])
    expect(server.requests).toHaveLength(0)
  })

  it('of a `toolChoice` that throws is told, and the chat goes on', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, {
      tools: [weather],
      toolChoice() {
        throw new Error('no idea')
      },
    })
    expect(await chat.actions.send('Hello')).toBe('failed')
    expect(chat.state().error?.message).toContain('no idea')
    chat.setOptions({ client: server.client, request: { model: 'scripted' } })
    const again = chat.actions.retry()
    ;(await server.next()).answer('Hi.')
    expect(await again).toBe('finished')
  })
})

describe('branches', () => {
  it('regenerate puts another answer beside the last', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    await answered(server, chat, 'A number?', 'One.')
    const [questionId, firstId] = chat.state().messageIds
    const turn = chat.actions.regenerate()
    const exchange = await server.next()
    expect(exchange.request.messages).toEqual([{ role: 'user', content: 'A number?' }])
    exchange.answer('Two.')
    await turn
    expect(chat.lines()).toEqual(['user: A number?', 'assistant (finished): Two.'])
    expect(chat.state().branches[questionId!]?.ids).toHaveLength(2)
    chat.actions.selectBranch(firstId!)
    expect(chat.lines()).toEqual(['user: A number?', 'assistant (finished): One.'])
  })

  it('regenerate of an earlier answer starts a branch there', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    await answered(server, chat, 'A number?', 'One.')
    await answered(server, chat, 'And then?', 'Two.')
    const turn = chat.actions.regenerate(chat.state().messageIds[1])
    ;(await server.next()).answer('Ten.')
    await turn
    expect(chat.lines()).toEqual(['user: A number?', 'assistant (finished): Ten.'])
  })

  it('regenerate and edit of a message that does not exist are refused, and nothing is sent', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    await answered(server, chat, 'A number?', 'One.')
    const [, answerId] = chat.state().messageIds
    expect(await chat.actions.regenerate('nowhere')).toBe('refused')
    expect(await chat.actions.edit('nowhere', 'Two?')).toBe('refused')
    expect(await chat.actions.edit(answerId!, 'Not what a user said')).toBe('refused')
    expect(server.requests).toHaveLength(1)
    expect(chat.lines()).toHaveLength(2)
  })

  it('edit sends the changed question beside the old one, which stays with its answer', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    await answered(server, chat, 'A number?', 'One.')
    const [questionId] = chat.state().messageIds
    const turn = chat.actions.edit(questionId!, 'A letter?')
    ;(await server.next()).answer('A.')
    await turn
    expect(chat.lines()).toEqual(['user: A letter?', 'assistant (finished): A.'])
    chat.actions.selectBranch(questionId!)
    expect(chat.lines()).toEqual(['user: A number?', 'assistant (finished): One.'])
    await answered(server, chat, 'Another?', 'Two.')
    expect(server.requests.at(-1)?.messages).toEqual([
      { role: 'user', content: 'A number?' },
      { role: 'assistant', content: 'One.' },
      { role: 'user', content: 'Another?' },
    ])
  })

  it('can be changed while a turn runs, which ends on its own branch', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    await answered(server, chat, 'A number?', 'One.')
    const firstId = chat.state().messageIds[1]!
    const turn = chat.actions.regenerate()
    const exchange = await server.next()
    const secondId = chat.state().messageIds[1]!
    chat.actions.selectBranch(firstId)
    exchange.answer('Two.')
    await turn
    expect(chat.lines()).toEqual(['user: A number?', 'assistant (finished): One.'])
    expect(chat.state().messages[secondId]).toMatchObject({ status: 'finished' })
  })
})

describe('reset', () => {
  it('stops the running turn, empties the queue and goes back to the beginning', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { initialMessages: [{ role: 'system', content: 'Be brief.' }] })
    const first = chat.actions.send('One')
    const second = chat.actions.send('Two')
    const exchange = await server.next()
    exchange.delta({ content: 'Fir' })
    await until(chat, (state) => state.status === 'streaming')
    chat.actions.reset()
    expect(chat.lines()).toEqual(['system: Be brief.'])
    expect(chat.state()).toMatchObject({ status: 'idle', queue: [] })
    expect(await Promise.all([first, second])).toEqual(['discarded', 'discarded'])
    expect(exchange.signal.aborted).toBe(true)
    expect(chat.lines()).toEqual(['system: Be brief.'])
  })

  it('leaves a chat that can be used at once', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    void chat.actions.send('One')
    await server.next()
    chat.actions.reset()
    const turn = chat.actions.send('Two')
    ;(await server.next()).answer('Second.')
    expect(await turn).toBe('finished')
    expect(chat.lines()).toEqual(['user: Two', 'assistant (finished): Second.'])
  })
})

describe('callbacks of the app', () => {
  it('hear of every event and of the end', async () => {
    const server = createScriptedServer()
    const events: string[] = []
    const onFinish = vi.fn<NonNullable<ChatOptions['onFinish']>>()
    const chat = chatOn(server, { onFinish, onEvent: (event) => events.push(event.type) })
    const turn = chat.actions.send('Hello')
    ;(await server.next()).answer('Hi.')
    await turn
    expect(events).toEqual(['response-start', 'chunk', 'text-delta', 'chunk', 'choice-end'])
    expect(onFinish).toHaveBeenCalledExactlyOnceWith('finished', selectMessages(chat.state()))
  })

  it('that throw are reported and do not reach the stream', async () => {
    const reported: unknown[] = []
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
    const server = createScriptedServer()
    const chat = chatOn(server, { onEvent: faulty, onFinish: () => Promise.reject(new Error('late')) })
    const turn = chat.actions.send('Hello')
    ;(await server.next()).answer('Hi.')
    expect(await turn).toBe('finished')
    expect(chat.lines()[1]).toBe('assistant (finished): Hi.')
    await Promise.resolve()
    expect(reported.map(String)).toContain('Error: faulty callback')
    expect(reported.map(String)).toContain('Error: late')
  })
})

describe('a listener of the store that throws', () => {
  it('is reported, and keeps nothing from the others', async () => {
    const reported: unknown[] = []
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
    const server = createScriptedServer()
    const chat = chatOn(server)
    const statuses: string[] = []
    chat.store.subscribe(faulty)
    chat.store.subscribe(() => statuses.push(chat.state().status))
    await answered(server, chat, 'Hello', 'Hi.')
    expect([...new Set(statuses)]).toEqual(['submitted', 'idle'])
    expect(reported.map(String)).toContain('Error: faulty callback')
  })
})

describe('a turn among the mutations of TanStack Query', () => {
  it('is one, with the chat as its scope, and fails when the turn does', async () => {
    const server = createScriptedServer()
    const queryClient = new QueryClient()
    const chat = createChat({ client: server.client, id: 'thread-1', request: { model: 'm' } }, queryClient)
    const turn = chat.actions.send('Hello')
    const [mutation] = queryClient.getMutationCache().getAll()
    expect(mutation?.options).toMatchObject({
      mutationKey: ['candor', 'turn', 'thread-1'],
      scope: { id: expect.stringContaining('candor/thread-1/') },
    })
    expect(queryClient.isMutating({ mutationKey: ['candor', 'turn'] })).toBe(1)
    await server.refuseNext(404, { error: { message: 'No such model' } })
    await turn
    expect(queryClient.isMutating()).toBe(0)
    expect(mutation?.state.error).toMatchObject({ name: 'CompletionError', status: 404 })
  })

  it('that the app keeps from running fails, with the question kept and a way on', async () => {
    const server = createScriptedServer()
    const onMutate = vi.fn<() => void>().mockImplementationOnce(() => {
      throw new Error('not while offline')
    })
    const queryClient = new QueryClient({ mutationCache: new MutationCache({ onMutate }) })
    const chat = chatOn(server, {}, queryClient)
    expect(await chat.actions.send('Hello')).toBe('failed')
    expect(chat.state().error?.message).toContain('not while offline')
    expect(chat.lines()).toEqual(['user: Hello', 'assistant (error):'])
    const again = chat.actions.retry()
    ;(await server.next()).answer('Hi.')
    expect(await again).toBe('finished')
  })
})

describe('tools', () => {
  it('are called, and the model is asked again with what they returned', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [weather] })
    const turn = chat.actions.send('Weather in Paris?')
    const first = await server.next()
    expect(first.request.tools).toEqual([
      {
        type: 'function',
        function: {
          name: 'get_weather',
          description: 'The weather in a city.',
          parameters: expect.objectContaining({ type: 'object', required: ['city'] }),
        },
      },
    ])
    expect(first.request).not.toHaveProperty('tool_choice')
    first.call('call_1', 'get_weather', { city: 'Paris' })
    first.finish('tool_calls')

    const second = await server.next()
    expect(second.request.messages).toEqual([
      { role: 'user', content: 'Weather in Paris?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny in Paris' },
    ])
    second.answer('It is sunny.')
    expect(await turn).toBe('finished')
    expect(chat.lines()).toEqual([
      'user: Weather in Paris?',
      'assistant (finished): [call_1: done]',
      'tool: sunny in Paris',
      'assistant (finished): It is sunny.',
    ])
    expect(chat.state()).toMatchObject({ status: 'idle', stopReason: 'answered' })
  })

  it('that share an id are told apart, and each is answered', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [weather] })
    const turn = chat.actions.send('Weather in Paris and Rome?')
    const first = await server.next()
    first.call('call_1', 'get_weather', { city: 'Paris' }, 0)
    first.call('call_1', 'get_weather', { city: 'Rome' }, 1)
    first.finish('tool_calls')
    const second = await server.next()
    expect(second.request.messages.slice(2)).toEqual([
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny in Paris' },
      { role: 'tool', tool_call_id: 'call_1-2', content: 'sunny in Rome' },
    ])
    expect(chat.lines()[1]).toBe('assistant (finished): [call_1: done] [call_1-2: done]')
    second.answer('Sunny in both.')
    await turn
  })

  it('are called whatever the finish reason says', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [weather] })
    const turn = chat.actions.send('Weather in Paris?')
    const first = await server.next()
    first.call('call_1', 'get_weather', { city: 'Paris' })
    first.finish('stop')
    ;(await server.next()).answer('Sunny.')
    expect(await turn).toBe('finished')
  })

  it('ask a function which one the model must call, once for each request', async () => {
    const server = createScriptedServer()
    const toolChoice = vi.fn<(step: number) => 'auto'>(() => 'auto')
    const chat = chatOn(server, { tools: [weather], toolChoice })
    await answered(server, chat, 'Hello', 'Hi.')
    expect(toolChoice.mock.calls).toEqual([[0]])
  })

  it('stop at the allowed number of tokens, which the server is asked to count', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [weather], maxTokens: 100 })
    const turn = chat.actions.send('Weather?')
    const exchange = await server.next()
    expect(exchange.request.stream_options).toEqual({ include_usage: true })
    exchange.call('call_1', 'get_weather', { city: 'Paris' })
    exchange.delta({}, { finish_reason: 'tool_calls' })
    exchange.chunk({ choices: [], usage: { prompt_tokens: 90, completion_tokens: 10, total_tokens: 100 } })
    exchange.done()
    expect(await turn).toBe('finished')
    expect(chat.state().stopReason).toBe('max-tokens')
    expect(chat.lines().at(-1)).toBe('tool: sunny in Paris')
  })

  it('do not ask a server to count that refuses to be asked', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [weather], maxTokens: 100, profile: mistral })
    await answered(server, chat, 'Hello', 'Hi.')
    expect(server.requests[0]).not.toHaveProperty('stream_options')
  })

  it('are forced on the first step and forbidden after results, by a function of the step', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, {
      tools: [weather],
      toolChoice: (step) => (step === 0 ? 'required' : 'none'),
      request: { model: 'scripted', parallel_tool_calls: false },
    })
    const turn = chat.actions.send('Weather in Paris?')
    const first = await server.next()
    first.call('call_1', 'get_weather', { city: 'Paris' })
    first.finish('tool_calls')
    ;(await server.next()).answer('Sunny.')
    await turn
    expect(server.requests.map((request) => request.tool_choice)).toEqual(['required', 'none'])
    expect(server.requests.map((request) => request.parallel_tool_calls)).toEqual([false, false])
  })

  it('show their arguments while the model writes them, and as a value once it has', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [weather] })
    const turn = chat.actions.send('Weather in Paris?')
    const exchange = await server.next()
    exchange.call('call_1', 'get_weather', '{"city":')
    await until(chat, (state) => state.status === 'streaming')
    expect(chat.answer().toolRuns.call_1?.status).toBe('arguments-streaming')
    exchange.delta({ tool_calls: [{ index: 0, function: { arguments: '"Paris"}' } }] })
    exchange.finish('tool_calls')
    await until(chat, () => chat.answer().toolRuns.call_1?.status === 'done')
    expect(chat.answer().toolRuns.call_1).toMatchObject({ arguments: { city: 'Paris' } })
    ;(await server.next()).answer('Sunny.')
    await turn
  })

  it.each([
    ['fails', 'get_weather', { city: 'Atlantis' }, 'failed'],
    ['does not exist', 'get_wether', { city: 'Paris' }, 'unknown'],
    ['gets wrong arguments', 'get_weather', { town: 'Paris' }, 'invalid'],
    ['gets arguments that are not JSON', 'get_weather', '{"city":', 'invalid'],
  ])('one that %s is answered with that, and the turn goes on', async (_, name, args, status) => {
    const server = createScriptedServer()
    const chat = chatOn(server, {
      tools: [
        {
          ...weather,
          execute() {
            throw new Error('no such city')
          },
        },
      ],
    })
    const turn = chat.actions.send('Weather?')
    const first = await server.next()
    first.call('call_1', name, args)
    first.finish('tool_calls')
    const second = await server.next()
    const answer = chat.answer()
    second.answer('I could not find out.')
    expect(await turn).toBe('finished')
    const run = chat.state().messages[chat.state().messageIds[1]!]
    expect(run).toMatchObject({ toolRuns: { call_1: { status } } })
    expect(second.request.messages.at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call_1' })
    expect(answer.role).toBe('assistant')
  })

  it('wait for approval; denied, the model is told and answers', async () => {
    const server = createScriptedServer()
    const execute = vi.fn<() => string>(() => 'sunny')
    const chat = chatOn(server, { tools: [{ ...weather, execute }], approval: 'always' })
    const turn = chat.actions.send('Weather in Paris?')
    const first = await server.next()
    first.call('call_1', 'get_weather', { city: 'Paris' })
    first.finish('tool_calls')
    await until(chat, () => chat.answer().toolRuns.call_1?.status === 'waiting-for-approval')
    expect(chat.state().status).toBe('waiting-for-tools')
    chat.actions.denyToolCall('call_1', 'Not today.')
    const second = await server.next()
    expect(second.request.messages.at(-1)).toMatchObject({
      role: 'tool',
      content: 'The user did not allow this call. Not today.',
    })
    second.answer('Very well.')
    await turn
    expect(execute).not.toHaveBeenCalled()
  })

  it('wait for approval; approved, they run', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [weather], approval: 'always' })
    const turn = chat.actions.send('Weather in Paris?')
    const first = await server.next()
    first.call('call_1', 'get_weather', { city: 'Paris' })
    first.finish('tool_calls')
    await until(chat, () => chat.answer().toolRuns.call_1?.status === 'waiting-for-approval')
    chat.actions.approveToolCall('call_1')
    const second = await server.next()
    expect(second.request.messages.at(-1)).toMatchObject({ content: 'sunny in Paris' })
    second.answer('Sunny.')
    await turn
  })

  it('without code wait for the result that the user provides', async () => {
    const server = createScriptedServer()
    const ask = defineTool({ name: 'ask_user', parameters: z.object({ question: z.string() }) })
    const chat = chatOn(server, { tools: [ask] })
    const turn = chat.actions.send('Book a table.')
    const first = await server.next()
    first.call('call_1', 'ask_user', { question: 'For how many?' })
    first.finish('tool_calls')
    await until(chat, () => chat.answer().toolRuns.call_1?.status === 'waiting-for-result')
    chat.actions.provideToolResult('call_1', 'four')
    const second = await server.next()
    expect(second.request.messages.at(-1)).toMatchObject({ content: 'four' })
    second.answer('Booked.')
    await turn
  })

  it('that run when the user stops are answered as stopped, and the next turn is accepted', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [{ ...weather, execute: () => new Promise(() => {}) }] })
    const turn = chat.actions.send('Weather in Paris?')
    const first = await server.next()
    first.call('call_1', 'get_weather', { city: 'Paris' })
    first.finish('tool_calls')
    await until(chat, () => chat.answer().toolRuns.call_1?.startedAt !== undefined)
    chat.actions.stop()
    expect(await turn).toBe('stopped')
    expect(chat.lines()).toEqual([
      'user: Weather in Paris?',
      'assistant (finished): [call_1: aborted]',
      'tool: The call was stopped before it ended.',
    ])
    const next = chat.actions.send('Never mind.')
    const second = await server.next()
    expect(second.request.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user'])
    second.answer('All right.')
    expect(await next).toBe('finished')
  })

  it('whose arguments were cut off by a stop are not run, and the next turn is accepted', async () => {
    const server = createScriptedServer()
    const execute = vi.fn<() => string>(() => 'sunny')
    const chat = chatOn(server, { tools: [{ ...weather, execute }] })
    const turn = chat.actions.send('Weather in Paris?')
    const first = await server.next()
    first.call('call_1', 'get_weather', '{"ci')
    await until(chat, (state) => state.status === 'streaming')
    chat.actions.stop()
    await turn
    expect(chat.answer().toolRuns.call_1?.status).toBe('aborted')
    const next = chat.actions.send('Never mind.')
    const second = await server.next()
    expect(second.request.messages).toEqual([
      { role: 'user', content: 'Weather in Paris?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
      },
      expect.objectContaining({ role: 'tool', tool_call_id: 'call_1' }),
      { role: 'user', content: 'Never mind.' },
    ])
    second.answer('All right.')
    await next
    expect(execute).not.toHaveBeenCalled()
  })

  it('stop at the allowed number of steps, with the reason', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [weather], maxSteps: 2 })
    const turn = chat.actions.send('Weather?')
    for (const id of ['call_1', 'call_2']) {
      const exchange = await server.next()
      exchange.call(id, 'get_weather', { city: 'Paris' })
      exchange.finish('tool_calls')
    }
    expect(await turn).toBe('finished')
    expect(chat.state()).toMatchObject({ status: 'idle', stopReason: 'max-steps' })
    expect(server.requests).toHaveLength(2)
    expect(chat.lines().at(-1)).toBe('tool: sunny in Paris')
  })

  it('go on after a limit when the user asks for it', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [weather], maxSteps: 1 })
    const turn = chat.actions.send('Weather?')
    const first = await server.next()
    first.call('call_1', 'get_weather', { city: 'Paris' })
    first.finish('tool_calls')
    await turn
    expect(chat.state().stopReason).toBe('max-steps')
    const more = chat.actions.retry()
    ;(await server.next()).answer('Sunny.')
    await more
    expect(chat.state().stopReason).toBe('answered')
    expect(chat.lines().at(-1)).toBe('assistant (finished): Sunny.')
  })

  it('beyond the allowed number are answered with the limit', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { tools: [weather], maxToolCalls: 1 })
    const turn = chat.actions.send('Weather?')
    const first = await server.next()
    first.call('call_1', 'get_weather', { city: 'Paris' }, 0)
    first.call('call_2', 'get_weather', { city: 'Rome' }, 1)
    first.finish('tool_calls')
    await turn
    expect(chat.state().stopReason).toBe('max-tool-calls')
    expect(chat.lines().slice(1)).toEqual([
      'assistant (finished): [call_1: done] [call_2: aborted]',
      'tool: sunny in Paris',
      'tool: The call was not run: the most tool calls of one turn were made.',
    ])
  })
})
