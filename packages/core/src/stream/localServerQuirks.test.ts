import { expect } from 'vitest'

import { chunk, delta, describeQuirks, stop } from './quirkHarness.ts'

const done = 'data: [DONE]\n\n'
const finish = delta('{}', ',"finish_reason":"stop"')

function usage(promptTokens: number, completionTokens: number): string {
  return `"usage":{"prompt_tokens":${promptTokens},"completion_tokens":${completionTokens},"total_tokens":${promptTokens + completionTokens}}`
}

function answer(choice: string, more = ''): string {
  return `{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,${choice}}]${more}}`
}

/** llama.cpp's server, as the demo runs it. */
describeQuirks('llama.cpp', [
  {
    number: 107,
    fact: 'the first chunk has content: null beside the role',
    body: delta('{"role":"assistant","content":null}') + delta('{"content":"Hi"}') + stop,
    outcome: { text: 'Hi' },
  },
  {
    number: 108,
    fact: 'with n = 2 each choice brings a usage chunk of its own, amid the others',
    body:
      chunk('"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]') +
      chunk(`"choices":[],${usage(9, 5)}`) +
      chunk('"choices":[{"index":1,"delta":{"content":"b"},"finish_reason":"stop"}]') +
      chunk(`"choices":[],${usage(9, 5)}`) +
      done,
    request: { n: 2 },
    outcome: { text: ['a', 'b'], reasoning: ['', ''], finish: ['stop', 'stop'] },
    issues: ['usage-repeated'],
    check: ({ completion }) => expect(completion.usage?.completion_tokens).toBe(5),
  },
  {
    number: 109,
    fact: 'not streamed, the answer repeats the prefill while the logprobs begin after it',
    body: answer(
      '"message":{"role":"assistant","content":"The capital city is calibre"},"logprobs":{"content":[{"token":"ib","logprob":-1,"bytes":[105,98],"top_logprobs":[]}]},"finish_reason":"stop"',
    ),
    request: { stream: false },
    variants: { comments: false },
    outcome: { text: 'The capital city is calibre' },
    check: ({ completion }) => expect(completion.choices[0]?.logprobs?.content?.[0]?.token).toBe('ib'),
  },
  {
    number: 110,
    fact: 'the role chunk of a JSON answer has a logprob for a token that is not in the text',
    body:
      delta(
        '{"role":"assistant","content":null}',
        ',"logprobs":{"content":[{"token":"```","logprob":-9.25,"bytes":[96,96,96],"top_logprobs":[{"token":"Bob","logprob":-1.09,"bytes":[66,111,98]}]}]}',
      ) +
      delta(
        '{"content":"{}"}',
        ',"logprobs":{"content":[{"token":"{}","logprob":-0.1,"bytes":[123,125],"top_logprobs":[]}]}',
      ) +
      stop,
    outcome: { text: '{}' },
    check: ({ completion }) =>
      expect(completion.choices[0]?.logprobs?.content?.map((entry) => entry.token)).toEqual(['```', '{}']),
  },
  {
    number: 111,
    fact: 'the chosen token is missing from its alternatives, since those are from before the grammar',
    body:
      delta(
        '{"content":"color"}',
        ',"logprobs":{"content":[{"token":"color","logprob":-7.875,"bytes":[99],"top_logprobs":[{"token":"age","logprob":-0.228,"bytes":[97]}]}]}',
      ) + stop,
    outcome: { text: 'color' },
    check: ({ completion }) =>
      expect(completion.choices[0]?.logprobs?.content?.[0]?.top_logprobs).toEqual([
        { token: 'age', logprob: -0.228, bytes: [97] },
      ]),
  },
  {
    number: 112,
    fact: 'the end of the sequence is an entry with empty token and bytes',
    body: answer(
      '"message":{"role":"assistant","content":"Hi"},"logprobs":{"content":[{"id":9,"token":"Hi","bytes":[72,105],"logprob":-1},{"id":2,"token":"","bytes":[],"logprob":-1.89}]},"finish_reason":"stop"',
    ),
    request: { stream: false },
    variants: { comments: false },
    outcome: { text: 'Hi' },
    check: ({ completion }) =>
      expect(completion.choices[0]?.logprobs?.content?.[1]).toEqual({
        id: 2,
        token: '',
        bytes: [],
        logprob: -1.89,
      }),
  },
  {
    number: 113,
    fact: 'each entry and each alternative has the id of its token',
    body:
      delta(
        '{"content":"At"}',
        ',"logprobs":{"content":[{"id":3473,"token":"At","bytes":[65,116],"logprob":-1,"top_logprobs":[{"id":7,"token":"In","bytes":[73,110],"logprob":-2}]}]}',
      ) + stop,
    outcome: { text: 'At' },
    check: ({ completion }) =>
      expect(completion.choices[0]?.logprobs?.content?.[0]).toMatchObject({
        id: 3473,
        top_logprobs: [{ id: 7 }],
      }),
  },
  {
    number: 114,
    fact: 'not streamed, a tool call has empty content and the logprobs of its name and arguments',
    body: answer(
      '"message":{"role":"assistant","content":"","tool_calls":[{"id":"a","type":"function","function":{"name":"get","arguments":"{}"}}]},"logprobs":{"content":[{"id":1,"token":"get","bytes":[103],"logprob":-1},{"id":2,"token":"{}","bytes":[123,125],"logprob":-1}]},"finish_reason":"tool_calls"',
    ),
    request: { stream: false },
    variants: { comments: false },
    outcome: { text: '', tools: [['get', '{}']], finish: 'tool_calls' },
    check: ({ completion }) => expect(completion.choices[0]?.logprobs?.content).toHaveLength(2),
  },
  {
    number: 116,
    fact: 'output that does not fit the tool format ends in an error record',
    body: `${delta('{"content":"Hi"}')}data: {"error":{"code":500,"message":"The model produced output that does not match the expected peg-native format","type":"server_error"}}\n\n`,
    outcome: {
      text: 'Hi',
      finish: null,
      ending: 'error',
      error: 'The model produced output that does not match the expected peg-native format',
    },
  },
  {
    number: 117,
    fact: 'empty messages are accepted and answered',
    body: delta('{"content":"Hi"}') + stop,
    request: { messages: [] },
    outcome: { text: 'Hi' },
  },
  {
    number: 118,
    fact: 'logprobs without top_logprobs bring alternatives all the same',
    body:
      delta(
        '{"content":"a"}',
        ',"logprobs":{"content":[{"token":"a","logprob":-1,"bytes":[97],"top_logprobs":[{"token":"b","logprob":-2,"bytes":[98]}]}]}',
      ) + stop,
    request: { logprobs: true },
    outcome: { text: 'a' },
    check: ({ completion }) =>
      expect(completion.choices[0]?.logprobs?.content?.[0]?.top_logprobs).toHaveLength(1),
  },
  {
    number: 119,
    fact: 'a named tool_choice counts as auto, so the answer may be text',
    body: delta('{"content":"Hi"}') + stop,
    request: { tool_choice: { type: 'function', function: { name: 'f' } } },
    outcome: { text: 'Hi' },
  },
  {
    number: 121,
    fact: 'at temperature 0 the probabilities are those of temperature 1',
    body:
      delta(
        '{"content":"Yes"}',
        ',"logprobs":{"content":[{"token":"Yes","logprob":-1.352,"bytes":[89],"top_logprobs":[{"token":"Yes","logprob":-1.352,"bytes":[89]}]}]}',
      ) + stop,
    request: { temperature: 0 },
    outcome: { text: 'Yes' },
    check: ({ completion }) => expect(completion.choices[0]?.logprobs?.content?.[0]?.logprob).toBe(-1.352),
  },
  {
    number: 122,
    fact: 'timings stand on the last chunk',
    body:
      delta('{"content":"Hi"}') +
      chunk(
        '"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"timings":{"predicted_per_second":91.5}',
      ) +
      done,
    outcome: { text: 'Hi' },
    check: ({ completion }) => expect(completion['timings']).toEqual({ predicted_per_second: 91.5 }),
  },
])

/** Its answers that are no stream: JSON with a status, cut as streams are. */
describeQuirks('llama.cpp before the stream', [
  {
    number: 115,
    fact: 'tools, stream and logprobs together are refused',
    body: '{"error":{"code":400,"message":"logprobs is not supported with tools + stream","type":"invalid_request_error"}}',
    head: { status: 400 },
    variants: { comments: false },
    outcome: { finish: null, ending: 'error', error: 'logprobs is not supported with tools + stream' },
    check: ({ error }) =>
      expect(error).toMatchObject({
        type: 'http',
        status: 400,
        code: 400,
        serverType: 'invalid_request_error',
        retryable: false,
      }),
  },
  {
    number: 116,
    fact: 'not streamed, output that does not fit the tool format is a 500',
    body: '{"error":{"code":500,"message":"The model produced output that does not match the expected peg-native format","type":"server_error"}}',
    head: { status: 500 },
    request: { stream: false },
    variants: { comments: false },
    outcome: {
      finish: null,
      ending: 'error',
      error: 'The model produced output that does not match the expected peg-native format',
    },
    check: ({ error }) => expect(error).toMatchObject({ type: 'http', status: 500, retryable: true }),
  },
  {
    number: 120,
    fact: 'a conversation that is too long is refused with the numbers of tokens',
    body: '{"error":{"code":400,"message":"request (4021 tokens) exceeds the available context size (2048 tokens)","type":"exceed_context_size_error","n_prompt_tokens":4021,"n_ctx":2048}}',
    head: { status: 400 },
    variants: { comments: false },
    outcome: {
      finish: null,
      ending: 'error',
      error: 'request (4021 tokens) exceeds the available context size (2048 tokens)',
    },
    check: ({ error }) => {
      expect(error).toMatchObject({ serverType: 'exceed_context_size_error', retryable: false })
      expect(error?.message).toContain('longer than the model can read')
      expect(error?.raw).toMatchObject({ error: { n_prompt_tokens: 4021, n_ctx: 2048 } })
    },
  },
  {
    number: 123,
    fact: 'a wrong key is refused with 401 and the code as a number',
    body: '{"error":{"message":"Invalid API Key","type":"authentication_error","code":401}}',
    head: { status: 401 },
    variants: { comments: false },
    outcome: { finish: null, ending: 'error', error: 'Invalid API Key' },
    check: ({ error }) =>
      expect(error).toMatchObject({
        type: 'http',
        status: 401,
        code: 401,
        serverType: 'authentication_error',
        retryable: false,
      }),
  },
])

/** vLLM, LiteLLM, Portkey and mlx-lm, with bytes that they were seen to send. */
describeQuirks('Servers side by side', [
  {
    number: 'A2',
    fact: 'Portkey closes cleanly when its upstream dies in the middle of the answer',
    body:
      delta('{"role":"assistant","content":null}', ',"finish_reason":null') +
      delta('{"content":"Hello"}', ',"finish_reason":null') +
      delta('{"content":","}', ',"finish_reason":null'),
    outcome: { text: 'Hello,', finish: null, ending: 'cut-off' },
    issues: ['finish-reason-missing'],
  },
  {
    number: 'A3',
    fact: 'mlx-lm ends a body with the connection: killed, it differs only in the finish reason and [DONE]',
    body: 'data: {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, "finish_reason": null, "delta": {"role": "assistant", "content": "Hello"}}]}\n\n',
    outcome: { text: 'Hello', finish: null, ending: 'cut-off' },
    issues: ['finish-reason-missing'],
  },
  {
    number: 'A6',
    fact: 'Portkey hands on the error of its upstream as it is, with the code as a number',
    body: `data: {"error":{"code":500,"message":"The model produced output that does not match the expected peg-native format","type":"server_error"}}\n\n${done}`,
    outcome: {
      finish: null,
      ending: 'error',
      error: 'The model produced output that does not match the expected peg-native format',
    },
    check: ({ error }) => expect(error).toMatchObject({ code: 500, status: 500, retryable: true }),
  },
  {
    number: 'A6',
    fact: 'LiteLLM reports a lost upstream with type: null and the code as text, and ends without [DONE]',
    body: `${delta('{"content":"Hi"}')}data: {"error": {"message": "litellm.APIConnectionError: APIConnectionError: OpenAIException - Response payload is not completed", "type": null, "param": null, "code": "500"}}\n\n`,
    outcome: {
      text: 'Hi',
      finish: null,
      ending: 'error',
      error:
        'litellm.APIConnectionError: APIConnectionError: OpenAIException - Response payload is not completed',
    },
    check: ({ error }) => expect(error).toMatchObject({ code: '500', status: 500, retryable: true }),
  },
  {
    number: 'A6',
    fact: 'vLLM answers a wrong request with 200, an error as the first record, and [DONE]',
    body: `data: {"error": {"message": "Requested sample logprobs of 99, which is greater than max allowed: 20", "type": "BadRequestError", "param": null, "code": 400}}\n\n${done}`,
    outcome: {
      finish: null,
      ending: 'error',
      error: 'Requested sample logprobs of 99, which is greater than max allowed: 20',
    },
    check: ({ error }) => expect(error).toMatchObject({ status: 400, retryable: false }),
  },
  {
    number: 'A6',
    fact: 'transformers serve sends an error as text, without [DONE]',
    body: 'data: {"error": "`max_new_tokens` must be greater than 0, but is 0."}\n\n',
    outcome: { finish: null, ending: 'error', error: '`max_new_tokens` must be greater than 0, but is 0.' },
  },
  {
    number: 'B1',
    fact: 'LiteLLM gives the finish of one choice to the other and loses one: what is closed by [DONE] is whole',
    body:
      chunk('"choices":[{"index":1,"delta":{"content":"."}}]') +
      chunk('"choices":[{"index":0,"delta":{"content":" a"}}]') +
      chunk('"choices":[{"finish_reason":"stop","index":0,"delta":{}}]') +
      chunk('"choices":[{"index":0,"delta":{"content":" friendly"}}]') +
      done,
    request: { n: 2 },
    outcome: { text: [' a friendly', '.'], reasoning: ['', ''], finish: ['stop', null] },
    issues: ['delta-after-finish', 'finish-reason-missing'],
  },
  {
    number: 'B2',
    fact: 'Ollama, llama-cpp-python, transformers serve and mlx-lm ignore n and send one choice',
    body: delta('{"content":"Hi"}') + stop,
    request: { n: 2 },
    outcome: { text: 'Hi' },
  },
  {
    number: 'C1',
    fact: 'mlx-lm holds a call back until it is whole: cut by max_tokens it leaves nothing',
    body: delta('{"role":"assistant","content":""}') + delta('{}', ',"finish_reason":"length"') + done,
    outcome: { text: '', finish: 'length' },
  },
  {
    number: 'C3',
    fact: 'vLLM opens a call without arguments and goes on without id and name, with content: null',
    body:
      delta(
        '{"content":null,"tool_calls":[{"id":"chatcmpl-tool-1","type":"function","index":0,"function":{"name":"get_weather"}}]}',
      ) +
      delta(
        '{"content":null,"tool_calls":[{"index":0,"function":{"arguments":"{\\"city\\": \\"Paris\\"}"}}]}',
      ) +
      stop,
    outcome: { tools: [['get_weather', '{"city": "Paris"}']] },
  },
  {
    number: 'C5',
    fact: 'llama-cpp-python repeats id, type and name in every piece and sends function_call with the same text beside it',
    body:
      delta('{"role":"assistant","content":null,"function_call":null,"tool_calls":null}') +
      delta(
        '{"role":null,"content":null,"function_call":{"name":"f","arguments":"{"},"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{"}}]}',
      ) +
      delta(
        '{"role":null,"content":null,"function_call":{"name":"f","arguments":"}"},"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"}"}}]}',
      ) +
      stop,
    outcome: { tools: [['f', '{}']] },
    check: ({ completion }) => expect(completion.choices[0]?.message['function_call'] ?? null).toBeNull(),
  },
  {
    number: 'C6',
    fact: 'LiteLLM repeats the type in every piece of a call',
    body:
      delta(
        '{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{"}}]}',
      ) +
      delta('{"tool_calls":[{"index":0,"type":"function","function":{"arguments":"}"}}]}') +
      stop,
    outcome: { tools: [['f', '{}']] },
  },
  {
    number: 'D3',
    fact: 'vLLM sends logprobs with an empty delta and the whole character later, on one token',
    body:
      delta('{}', ',"logprobs":{"content":[{"token":"","logprob":-0.5,"bytes":[],"top_logprobs":[]}]}') +
      delta(
        '{"content":"東"}',
        ',"logprobs":{"content":[{"token":"東","logprob":-0.1,"bytes":[230,157,177],"top_logprobs":[]}]}',
      ) +
      stop,
    outcome: { text: '東' },
    check: ({ completion }) => expect(completion.choices[0]?.logprobs?.content).toHaveLength(2),
  },
  {
    number: 'D3',
    fact: 'through LiteLLM and Portkey a token has all bytes of a character and its best alternative only the last',
    body:
      delta(
        '{"content":"👩"}',
        ',"logprobs":{"content":[{"id":102,"token":"👩","logprob":-0.1,"bytes":[240,159,145,169],"top_logprobs":[{"id":102,"token":"\uFFFD","logprob":-0.1,"bytes":[169]}]}]}',
      ) + stop,
    request: { logprobs: true },
    outcome: { text: '👩' },
    check: ({ completion }) =>
      expect(completion.choices[0]?.logprobs?.content).toEqual([
        {
          id: 102,
          token: '👩',
          logprob: -0.1,
          bytes: [240, 159, 145, 169],
          top_logprobs: [{ id: 102, token: '\uFFFD', logprob: -0.1, bytes: [169] }],
        },
      ]),
  },
  {
    number: 'D4',
    fact: 'through LiteLLM logprobs without top_logprobs bring twenty alternatives for each token',
    body:
      delta(
        '{"content":"a"}',
        `,"logprobs":{"content":[{"token":"a","logprob":-1,"bytes":[97],"top_logprobs":[${Array.from({ length: 20 }, (_, at) => `{"token":"t${at}","logprob":-${at + 1},"bytes":[${at}]}`).join(',')}]}]}`,
      ) + stop,
    request: { logprobs: true },
    outcome: { text: 'a' },
    check: ({ completion }) => {
      const [entry] = completion.choices[0]?.logprobs?.content ?? []
      expect(entry?.top_logprobs).toHaveLength(20)
      expect(entry?.top_logprobs?.[19]).toEqual({ token: 't19', logprob: -20, bytes: [19] })
    },
  },
  {
    number: 'D2',
    fact: 'Ollama gives the bytes of U+FFFD in logprobs: text is taken from the delta alone',
    body:
      delta(
        '{"role":"assistant","content":" 東"}',
        ',"logprobs":{"content":[{"token":" \uFFFD\uFFFD","logprob":-0.5,"bytes":[32,239,191,189,239,191,189],"top_logprobs":[]}]}',
      ) + stop,
    outcome: { text: ' 東' },
  },
  {
    number: 'E1',
    fact: 'LiteLLM leaves out what is null: a choice may be an index and an empty delta',
    body:
      chunk('"choices":[{"index":0,"delta":{}}]') +
      chunk('"choices":[{"index":0,"delta":{"content":"Hi"}}]') +
      chunk('"choices":[{"finish_reason":"stop","index":0,"delta":{}}]') +
      done,
    outcome: { text: 'Hi' },
  },
  {
    number: 'E2',
    fact: 'mlx-lm says its role in every chunk, the last included',
    body:
      delta('{"role":"assistant","content":"H"}', ',"finish_reason":null') +
      delta('{"role":"assistant","content":"i"}', ',"finish_reason":null') +
      delta('{"role":"assistant","content":""}', ',"finish_reason":"stop"') +
      done,
    outcome: { text: 'Hi' },
    check: ({ completion }) => expect(completion.choices[0]?.message.role).toBe('assistant'),
  },
  {
    number: 'E3',
    fact: 'LiteLLM drops every null and its usage chunk carries an empty choice',
    body:
      chunk('"choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"}}]') +
      chunk('"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]') +
      chunk(`"choices":[{"index":0,"delta":{}}],${usage(9, 5)}`) +
      done,
    outcome: { text: 'Hi' },
    check: ({ completion }) => expect(completion.usage?.total_tokens).toBe(14),
  },
  {
    number: 'E3',
    fact: 'the usage chunk of mlx-lm calls itself chat.completion',
    body:
      delta('{"content":"Hi"}') +
      finish +
      `data: {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[],${usage(9, 5)}}\n\n` +
      done,
    outcome: { text: 'Hi' },
    check: ({ completion }) => expect(completion.usage?.total_tokens).toBe(14),
  },
  {
    number: 'E4',
    fact: 'mlx-lm tells the progress of reading the prompt in comments',
    body: `: keepalive 12/13\n\n: keepalive 13/13\n\n${delta('{"content":"Hi"}')}${stop}`,
    outcome: { text: 'Hi' },
  },
  {
    number: 'E6',
    fact: 'vLLM adds fields of its own, in pieces where they belong to tokens',
    body:
      chunk(
        '"prompt_token_ids":[1,2],"choices":[{"index":0,"delta":{"content":"H","reasoning":null},"token_ids":[5],"stop_reason":null}]',
      ) +
      chunk(
        '"choices":[{"index":0,"delta":{"content":"i"},"token_ids":[6,7],"finish_reason":"stop","stop_reason":2}],"kv_transfer_params":null',
      ) +
      done,
    outcome: { text: 'Hi' },
    check: ({ completion }) => {
      expect(completion).toMatchObject({ prompt_token_ids: [1, 2], kv_transfer_params: null })
      expect(completion.choices[0]).toMatchObject({ token_ids: [5, 6, 7], stop_reason: 2 })
    },
  },
  {
    number: 'E7',
    fact: 'llama-cpp-python and mlx-lm write JSON with spaces and escapes',
    body: `data: {"id": "c", "created": 1, "model": "m", "choices": [{"index": 0, "delta": {"content": "Z\\u00fcrich \\ud83d\\udc69"}}]}\n\n${stop}`,
    outcome: { text: 'Zürich 👩' },
  },
])
