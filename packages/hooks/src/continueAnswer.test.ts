import { deepseek, llamaCpp, openai, vllm, type EndpointProfile } from '@candor/core'
import { describe, expect, it } from 'vitest'

import { chatOn, until, type WatchedChat } from './testing/chatOn.ts'
import { createScriptedServer, type Exchange, type ScriptedServer } from './testing/createScriptedServer.ts'

/** A chat whose answer ended at its token limit. */
async function afterLimit(profile?: EndpointProfile): Promise<{ server: ScriptedServer; chat: WatchedChat }> {
  const server = createScriptedServer()
  const chat = chatOn(server, profile === undefined ? {} : { profile })
  const turn = chat.actions.send('Count to four.')
  const exchange = await server.next()
  exchange.delta({ content: 'One, two' })
  exchange.finish('length')
  await turn
  return { server, chat }
}

describe('continuing a half-written answer', () => {
  it('makes one answer of both halves, beside the first half', async () => {
    const { server, chat } = await afterLimit(llamaCpp)
    const turn = chat.actions.continue()
    const exchange = await server.next()
    expect(exchange.request.messages).toEqual([
      { role: 'user', content: 'Count to four.' },
      { role: 'assistant', content: 'One, two' },
    ])
    expect(chat.lines()[1]).toBe('assistant (submitted): One, two')
    exchange.answer(', three, four.')
    expect(await turn).toBe('finished')
    expect(chat.lines()).toEqual(['user: Count to four.', 'assistant (finished): One, two, three, four.'])
    expect(chat.answer().prefill).toBe('One, two')
    expect(chat.state().branches[chat.state().messageIds[0]!]?.ids).toHaveLength(2)
  })

  it('sends both halves as one in the next turn', async () => {
    const { server, chat } = await afterLimit(llamaCpp)
    const more = chat.actions.continue()
    ;(await server.next()).answer(', three, four.')
    await more
    const turn = chat.actions.send('And five?')
    const exchange = await server.next()
    expect(exchange.request.messages[1]).toEqual({ role: 'assistant', content: 'One, two, three, four.' })
    exchange.answer('Five.')
    await turn
  })

  it('can begin with another text, such as the answer up to one of its tokens', async () => {
    const { server, chat } = await afterLimit(llamaCpp)
    const turn = chat.actions.continue({ prefix: 'One,', params: { temperature: 1 } })
    const exchange = await server.next()
    expect(exchange.request).toMatchObject({ temperature: 1 })
    expect(exchange.request.messages.at(-1)).toEqual({ role: 'assistant', content: 'One,' })
    exchange.answer(' zwei.')
    await turn
    expect(chat.lines()[1]).toBe('assistant (finished): One, zwei.')
  })

  it('says it in the way of the server', async () => {
    const flagged = await afterLimit(deepseek)
    const one = flagged.chat.actions.continue()
    const first = await flagged.server.next()
    expect(first.request.messages.at(-1)).toEqual({ role: 'assistant', content: 'One, two', prefix: true })
    first.answer('.')
    await one

    const inBody = await afterLimit(vllm)
    const two = inBody.chat.actions.continue()
    const second = await inBody.server.next()
    expect(second.request).toMatchObject({ continue_final_message: true, add_generation_prompt: false })
    second.answer('.')
    await two
  })

  it.each([
    ['that cannot', openai, /^OpenAI cannot continue a half-written answer/],
    ['of which nobody knows', undefined, /Give the chat a `profile`/],
  ])('fails with what to do on a server %s, and sends nothing', async (_, profile, words) => {
    const { server, chat } = await afterLimit(profile)
    expect(await chat.actions.continue()).toBe('failed')
    expect(chat.state().error?.message).toMatch(words)
    expect(server.requests).toHaveLength(1)
    expect(chat.lines()[1]).toBe('assistant (finished): One, two')
  })

  it('of an answer without a word is another answer', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('Hello')
    ;(await server.next()).finish('length')
    await turn
    const more = chat.actions.continue()
    const exchange = await server.next()
    expect(exchange.request.messages).toEqual([{ role: 'user', content: 'Hello' }])
    exchange.answer('Hi.')
    await more
  })

  it('that fails before a word is continued by retry, and leaves no empty sibling', async () => {
    const { server, chat } = await afterLimit(llamaCpp)
    const more = chat.actions.continue()
    await server.refuseNext(400, { error: { message: 'not now' } })
    expect(await more).toBe('failed')
    const again = chat.actions.retry()
    ;(await server.next()).answer(', three, four.')
    await again
    expect(chat.lines()[1]).toBe('assistant (finished): One, two, three, four.')
    expect(chat.state().branches[chat.state().messageIds[0]!]?.ids).toHaveLength(2)
  })
})

/** One chunk of text with its tokens. */
function say(exchange: Exchange, ...tokens: string[]): void {
  const content = tokens.map((token) => ({ token, logprob: -token.length, bytes: null, top_logprobs: [] }))
  exchange.chunk({
    choices: [
      {
        index: 0,
        delta: { content: tokens.join('') },
        finish_reason: null,
        logprobs: { content, refusal: null },
      },
    ],
  })
}

function tokensOf(chat: WatchedChat): (string | number)[][] {
  return (chat.answer().choice.logprobs?.content ?? []).map(({ token, logprob }) => [token, logprob])
}

/** A chat whose answer, with its tokens, ended at its token limit. */
async function afterTokens() {
  const server = createScriptedServer()
  const chat = chatOn(server, { profile: llamaCpp, request: { model: 'm', logprobs: true } })
  const turn = chat.actions.send('Count to four.')
  const exchange = await server.next()
  say(exchange, 'One', ',', ' two')
  exchange.finish('length')
  await turn
  return { server, chat }
}

describe('the probabilities of a continued answer', () => {
  it('are those of both halves, in one row', async () => {
    const { server, chat } = await afterTokens()
    const more = chat.actions.continue()
    const exchange = await server.next()
    say(exchange, ',', ' three')
    await until(chat, () => tokensOf(chat).length === 5)
    say(exchange, '.')
    exchange.finish()
    await more
    expect(chat.lines()[1]).toBe('assistant (finished): One, two, three.')
    expect(tokensOf(chat)).toEqual([
      ['One', -3],
      [',', -1],
      [' two', -4],
      [',', -1],
      [' three', -6],
      ['.', -1],
    ])
    expect(chat.answer().choice.logprobs).toMatchObject({ refusal: null })
  })

  it('are those of the part that was kept, where it goes on from another text', async () => {
    const { server, chat } = await afterTokens()
    const more = chat.actions.continue({ prefix: 'One, zwei' })
    const exchange = await server.next()
    say(exchange, '!')
    exchange.finish()
    await more
    expect(tokensOf(chat).map(([token]) => token)).toEqual(['One', ',', '!'])
  })

  it('outlive a failure before the first word, and a reload', async () => {
    const { server, chat } = await afterTokens()
    const more = chat.actions.continue()
    await server.refuseNext(400, { error: { message: 'not now' } })
    await more
    const other = chatOn(server, { profile: llamaCpp })
    other.actions.load(JSON.parse(JSON.stringify(chat.actions.toJSON())))
    const again = other.actions.retry()
    const exchange = await server.next()
    say(exchange, '.')
    exchange.finish()
    await again
    expect(tokensOf(other).map(([token]) => token)).toEqual(['One', ',', ' two', '.'])
  })

  it('stand with each of n choices', async () => {
    const { server, chat } = await afterTokens()
    const more = chat.actions.continue({ params: { n: 2 } })
    const exchange = await server.next()
    say(exchange, '.')
    exchange.delta({ content: '!' }, { index: 1, finish_reason: 'stop' })
    exchange.finish()
    await more
    expect(tokensOf(chat).map(([token]) => token)).toEqual(['One', ',', ' two', '.'])
    chat.actions.selectChoice(1)
    expect(chat.lines()[1]).toBe('assistant (finished): One, two!')
    expect(tokensOf(chat).map(([token]) => token)).toEqual(['One', ',', ' two'])
  })
})

it('a continued answer keeps the thinking of its first half', async () => {
  const server = createScriptedServer()
  const chat = chatOn(server, { profile: llamaCpp })
  const turn = chat.actions.send('Count to four.')
  const exchange = await server.next()
  exchange.delta({ reasoning_content: 'Easy.' })
  exchange.delta({ content: 'One, two' })
  exchange.finish('length')
  await turn
  const more = chat.actions.continue()
  ;(await server.next()).answer(', three.')
  await more
  expect(chat.answer()).toMatchObject({ reasoning: 'Easy.', prefill: 'One, two' })
})
