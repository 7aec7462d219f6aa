import { describe, expect, it } from 'vitest'

import { answer, toolCall, userMessage, withFields } from '../fixtures/messages.ts'
import { messageParts, messageText } from './messageParts.ts'

const kinds = (message: Parameters<typeof messageParts>[0]): string[] =>
  messageParts(message).map(({ type }) => type)

describe('messageParts', () => {
  it('has thinking before words, words before calls, sources last', () => {
    const message = withFields(answer('Words', { reasoning: 'Hm' }), {
      tool_calls: [toolCall('f', {})],
      annotations: [{ type: 'url_citation', url_citation: { url: 'https://example.com' } }],
    })
    expect(kinds(message)).toEqual(['reasoning', 'text', 'tool-call', 'annotations'])
  })

  it('drops no field that it does not know', () => {
    expect(messageParts(withFields(answer('Words'), { sentiment: { score: 0 } })).at(-1)).toEqual({
      type: 'unknown',
      name: 'sentiment',
      value: { score: 0 },
    })
  })

  it('shows a value that says nothing by being false or 0', () => {
    expect(kinds(withFields(answer('Words'), { cached: false, score: 0 }))).toEqual([
      'text',
      'unknown',
      'unknown',
    ])
  })

  it('leaves out fields without content, and those that the thinking was gathered from', () => {
    const message = withFields(answer('Words', { reasoning: 'Hm' }), {
      reasoning_content: 'Hm',
      reasoning_details: [{ text: 'Hm' }],
      audio: null,
      padding: '',
      extra: {},
    })
    expect(kinds(message)).toEqual(['reasoning', 'text'])
  })

  it('drops no part of a user message that it does not know', () => {
    const content = [
      { type: 'text', text: 'See' },
      { type: 'video_url', video_url: { url: 'https://x' } },
    ]
    // A kind of part that the types do not have yet.
    const message = userMessage(content as never)
    expect(messageParts(message).at(-1)).toEqual({ type: 'unknown', name: 'video_url', value: content[1] })
  })

  it('shows the images that some servers send beside the words', () => {
    const url = 'data:image/png;base64,AAAA'
    const message = withFields(answer('Here'), {
      images: [{ type: 'image_url', image_url: { url } }, { odd: 1 }],
    })
    expect(messageParts(message).slice(1)).toEqual([
      { type: 'image', url },
      { type: 'unknown', name: 'images', value: { odd: 1 } },
    ])
  })

  it('lets the thinking grow until the first word, and the words until the first call', () => {
    const streaming = { status: 'streaming' } as const
    const thinking = messageParts(answer(null, { ...streaming, reasoning: 'Hm' }))
    expect(thinking).toEqual([{ type: 'reasoning', text: 'Hm', streaming: true }])
    const writing = messageParts(answer('Wo', { ...streaming, reasoning: 'Hm' }))
    expect(writing.map((part) => 'streaming' in part && part.streaming)).toEqual([false, true])
    const calling = messageParts(withFields(answer('Words', streaming), { tool_calls: [toolCall('f', '{')] }))
    expect(calling[0]).toMatchObject({ type: 'text', streaming: false })
    expect(calling[1]).toMatchObject({ type: 'tool-call', run: { status: 'arguments-streaming' } })
  })

  it('has no parts for an empty answer', () => {
    expect(messageParts(answer(''))).toEqual([])
    expect(messageParts(answer(null))).toEqual([])
  })
})

describe('messageText', () => {
  it('is what was said, not what was thought', () => {
    expect(messageText(answer('Words', { reasoning: 'Hm' }))).toBe('Words')
    expect(messageText(withFields(answer(null), { refusal: 'No.' }))).toBe('No.')
  })
})
