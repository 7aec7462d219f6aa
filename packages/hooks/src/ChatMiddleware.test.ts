import { defineTool, type ChatCompletionParams } from '@candor/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

import type { ChatMiddleware } from './ChatMiddleware.ts'
import { answered, chatOn } from './testing/chatOn.ts'
import { createScriptedServer } from './testing/createScriptedServer.ts'

afterEach(() => void vi.unstubAllGlobals())

/** Replaces every e-mail address in the words of the user. */
const redact: ChatMiddleware = () => ({
  onRequest(request): ChatCompletionParams {
    return {
      ...request,
      messages: request.messages.map((message) =>
        message.role === 'user' && typeof message.content === 'string'
          ? { ...message, content: message.content.replaceAll(/\S+@\S+/g, '[address]') }
          : message,
      ),
    }
  },
})

/** Wants to redact and cannot. */
const broken: ChatMiddleware = () => ({
  onRequest() {
    throw new Error('The list of names could not be loaded.')
  },
})

function faulty(): never {
  throw new Error('faulty')
}

const weather = defineTool({
  name: 'get_weather',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `sunny in ${city}`,
})

describe('middleware', () => {
  it('can change what is sent, and the conversation keeps what was typed', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { middleware: [redact] })
    await answered(server, chat, 'I am ada@example.org', 'Hello.')
    expect(server.requests[0]?.messages).toEqual([{ role: 'user', content: 'I am [address]' }])
    expect(chat.lines()[0]).toBe('user: I am ada@example.org')
  })

  it('sees the request as the one before it left it', async () => {
    const server = createScriptedServer()
    const seen: unknown[] = []
    const log: ChatMiddleware = () => ({ onRequest: ({ messages }) => void seen.push(messages[0]?.content) })
    const chat = chatOn(server, { middleware: [redact, log] })
    await answered(server, chat, 'I am ada@example.org', 'Hello.')
    expect(seen).toEqual(['I am [address]'])
  })

  it('follows one request each, from its making to the end of its tools', async () => {
    const server = createScriptedServer()
    const lines: string[] = []
    const log: ChatMiddleware = ({ chatId, step }) => {
      const say = (words: string): void => void lines.push(`${chatId}/${step} ${words}`)
      return {
        onRequest: ({ messages }) => say(`asks with ${messages.length} messages`),
        onEvent: ({ type }) => type === 'choice-end' && say(type),
        onEnd: ([answer]) => say(`ends: ${answer?.finishReason}`),
        onToolRun: (_, run) => say(`tool ${run.status}`),
      }
    }
    const chat = chatOn(server, { id: 'chat-1', tools: [weather], middleware: [log] })
    const turn = chat.actions.send('Weather in Paris?')
    const first = await server.next()
    first.call('call_1', 'get_weather', { city: 'Paris' })
    first.finish('tool_calls')
    ;(await server.next()).answer('Sunny.')
    await turn
    expect(lines).toEqual([
      'chat-1/0 asks with 1 messages',
      'chat-1/0 choice-end',
      'chat-1/0 ends: tool_calls',
      'chat-1/0 tool running',
      'chat-1/0 tool done',
      'chat-1/1 asks with 3 messages',
      'chat-1/1 choice-end',
      'chat-1/1 ends: stop',
    ])
  })

  it('that cannot do its work on a request keeps it from going out', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { middleware: [broken] })
    expect(await chat.actions.send('I am Ada')).toBe('failed')
    expect(chat.state().error?.message).toBe(
      'The request could not be made. The list of names could not be loaded.',
    )
    expect(server.requests).toHaveLength(0)
  })

  it('that throws anywhere else is reported and disturbs nothing', async () => {
    const reported: unknown[] = []
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
    const server = createScriptedServer()
    const chat = chatOn(server, { middleware: [() => ({ onEvent: faulty, onEnd: faulty })] })
    await answered(server, chat, 'Hello', 'Hi.')
    expect(chat.lines()[1]).toBe('assistant (finished): Hi.')
    expect(reported.length).toBeGreaterThan(1)
  })
})
