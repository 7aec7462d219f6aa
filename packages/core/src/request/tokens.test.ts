import { decode, encode, encodeChat } from 'gpt-tokenizer/model/gpt-4o'
import { describe, expect, test } from 'vitest'

import { checkRequest } from './checkRequest.ts'
import { countPromptTokens } from './countPromptTokens.ts'
import { logitBiasByWord } from './logitBiasByWord.ts'

const tokenizer = { encode, decode }

describe('logit_bias by word', () => {
  test('biases the token of a word at the beginning and after a blank', () => {
    const { logit_bias, warnings } = logitBiasByWord({ London: -100 }, tokenizer)
    expect(logit_bias).toEqual({ [encode('London')[0] ?? '']: -100, [encode(' London')[0] ?? '']: -100 })
    expect(warnings).toEqual([])
  })

  test('biases what stands there alone when asked to', () => {
    const { logit_bias } = logitBiasByWord({ yes: 100 }, tokenizer, { blanks: 'as-written' })
    expect(logit_bias).toEqual({ [encode('yes')[0] ?? '']: 100 })
  })

  test('warns where a word is several tokens, and says which', () => {
    const { logit_bias, warnings } = logitBiasByWord({ Candorish: -5 }, tokenizer, { blanks: 'as-written' })
    const tokens = encode('Candorish')
    expect(tokens.length).toBeGreaterThan(1)
    expect(Object.keys(logit_bias)).toHaveLength(new Set(tokens).size)
    expect(warnings).toMatchObject([
      { path: 'logit_bias.Candorish', code: 'several-tokens', level: 'warning' },
    ])
    for (const token of tokens) expect(warnings[0]?.problem).toContain(JSON.stringify(decode([token])))
  })

  test('warns where two words want a token differently', () => {
    const { warnings } = logitBiasByWord({ yes: 5, ' yes': -5 }, tokenizer)
    expect(warnings).toMatchObject([{ code: 'token-wanted-twice' }])
  })

  test('is a bias that a request takes', () => {
    const { logit_bias } = logitBiasByWord({ Paris: 5, London: -100 }, tokenizer)
    expect(checkRequest({ model: 'm', messages: [{ role: 'user', content: 'x' }], logit_bias })).toEqual([])
  })
})

describe('prompt tokens', () => {
  test.each([
    [[{ role: 'user', content: 'Hello' }]],
    [
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is the capital of France?' },
      ],
    ],
    [
      [
        { role: 'user', content: 'Grüße 👩‍🚀' },
        { role: 'assistant', content: 'Hallo' },
        { role: 'user', content: '' },
      ],
    ],
  ] as const)('of plain messages are counted as the model’s own tokenizer counts them', (messages) => {
    const counted = countPromptTokens({ messages: [...messages] }, tokenizer)
    expect(counted.total).toBe(encodeChat([...messages], 'gpt-4o').length)
    expect(counted.messages).toHaveLength(messages.length)
    expect(counted.notCounted).toEqual([])
  })

  test('grow with calls, answers, tools and schemas', () => {
    const plain = countPromptTokens({ messages: [{ role: 'user', content: 'Hello' }] }, tokenizer)
    const withTools = countPromptTokens(
      {
        messages: [
          { role: 'user', content: 'Hello' },
          {
            role: 'assistant',
            tool_calls: [
              { id: 'a', type: 'function', function: { name: 'f', arguments: '{"city":"Oslo"}' } },
            ],
          },
          { role: 'tool', tool_call_id: 'a', content: '18' },
        ],
        tools: [
          {
            type: 'function',
            function: {
              name: 'f',
              description: 'Weather.',
              parameters: {
                type: 'object',
                properties: {
                  city: { type: 'string', description: 'Where.' },
                  unit: { type: 'string', enum: ['c', 'f'] },
                },
              },
            },
          },
        ],
      },
      tokenizer,
    )
    expect(withTools.messages[0]).toBe(plain.messages[0])
    expect(withTools.messages[1]).toBeGreaterThan(6)
    expect(withTools.tools).toBeGreaterThan(20)
    expect(withTools.total).toBe(
      3 + withTools.tools + withTools.messages.reduce((sum, tokens) => sum + tokens, 0),
    )
  })

  test('name what cannot be counted', () => {
    const { notCounted } = countPromptTokens(
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
            ],
          },
        ],
      },
      tokenizer,
    )
    expect(notCounted).toEqual(['messages[0].content[1] (image_url)'])
  })
})
