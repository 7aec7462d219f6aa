import { describe, expect, test } from 'vitest'

import { checkRequest } from './checkRequest.ts'
import type { EndpointProfile } from './EndpointProfile.ts'

/** `path: code` of every issue, paths from the messages on; warnings carry a question mark. */
function issuesOf(messages: readonly unknown[], profile?: EndpointProfile): string[] {
  // Messages come from JavaScript too, so the check must take anything.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const issues = checkRequest({ model: 'm', messages: messages as never }, profile ? { profile } : {})
  return issues.map(({ path, code, level }) => {
    const place = path.replace(/^messages/, '').replace(/\]\./, '] ')
    return `${place}: ${code}${level === 'warning' ? '?' : ''}`
  })
}

const user = { role: 'user', content: 'Hello' }
const answer = { role: 'assistant', content: 'Hi' }

function calls(...ids: string[]): { role: string; tool_calls: object[] } {
  return { role: 'assistant', tool_calls: ids.map((id) => call(id)) }
}

function call(id: unknown, more: object = {}): object {
  return { id, type: 'function', function: { name: 'f', arguments: '{}' }, ...more }
}

function result(id: string): object {
  return { role: 'tool', tool_call_id: id, content: '18 °C' }
}

const text = { type: 'text', text: 'a' }
const picture = { type: 'image_url', image_url: { url: 'https://example.org/a.png', detail: 'original' } }
const sound = { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }
const file = { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBE', filename: 'a.pdf' } }

describe('messages of every role pass', () => {
  test.each<[string, unknown[]]>([
    ['developer', [{ role: 'developer', content: 'Be brief.', name: 'ops' }, user]],
    ['system of parts', [{ role: 'system', content: [text] }, user]],
    ['user of every kind of part', [{ role: 'user', content: [text, picture, sound, file], name: 'ada' }]],
    ['user with an uploaded file', [{ role: 'user', content: [{ type: 'file', file: { file_id: 'f1' } }] }]],
    [
      'user with a picture as data',
      [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }],
    ],
    ['assistant', [user, { ...answer, name: 'bot', refusal: null, audio: null }, user]],
    [
      'assistant of text and refusal',
      [user, { role: 'assistant', content: [text, { type: 'refusal', refusal: 'No' }] }],
    ],
    ['assistant that refused', [user, { role: 'assistant', content: null, refusal: 'No' }]],
    ['assistant that spoke', [user, { role: 'assistant', audio: { id: 'a1' } }]],
    ['assistant with an empty text', [user, { role: 'assistant', content: '' }]],
    ['assistant whose server wrote the older form as null', [user, { ...answer, function_call: null }]],
    ['assistant with calls and no content', [user, calls('a'), result('a')]],
    ['assistant with calls and null', [user, { ...calls('a'), content: null }, result('a')]],
    ['tool of parts', [user, calls('a'), { role: 'tool', tool_call_id: 'a', content: [text] }]],
    [
      'a custom call',
      [
        user,
        { role: 'assistant', tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'p', input: '' } }] },
        result('a'),
      ],
    ],
    [
      'kinds of parts that one server knows',
      [{ role: 'user', content: [{ type: 'video_url', video_url: { url: 'x' } }] }],
    ],
    [
      'thinking within an answer',
      [user, { role: 'assistant', content: [{ type: 'thinking', thinking: [] }, text] }],
    ],
    [
      'fields that a server wants back',
      [user, { ...answer, reasoning_content: 'Hm', reasoning_details: [] }],
    ],
    [
      'a breakpoint of the cache',
      [{ role: 'user', content: [{ ...text, prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' } }] }],
    ],
  ])('%s', (_role, messages) => {
    expect(issuesOf(messages)).toEqual([])
  })
})

describe('a message by itself', () => {
  test.each<[string, unknown, string]>([
    ['no object', 'Hello', '[0]: wrong-type'],
    ['no role', { content: 'a' }, '[0] role: missing'],
    ['another role', { role: 'bot', content: 'a' }, '[0] role: unknown-value'],
    ['a role of Object.prototype', { role: 'constructor', content: 'a' }, '[0] role: unknown-value'],
    ['the old role of functions', { role: 'function', name: 'f', content: 'a' }, '[0] role: deprecated'],
    ['no content', { role: 'user' }, '[0] content: missing'],
    ['null as content', { role: 'system', content: null }, '[0] content: missing'],
    ['content that is no text', { role: 'developer', content: 5 }, '[0] content: wrong-type'],
    ['content without parts', { role: 'user', content: [] }, '[0] content: out-of-range'],
    ['a name that is no text', { ...user, name: 1 }, '[0] name: wrong-type'],
    ['a part that is a text', { role: 'user', content: ['a'] }, '[0] content[0]: wrong-type'],
    ['a part without type', { role: 'user', content: [{ text: 'a' }] }, '[0] content[0].type: missing'],
    [
      'a part whose type is none',
      { role: 'user', content: [{ type: 5 }] },
      '[0] content[0].type: wrong-type',
    ],
    [
      'a text part without text',
      { role: 'user', content: [{ type: 'text' }] },
      '[0] content[0].text: missing',
    ],
    [
      'a picture for the system',
      { role: 'system', content: [picture] },
      '[0] content[0].type: unknown-value',
    ],
    [
      'a refusal of the user',
      { role: 'user', content: [{ type: 'refusal', refusal: 'a' }] },
      '[0] content[0].type: unknown-value',
    ],
    [
      'a picture without address',
      { role: 'user', content: [{ type: 'image_url', image_url: {} }] },
      '[0] content[0].image_url.url: missing',
    ],
    [
      'a picture whose address stands bare',
      { role: 'user', content: [{ type: 'image_url', image_url: 'https://a' }] },
      '[0] content[0].image_url: wrong-type',
    ],
    [
      'a picture in a file',
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///a.png' } }] },
      '[0] content[0].image_url.url: wrong-form',
    ],
    [
      'a picture of another detail',
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,', detail: 'max' } }] },
      '[0] content[0].image_url.detail: unknown-value',
    ],
    [
      'a sound as data: URL',
      {
        role: 'user',
        content: [{ type: 'input_audio', input_audio: { data: 'data:audio/wav;base64,A', format: 'wav' } }],
      },
      '[0] content[0].input_audio.data: wrong-form',
    ],
    [
      'a sound of another format',
      { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'A', format: 'ogg' } }] },
      '[0] content[0].input_audio.format: unknown-value',
    ],
    [
      'a file without content',
      { role: 'user', content: [{ type: 'file', file: { filename: 'a' } }] },
      '[0] content[0].file: missing',
    ],
    [
      'a breakpoint of another mode',
      { role: 'user', content: [{ ...text, prompt_cache_breakpoint: { mode: 'auto' } }] },
      '[0] content[0].prompt_cache_breakpoint.mode: unknown-value',
    ],
    ['an assistant that says nothing', { role: 'assistant' }, '[0] content: missing'],
    [
      'an assistant that says null',
      { role: 'assistant', content: null, refusal: null },
      '[0] content: missing',
    ],
    ['a refusal that is no text', { ...answer, refusal: true }, '[0] refusal: wrong-type'],
    ['an earlier sound without id', { ...answer, audio: { data: 'A' } }, '[0] audio.id: missing'],
    ['the old call of a function', { ...answer, function_call: {} }, '[0] function_call: deprecated'],
    [
      'the old call of a function alone',
      { role: 'assistant', content: null, function_call: {} },
      '[0] function_call: deprecated',
    ],
    ['calls that are no list', { ...answer, tool_calls: {} }, '[0] tool_calls: wrong-type'],
    ['an empty list of calls', { ...answer, tool_calls: [] }, '[0] tool_calls: out-of-range'],
  ])('%s is reported', (_fact, message, issue) => {
    expect(issuesOf([message])).toEqual([issue])
  })

  test.each<[string, unknown, string]>([
    ['no object', 'a', '[0] tool_calls[0]: wrong-form'],
    ['no type', { id: 'a', function: {} }, '[0] tool_calls[0].type: missing'],
    ['another type', { id: 'a', type: 'code' }, '[0] tool_calls[0].type: unknown-value'],
    ['no function', { id: 'a', type: 'function' }, '[0] tool_calls[0].function: missing'],
    ['no name', call('a', { function: { arguments: '{}' } }), '[0] tool_calls[0].function.name: missing'],
    ['no arguments', call('a', { function: { name: 'f' } }), '[0] tool_calls[0].function.arguments: missing'],
    [
      'arguments as an object',
      call('a', { function: { name: 'f', arguments: {} } }),
      '[0] tool_calls[0].function.arguments: wrong-type',
    ],
    [
      'arguments that are not JSON',
      call('a', { function: { name: 'f', arguments: '{"a":' } }),
      '[0] tool_calls[0].function.arguments: arguments-not-json?',
    ],
    [
      'arguments that are a list',
      call('a', { function: { name: 'f', arguments: '[]' } }),
      '[0] tool_calls[0].function.arguments: arguments-not-json?',
    ],
    ['no custom', { id: 'a', type: 'custom' }, '[0] tool_calls[0].custom: missing'],
    [
      'no input',
      { id: 'a', type: 'custom', custom: { name: 'p' } },
      '[0] tool_calls[0].custom.input: missing',
    ],
  ])('a call with %s is reported', (_fact, given, issue) => {
    const id = typeof given === 'object' ? [result('a')] : []
    expect(issuesOf([{ role: 'assistant', tool_calls: [given] }, ...id])).toEqual([issue])
  })

  test('empty arguments are a call without arguments', () => {
    expect(
      issuesOf([
        { role: 'assistant', tool_calls: [call('a', { function: { name: 'f', arguments: '' } })] },
        result('a'),
      ]),
    ).toEqual([])
  })

  test.each([
    [undefined, 'missing'],
    ['', 'out-of-range'],
    [7, 'wrong-type'],
  ])('a call with the id %o is reported', (id, code) => {
    expect(issuesOf([{ role: 'assistant', tool_calls: [call(id)] }])).toEqual([
      `[0] tool_calls[0].id: ${code}`,
    ])
  })
})

describe('tool calls and their answers', () => {
  test('an answer must follow the call, siblings between them', () => {
    expect(issuesOf([user, calls('a', 'b'), result('b'), result('a'), user])).toEqual([])
    expect(issuesOf([user, result('a')])).toEqual(['[1] tool_call_id: tool-answer-without-call'])
    expect(issuesOf([user, calls('a'), result('x'), result('a')])).toEqual([
      '[2] tool_call_id: tool-answer-without-call',
    ])
  })

  test('the hint says which calls wait', () => {
    const messages = [user, calls('a', 'b'), result('a'), result('x'), result('b')]
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    expect(checkRequest({ model: 'm', messages: messages as never })).toMatchObject([
      { path: 'messages[3].tool_call_id', hint: 'Waiting for an answer: "b".' },
    ])
  })

  test('every call must be answered before another role speaks', () => {
    expect(issuesOf([user, calls('a', 'b'), result('a'), user])).toEqual([
      '[1] tool_calls[1].id: tool-call-unanswered',
    ])
    expect(issuesOf([user, calls('a'), answer])).toEqual(['[1] tool_calls[0].id: tool-call-unanswered'])
  })

  test('a user message between two answers leaves one call unanswered and one answer without call', () => {
    expect(issuesOf([user, calls('a', 'b'), result('a'), user, result('b')])).toEqual([
      '[1] tool_calls[1].id: tool-call-unanswered',
      '[4] tool_call_id: tool-answer-without-call',
    ])
  })

  test('a conversation must not end with an unanswered call', () => {
    expect(issuesOf([user, calls('a')])).toEqual(['[1] tool_calls[0].id: tool-call-unanswered'])
  })

  test('ids may repeat from turn to turn, not within one', () => {
    expect(issuesOf([user, calls('a'), result('a'), calls('a'), result('a')])).toEqual([])
    expect(issuesOf([user, calls('a', 'a'), result('a')])).toEqual([
      '[1] tool_calls[1].id: tool-call-id-twice',
    ])
  })

  test('a second answer to a call is a warning', () => {
    expect(issuesOf([user, calls('a'), result('a'), result('a')])).toEqual([
      '[3] tool_call_id: tool-call-answered-twice?',
    ])
  })

  test.each([
    [undefined, 'missing'],
    ['', 'out-of-range'],
    [7, 'wrong-type'],
  ])('an answer to the id %o is reported, and so is the call', (id, code) => {
    expect(issuesOf([user, calls('a'), { role: 'tool', tool_call_id: id, content: '' }])).toEqual([
      `[2] tool_call_id: ${code}`,
      '[1] tool_calls[0].id: tool-call-unanswered',
    ])
  })
})

describe('the order that a chat template wants is a warning of its profile', () => {
  const strictOrder: EndpointProfile = {
    id: 'strict',
    name: 'Strict',
    prefill: { style: 'message-flag', flag: 'prefix' },
    messages: {
      sequence: {
        lastRoles: ['user', 'tool'],
        noUserAfterTool: true,
        alternating: true,
        oneLeadingSystem: true,
        noTwoTrailingAssistants: true,
      },
    },
  }
  const system = { role: 'system', content: 'Be brief.' }

  test.each<[string, unknown[], string[]]>([
    ['ends with the user', [system, user, answer, user], []],
    ['ends with a tool', [user, calls('a'), result('a')], []],
    ['ends with a marked beginning of the answer', [user, { ...answer, prefix: true }], []],
    ['ends with the assistant', [user, answer], ['[1] role: wrong-order?', '[1] prefix: missing?']],
    ['user after tool', [user, calls('a'), result('a'), user], ['[3] role: wrong-order?']],
    ['two users', [user, user], ['[1] role: wrong-order?']],
    ['two assistants', [user, answer, answer, user], ['[2] role: wrong-order?']],
    ['system later', [user, system, user], ['[1] role: wrong-order?']],
    ['two systems', [system, system, user], ['[1] role: wrong-order?']],
    [
      'two assistants at the end',
      [user, answer, { ...answer, prefix: true }],
      ['[2] role: wrong-order?', '[2] role: wrong-order?'],
    ],
  ])('%s', (_order, messages, issues) => {
    expect(issuesOf(messages, strictOrder)).toEqual(issues)
    expect(issuesOf(messages)).toEqual([])
  })
})

describe('what one server refuses in messages is a warning of its profile', () => {
  const picky: EndpointProfile = {
    id: 'picky',
    name: 'Picky',
    messages: {
      unknownFields: 'refused',
      keep: ['reasoning'],
      refused: { name: 'names are answered with 400.' },
      parts: ['document'],
      refusedParts: { input_audio: 'it is deaf.' },
      imagesAsDataOnly: true,
      emptyContentAsText: true,
      toolCallId: { pattern: '^[a-z]{2}$', hint: 'two letters' },
    },
  }

  test.each<[string, unknown[], string[]]>([
    ['a field that it knows', [user, { ...answer, reasoning: 'Hm' }], []],
    ['a field that it does not know', [user, { ...answer, annotations: [] }], ['[1] annotations: refused?']],
    ['a field of the specification that it refuses', [{ ...user, name: 'ada' }], ['[0] name: refused?']],
    ['a part that it knows', [{ role: 'user', content: [{ type: 'document' }] }], []],
    [
      'a part that it does not know',
      [{ role: 'user', content: [{ type: 'video_url' }] }],
      ['[0] content[0].type: refused?'],
    ],
    [
      'a part of the specification that it refuses',
      [{ role: 'user', content: [sound] }],
      ['[0] content[0].type: refused?'],
    ],
    [
      'a picture by address',
      [{ role: 'user', content: [picture] }],
      ['[0] content[0].image_url.url: refused?'],
    ],
    ['null beside calls', [user, { ...calls('ab'), content: null }, result('ab')], ['[1] content: refused?']],
    ['an id in its form', [user, calls('ab'), result('ab')], []],
    ['an id in another form', [user, calls('abc'), result('abc')], ['[1] tool_calls[0].id: refused?']],
  ])('%s', (_fact, messages, issues) => {
    expect(issuesOf(messages, picky)).toEqual(issues)
  })

  test('a profile can allow parts where the specification does not', () => {
    const seeing: EndpointProfile = { id: 's', name: 'Seeing', messages: { parts: ['image_url'] } }
    const messages = [user, calls('a'), { role: 'tool', tool_call_id: 'a', content: [picture] }]
    expect(issuesOf(messages)).toEqual(['[2] content[0].type: unknown-value'])
    expect(issuesOf(messages, seeing)).toEqual([])
  })
})

test('every mistake in a conversation is reported at once', () => {
  expect(
    issuesOf([
      { role: 'user' },
      calls('a'),
      { role: 'tool', tool_call_id: 'b', content: [] },
      { role: 'assistant', content: [{ type: 'image_url' }] },
      null,
    ]),
  ).toEqual([
    '[0] content: missing',
    '[2] content: out-of-range',
    '[2] tool_call_id: tool-answer-without-call',
    '[3] content[0].type: unknown-value',
    '[1] tool_calls[0].id: tool-call-unanswered',
    '[4]: wrong-type',
  ])
})
