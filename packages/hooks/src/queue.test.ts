import { describe, expect, it, vi } from 'vitest'

import { answered, chatOn } from './testing/chatOn.ts'
import { createScriptedServer } from './testing/createScriptedServer.ts'

const picture = new File(['x'], 'a.png', { type: 'image/png' })

describe('a second send while a turn runs', () => {
  it('waits for its end', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const first = chat.actions.send('One')
    const second = chat.actions.send('Two', { temperature: 1 })
    expect(chat.state().queue).toEqual(['Two'])
    const exchange = await server.next()
    expect(server.requests).toHaveLength(1)
    exchange.answer('First.')
    await first
    expect(chat.state().queue).toEqual([])
    ;(await server.next()).answer('Second.')
    expect(await second).toBe('finished')
    expect(server.requests[1]).toMatchObject({ temperature: 1 })
    expect(chat.lines()).toEqual([
      'user: One',
      'assistant (finished): First.',
      'user: Two',
      'assistant (finished): Second.',
    ])
  })

  it('is refused, and nothing kept, when the chat is told so', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { whenBusy: 'refuse' })
    const first = chat.actions.send('One')
    expect(await chat.actions.send('Two')).toBe('refused')
    expect(chat.state().queue).toEqual([])
    ;(await server.next()).answer('First.')
    await first
    expect(chat.lines()).toHaveLength(2)
  })

  it('can be taken back', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const first = chat.actions.send('One')
    const second = chat.actions.send('Two')
    chat.actions.unqueue(0)
    expect(await second).toBe('discarded')
    ;(await server.next()).answer('First.')
    await first
    expect(server.requests).toHaveLength(1)
  })

  it('stays in the queue when the turn before it fails, until one succeeds', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const first = chat.actions.send('One')
    const second = chat.actions.send('Two')
    await server.refuseNext(401, { error: { message: 'Wrong key', type: 'authentication_error' } })
    expect(await first).toBe('failed')
    expect(chat.state().queue).toEqual(['Two'])
    const again = chat.actions.retry()
    ;(await server.next()).answer('First.')
    await again
    ;(await server.next()).answer('Second.')
    expect(await second).toBe('finished')
  })

  it('never runs beside it: regenerate, retry and edit are refused', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send('One')
    const [questionId] = chat.state().messageIds
    expect(await chat.actions.regenerate()).toBe('refused')
    expect(await chat.actions.retry()).toBe('refused')
    expect(await chat.actions.edit(questionId!, 'Two')).toBe('refused')
    ;(await server.next()).answer('First.')
    await turn
    expect(server.requests).toHaveLength(1)
  })
})

describe('sending files', () => {
  it('makes parts of them: pictures, sounds, files', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send({
      text: 'What are these?',
      files: [
        new File([Uint8Array.of(1, 2, 3)], 'a.png', { type: 'image/png' }),
        new File([Uint8Array.of(4)], 'b.wav', { type: 'audio/wav' }),
        new File(['%PDF'], 'c.pdf', { type: 'application/pdf' }),
      ],
    })
    const exchange = await server.next()
    expect(exchange.request.messages[0]?.content).toEqual([
      { type: 'text', text: 'What are these?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
      { type: 'input_audio', input_audio: { data: 'BA==', format: 'wav' } },
      { type: 'file', file: { filename: 'c.pdf', file_data: 'data:application/pdf;base64,JVBERg==' } },
    ])
    exchange.answer('Three files.')
    expect(await turn).toBe('finished')
  })

  it('comes before what is sent while they are read', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const first = chat.actions.send({ files: [picture] })
    const second = chat.actions.send('And this?')
    ;(await server.next()).answer('A picture.')
    ;(await server.next()).answer('A question.')
    expect(await Promise.all([first, second])).toEqual(['finished', 'finished'])
    expect(chat.lines().slice(2)).toEqual(['user: And this?', 'assistant (finished): A question.'])
  })

  it('tells which one cannot be read, and sends nothing', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const file = new File(['x'], 'gone.pdf')
    vi.spyOn(file, 'arrayBuffer').mockRejectedValue(new Error('A requested file could not be found.'))
    expect(await chat.actions.send({ text: 'Look', files: [file] })).toBe('refused')
    expect(chat.state()).toMatchObject({ status: 'error', messageIds: [] })
    expect(chat.state().error?.message).toMatch(/^"gone.pdf" could not be read, so nothing was sent/)
    expect(server.requests).toHaveLength(0)
  })

  it('comes after what was sent before it, in the order of sending', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turns = [
      chat.actions.send('One'),
      chat.actions.send('Two'),
      chat.actions.send({ text: 'Three', files: [picture] }),
      chat.actions.send({ text: 'Four', files: [picture] }),
    ]
    for (const _ of turns) (await server.next()).answer('Yes.')
    expect(await Promise.all(turns)).toEqual(['finished', 'finished', 'finished', 'finished'])
    const asked = server.requests.map(({ messages }) => JSON.stringify(messages.at(-1)?.content))
    expect(asked.map((content) => /One|Two|Three|Four/.exec(content)?.[0])).toEqual([
      'One',
      'Two',
      'Three',
      'Four',
    ])
  })

  it('into a conversation that is emptied before they are read are not sent', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server)
    const turn = chat.actions.send({ files: [picture] })
    chat.actions.reset()
    expect(await turn).toBe('discarded')
    await answered(server, chat, 'Hello', 'Hi.')
    expect(server.requests).toHaveLength(1)
  })

  it('is refused while others are read, when the chat is told to refuse', async () => {
    const server = createScriptedServer()
    const chat = chatOn(server, { whenBusy: 'refuse' })
    const first = chat.actions.send({ files: [picture] })
    expect(await chat.actions.send({ files: [picture] })).toBe('refused')
    ;(await server.next()).answer('A picture.')
    expect(await first).toBe('finished')
  })
})
