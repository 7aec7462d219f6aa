import { expect } from 'vitest'

import { delta, describeQuirks, stop } from './quirkHarness.ts'

/** A record with pieces of tool calls. */
function calls(json: string): string {
  return delta(`{"tool_calls":[${json}]}`)
}

const whole = '{"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\":1}"}}'

describeQuirks('Tool calls', [
  {
    number: 63,
    fact: 'Ollama, Gemini and Mistral leave the index out',
    body: calls('{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}') + stop,
    outcome: { tools: [['f', '{}']] },
    issues: ['tool-call-without-index'],
  },
  {
    number: 63,
    fact: 'a call without index goes on in pieces without id and name',
    body:
      calls('{"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\""}}') +
      calls('{"function":{"arguments":":1}"}}') +
      stop,
    outcome: { tools: [['f', '{"x":1}']] },
    issues: ['tool-call-without-index'],
  },
  {
    number: 64,
    fact: 'Gemini sends several calls in one delta, none with an index',
    body: calls(`${whole},${whole.replace('"a"', '"b"').replace('"f"', '"g"')}`) + stop,
    outcome: {
      tools: [
        ['f', '{"x":1}'],
        ['g', '{"x":1}'],
      ],
    },
    issues: ['tool-call-without-index'],
    check: ({ completion }) =>
      expect(completion.choices[0]?.message.tool_calls?.map((call) => call.id)).toEqual(['a', 'b']),
  },
  {
    number: 65,
    fact: 'Ollama, dynamo and LiteLLM give every call index 0',
    body:
      calls('{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\":1}"}}') +
      calls('{"index":0,"id":"b","type":"function","function":{"name":"g","arguments":"{\\"x\\""}}') +
      calls('{"index":0,"function":{"arguments":":2}"}}') +
      stop,
    outcome: {
      tools: [
        ['f', '{"x":1}'],
        ['g', '{"x":2}'],
      ],
    },
    issues: ['tool-call-index-reused'],
  },
  {
    number: 65,
    fact: 'calls without ids share index 0, each whole',
    body:
      calls('{"index":0,"type":"function","function":{"name":"f","arguments":"{}"}}') +
      calls('{"index":0,"type":"function","function":{"name":"g","arguments":"{}"}}') +
      stop,
    outcome: {
      tools: [
        ['f', '{}'],
        ['g', '{}'],
      ],
    },
    issues: ['tool-call-index-reused', 'tool-call-id-missing'],
  },
  {
    number: 66,
    fact: 'LM Studio sends a new id with every piece, and an empty name',
    body:
      calls('{"index":0,"id":"x1","type":"function","function":{"name":"f","arguments":""}}') +
      calls('{"index":0,"id":"x2","type":"function","function":{"name":"","arguments":"{"}}') +
      calls('{"index":0,"id":"x3","type":"function","function":{"name":"","arguments":"}"}}') +
      stop,
    outcome: { tools: [['f', '{}']] },
    issues: ['tool-call-id-changed'],
    check: ({ completion }) => expect(completion.choices[0]?.message.tool_calls?.[0]?.id).toBe('x1'),
  },
  {
    number: 67,
    fact: 'Anthropic proxies count content blocks, so the first call has index 1',
    body:
      calls('{"index":1,"id":"a","type":"function","function":{"name":"f","arguments":""}}') +
      calls('{"index":1,"function":{"arguments":"{}"}}') +
      calls('{"index":3,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}') +
      stop,
    outcome: {
      tools: [
        ['f', '{}'],
        ['g', '{}'],
      ],
    },
  },
  {
    number: 68,
    fact: 'Fireworks and llama.cpp repeat the id in every piece',
    body:
      calls('{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\""}}') +
      calls('{"index":0,"id":"a","function":{"arguments":":1}"}}') +
      stop,
    outcome: { tools: [['f', '{"x":1}']] },
    check: ({ completion }) => expect(completion.choices[0]?.message.tool_calls?.[0]?.id).toBe('a'),
  },
  {
    number: 69,
    fact: 'Qwen sends an empty id with the later pieces, Mistral null or the text "null"',
    body:
      calls('{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\""}}') +
      calls('{"index":0,"id":"","type":"function","function":{"arguments":":"}}') +
      calls('{"index":0,"id":null,"function":{"arguments":"1"}}') +
      calls('{"index":0,"id":"null","function":{"name":"","arguments":"}"}}') +
      stop,
    outcome: { tools: [['f', '{"x":1}']] },
    check: ({ completion }) => expect(completion.choices[0]?.message.tool_calls?.[0]?.id).toBe('a'),
  },
  {
    number: 70,
    fact: 'Gemini and SiliconFlow give a call no id at all',
    body:
      calls('{"index":0,"id":"","type":"function","function":{"name":"f","arguments":"{}"}}') +
      calls('{"index":1,"type":"function","function":{"name":"f","arguments":"{}"}}') +
      stop,
    outcome: {
      tools: [
        ['f', '{}'],
        ['f', '{}'],
      ],
    },
    issues: ['tool-call-id-missing'],
    check: ({ completion }) => {
      const ids = completion.choices[0]?.message.tool_calls?.map((call) => call.id) ?? []
      expect(ids[0]).toMatch(/^call_\w{10,}$/)
      expect(ids[1]).not.toBe(ids[0])
    },
  },
  {
    number: 71,
    fact: 'MiniMax, llama.cpp and Fireworks repeat the name in every piece',
    body:
      calls('{"index":0,"id":"a","type":"function","function":{"name":"get","arguments":"{\\"x\\""}}') +
      calls('{"index":0,"id":"a","type":"function","function":{"name":"get","arguments":":1}"}}') +
      stop,
    outcome: { tools: [['get', '{"x":1}']] },
  },
  {
    number: 72,
    fact: 'Gemini proxies and Mistral send the name in pieces',
    body:
      calls('{"index":0,"id":"a","type":"function","function":{"name":"get_"}}') +
      calls('{"index":0,"function":{"name":"weather"}}') +
      calls('{"index":0,"function":{"arguments":"{}"}}') +
      stop,
    outcome: { tools: [['get_weather', '{}']] },
    issues: ['tool-call-name-in-pieces'],
  },
  {
    number: 73,
    fact: 'the id comes only with the second piece, which repeats the name',
    body:
      delta('{"tool_calls":[{"index":0,"type":"function","function":{"name":"f","arguments":""}}]}') +
      delta('{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}') +
      stop,
    outcome: { tools: [['f', '{}']] },
    check: ({ completion }) => expect(completion.choices[0]?.message.tool_calls?.[0]?.id).toBe('a'),
  },
  {
    number: 73,
    fact: 'the name comes only with a later piece',
    body:
      calls('{"index":0,"id":"a","type":"function"}') +
      calls('{"index":0,"function":{"name":"f","arguments":"{}"}}') +
      stop,
    outcome: { tools: [['f', '{}']] },
  },
  {
    number: 74,
    fact: 'llama.cpp sent arguments as an object',
    body: calls('{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":{"x":1}}}') + stop,
    outcome: { tools: [['f', '{"x":1}']] },
    issues: ['tool-arguments-not-text'],
  },
  {
    number: 75,
    fact: 'a call without arguments has null, nothing, or an empty text for them',
    body:
      calls('{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":null}}') +
      calls('{"index":1,"id":"b","type":"function","function":{"name":"g"}}') +
      calls('{"index":2,"id":"c","type":"function","function":{"name":"h","arguments":""}}') +
      stop,
    outcome: {
      tools: [
        ['f', ''],
        ['g', ''],
        ['h', ''],
      ],
    },
  },
  {
    number: 76,
    fact: 'Groq, xAI, Mistral, Ollama and mlx-lm send a whole call in one delta',
    body: calls(whole.replace('{', '{"index":0,')) + stop,
    outcome: { tools: [['f', '{"x":1}']] },
  },
  {
    number: 77,
    fact: 'the whole arguments are sent again at the end',
    body:
      calls('{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\\"x\\""}}') +
      calls('{"index":0,"function":{"arguments":":1}"}}') +
      calls('{"index":0,"function":{"arguments":"{\\"x\\":1}"}}') +
      stop,
    outcome: { tools: [['f', '{"x":1}']] },
    issues: ['tool-call-repeated'],
  },
  {
    number: 78,
    fact: 'several JSON objects come as the arguments of one call, and none is guessed away',
    body:
      calls(
        '{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\\"q\\":1}{\\"q\\":2}"}}',
      ) + stop,
    outcome: { tools: [['f', '{"q":1}{"q":2}']] },
    issues: ['tool-arguments-several'],
  },
  {
    number: 79,
    fact: 'vLLM and Mistral leave the type out, or send it empty',
    body:
      calls('{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}') +
      calls('{"index":1,"id":"b","type":"","function":{"name":"g","arguments":"{}"}}') +
      calls('{"index":2,"id":"c","custom":{"name":"h","input":"some "}}') +
      calls('{"index":2,"custom":{"input":"text"}}') +
      stop,
    outcome: {
      tools: [
        ['f', '{}'],
        ['g', '{}'],
        ['h', 'some text'],
      ],
    },
    issues: ['tool-call-type-missing'],
    check: ({ completion }) =>
      expect(completion.choices[0]?.message.tool_calls?.map((call) => call.type)).toEqual([
        'function',
        'function',
        'custom',
      ]),
  },
  {
    number: 80,
    fact: 'a piece has function: null',
    body:
      calls('{"index":0,"function":null}') +
      calls('{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}') +
      calls('{"index":0,"function":null}') +
      stop,
    outcome: { tools: [['f', '{}']] },
  },
  {
    number: 81,
    fact: 'tool_calls is null or empty in deltas with text',
    body: delta('{"content":"Hi","tool_calls":null}') + delta('{"content":"!","tool_calls":[]}') + stop,
    outcome: { text: 'Hi!' },
    check: ({ completion }) => expect(completion.choices[0]?.message).not.toHaveProperty('tool_calls'),
  },
  {
    number: 82,
    fact: 'Alibaba ends a call with an empty piece',
    body:
      calls('{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}') +
      calls('{"index":0,"id":"","function":{"arguments":""}}') +
      stop,
    outcome: { tools: [['f', '{}']] },
  },
  {
    number: 83,
    fact: 'arguments are JSON before they are whole',
    body:
      calls('{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"1"}}') +
      calls('{"index":0,"function":{"arguments":"2"}}') +
      calls('{"index":0,"function":{"arguments":"2"}}') +
      stop,
    outcome: { tools: [['f', '122']] },
  },
  {
    number: 84,
    fact: 'Gemini sends a signature with the call that must come back',
    body:
      calls(
        '{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"sig"}}}',
      ) + stop,
    outcome: { tools: [['f', '{}']] },
    check: ({ completion }) =>
      expect(completion.choices[0]?.message.tool_calls?.[0]).toMatchObject({
        extra_content: { google: { thought_signature: 'sig' } },
      }),
  },
  {
    number: 85,
    fact: 'ids have the form that the server likes, and stay as they are',
    body:
      calls('{"index":0,"id":"D681PevKs","type":"function","function":{"name":"f","arguments":"{}"}}') + stop,
    outcome: { tools: [['f', '{}']] },
    check: ({ completion }) => expect(completion.choices[0]?.message.tool_calls?.[0]?.id).toBe('D681PevKs'),
  },
  {
    number: 86,
    fact: 'the model calls a tool that does not exist',
    body:
      calls(
        '{"index":0,"id":"a","type":"function","function":{"name":"multi_tool_use.parallel","arguments":"{}"}}',
      ) + stop,
    outcome: { tools: [['multi_tool_use.parallel', '{}']] },
  },
  {
    number: 87,
    fact: 'the model writes arguments that are no JSON',
    body: calls('{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{bad"}}') + stop,
    outcome: { tools: [['f', '{bad']] },
  },
])
