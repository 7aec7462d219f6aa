import { buildRequest, createClient, endpointProfiles, type ChatMessage } from '@candor/core'
import { describe, expect, it } from 'vitest'

import { emptyAnswer } from './answerMessage.ts'
import { fullRequest } from './fullRequest.ts'
import { saidText, textRequest } from './requestForTurn.ts'

const client = createClient({ baseURL: 'http://model.test/v1' })
const node = { id: 'x', parentId: null, createdAt: 0 }

function question(fields: object = {}): ChatMessage {
  return { ...node, role: 'user', message: { role: 'user', content: 'Why?', ...fields } }
}

function answer(fields: object): ChatMessage {
  const empty = emptyAnswer(null, {}, undefined)
  const message = { ...empty.choice.message, content: 'Because.', ...fields }
  return { ...empty, status: 'finished', choice: { ...empty.choice, message } }
}

const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }
const histories: { [what: string]: readonly ChatMessage[] } = {
  'a question': [],
  'a name': [question({ name: 'Ada' }), answer({})],
  'a picture': [question({ content: [{ type: 'image_url', image_url: { url: 'https://a.test/b.png' } }] })],
  'another question': [question()],
  'an answer': [question(), answer({})],
  'two answers': [question(), answer({}), answer({})],
  'annotations and nulls': [question(), answer({ annotations: [], audio: null, reasoning: null, x: null })],
  thinking: [question(), answer({ reasoning_content: 'Hm.' })],
  'an unknown field': [question(), answer({ x: 'y' })],
  nothing: [question(), answer({ content: null })],
  'an empty text': [question(), answer({ content: '' })],
  'a refusal': [question(), answer({ refusal: 'No.' })],
  'no calls': [question(), answer({ tool_calls: [] })],
  'an open call': [question(), answer({ tool_calls: [call] })],
  undefined: [question({ name: undefined }), answer({ name: undefined })],
  instructions: [{ ...node, role: 'developer', message: { role: 'developer', content: 'Be brief.' } }],
}
const profiles = [undefined, ...endpointProfiles]

describe('the short way to a request of text gives what the long way gives', () => {
  it.each(Object.entries(histories))('after %s, for every server', (_what, before) => {
    const history = [...before, question()]
    for (const profile of profiles) {
      const options = { client, instructions: 'Be kind.', ...(profile && { profile }) }
      const params = { model: 'm', temperature: undefined }
      const short = textRequest(options, history.map(saidText), params)
      if (short === undefined) continue
      const long = fullRequest(options, { history, params, prefill: undefined, followers: [] })
      expect(short).toStrictEqual(buildRequest(long, profile && { profile }))
    }
  })

  it('is taken for what people say every day', () => {
    const taken = Object.entries(histories).filter(
      ([, history]) =>
        textRequest({ client }, [...history, question()].map(saidText), { model: 'm' }) !== undefined,
    )
    expect(taken.map(([what]) => what)).toEqual([
      'a question',
      'a name',
      'another question',
      'an answer',
      'two answers',
      'annotations and nulls',
      'thinking',
      'instructions',
    ])
  })
})
