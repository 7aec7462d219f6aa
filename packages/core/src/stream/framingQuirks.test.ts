import { expect } from 'vitest'

import { chunk, delta, describeQuirks, stop } from './quirkHarness.ts'

const hi = delta('{"content":"Hi"}')
const wholeAnswer =
  '{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}'

describeQuirks('Framing', [
  {
    number: 1,
    fact: 'OpenRouter, DeepSeek and llama.cpp keep the line alive with comments, some of them empty',
    body: `: OPENROUTER PROCESSING\n\n:\n\n: keep-alive\n\n${hi}:\n\n${stop}`,
    outcome: { text: 'Hi' },
  },
  {
    number: 2,
    fact: 'Azure and sse-starlette end their lines with CRLF',
    body: (hi + stop).replaceAll('\n', '\r\n'),
    variants: { lineEnds: false, comments: false },
    outcome: { text: 'Hi' },
  },
  {
    number: 3,
    fact: 'a lone CR ends a line, also beside other line ends',
    body: `${hi.replaceAll('\n', '\r')}${delta('{"content":"!"}').replace('\n\n', '\r\n\n')}${stop.replaceAll('\n', '\r')}`,
    variants: { lineEnds: false, comments: false },
    outcome: { text: 'Hi!' },
  },
  {
    number: 4,
    fact: 'a byte-order mark stands before the first record',
    body: `\uFEFF${hi}${stop}`,
    variants: { byteOrderMark: false, comments: false },
    outcome: { text: 'Hi' },
  },
  {
    number: 5,
    fact: 'Spring proxies and DashScope put no space after data:',
    body: (hi + stop).replaceAll('data: ', 'data:'),
    outcome: { text: 'Hi' },
  },
  {
    number: 6,
    fact: 'a proxy breaks the line between data: and the JSON',
    body: `${hi.replace('data: ', 'data:\n ')}${stop}`,
    outcome: { text: 'Hi' },
    issues: ['data-on-next-line'],
  },
  {
    number: 7,
    fact: 'Baseten separates its records by a single line break',
    body: (hi + delta('{"content":"!"}') + stop).replaceAll('\n\n', '\n'),
    outcome: { text: 'Hi!' },
    issues: ['records-without-blank-line'],
  },
  {
    number: 7,
    fact: 'a data line that breaks off stands one line break before a whole one',
    body: `${delta('{"content":"Hi"}')}data: {"id":"x","cho\n${delta('{"content":"!"}')}${stop}`,
    outcome: { text: 'Hi!' },
    issues: ['glued-records', 'malformed-chunk'],
    check: ({ issues }) => expect(issues[1]?.raw).toBe('{"id":"x","cho'),
  },
  {
    number: 8,
    fact: 'one JSON object comes over several data lines',
    body: `data: {"id":"c","choices":[\ndata: {"index":0,\ndata: "delta":{"content":"Hi"}}\ndata: ]}\n\n${stop}`,
    outcome: { text: 'Hi' },
  },
  {
    number: 9,
    fact: 'llama.cpp wrappers send empty data to keep the line alive',
    body: `data:\n\n${hi}data: \n\n${stop}`,
    outcome: { text: 'Hi' },
  },
  {
    number: 10,
    fact: 'a proxy sends retry alone, and pings as events of their own',
    body: `retry: 3000\n\nevent: ping\ndata: {}\n\n${hi}event: ping\ndata: {"type":"ping"}\n\n${stop}`,
    outcome: { text: 'Hi' },
    issues: ['not-a-chunk'],
  },
  {
    number: 11,
    fact: 'TGI, Perplexity and transformers serve end without [DONE]',
    body: hi + delta('{}', ',"finish_reason":"stop"'),
    outcome: { text: 'Hi' },
    issues: ['missing-done'],
  },
  {
    number: 12,
    fact: 'OCI and vllm-mlx send no [DONE] and leave the line open',
    body: hi + delta('{}', ',"finish_reason":"stop"'),
    staysOpen: true,
    settings: { timeouts: { graceMs: 1 } },
    outcome: { text: 'Hi' },
    issues: ['left-open'],
  },
  {
    number: 13,
    fact: 'the last record lacks its blank line',
    body: (hi + stop).trimEnd(),
    outcome: { text: 'Hi' },
    issues: ['unterminated-record'],
  },
  {
    number: 14,
    fact: 'GPUStack puts a space behind [DONE], others glue it to the last chunk',
    body: `${hi}${delta('{}', ',"finish_reason":"stop"').trimEnd()}[DONE]\n\n`,
    outcome: { text: 'Hi' },
    issues: ['done-not-exact'],
  },
  {
    number: 14,
    fact: 'GPUStack puts a space behind [DONE]',
    body: hi + stop.replace('[DONE]', '[DONE] '),
    outcome: { text: 'Hi' },
    issues: ['done-not-exact'],
  },
  {
    number: 15,
    fact: 'data goes on after [DONE] and belongs to no answer',
    body: `${hi}${stop}${delta('{"content":" and more"}')}`,
    outcome: { text: 'Hi' },
  },
  {
    number: 15,
    fact: 'the connection stays open after [DONE], and is not waited for',
    body: hi + stop,
    staysOpen: true,
    outcome: { text: 'Hi' },
    check: ({ timings }) => expect(timings.endedMs).toBeLessThan(1000),
  },
  {
    number: 16,
    fact: 'GLM-4.7 breaks off in the middle of a record and begins the next one on the same line',
    body: `${hi}data: {"id":"x","cho${delta('{"content":"!"}')}${stop}`,
    outcome: { text: 'Hi!' },
    issues: ['glued-records', 'malformed-chunk'],
    check: ({ issues }) => expect(issues[1]?.raw).toBe('{"id":"x","cho'),
  },
  {
    number: 17,
    fact: 'the whole answer comes as one JSON object although a stream was asked for',
    body: wholeAnswer,
    outcome: { text: 'Hi' },
    issues: ['not-streamed'],
    variants: { comments: false },
  },
  {
    number: 17,
    fact: 'the one JSON object is written over many lines',
    body: JSON.stringify(JSON.parse(wholeAnswer), undefined, 2),
    outcome: { text: 'Hi' },
    issues: ['not-streamed'],
  },
  {
    number: 18,
    fact: 'gateways stream although one JSON object was asked for',
    body: hi + stop,
    request: { stream: false },
    outcome: { text: 'Hi' },
    issues: ['streamed-unasked'],
  },
  {
    number: 19,
    fact: 'a JSON answer is followed by data: [DONE]',
    body: `${wholeAnswer}\n\ndata: [DONE]\n\n`,
    request: { stream: false },
    outcome: { text: 'Hi' },
  },
  {
    number: 20,
    fact: 'DeepSeek sends blank lines before a JSON answer while it works',
    body: `\n\n\n${wholeAnswer}`,
    request: { stream: false },
    outcome: { text: 'Hi' },
  },
  {
    number: 21,
    fact: 'a page answers with 200 where the base URL is wrong',
    body: '<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n<body></body></html>',
    outcome: { ending: 'error', error: 'Sign in', finish: null },
    issues: ['unknown-line'],
    check: ({ error }) => {
      expect(error?.type).toBe('not-an-api')
      expect(error?.message).toContain('/v1')
    },
  },
  {
    number: 22,
    fact: 'a gateway hands on the JSON error of its backend without framing',
    body: '{"error":{"message":"out of memory","type":"server_error","code":500}}',
    outcome: { ending: 'error', error: 'out of memory', finish: null },
    issues: ['unframed-json'],
  },
  {
    number: 23,
    fact: 'of chunks one on a line one is broken, and takes none of the others with it',
    body: [
      '{"id":"c","choices":[{"index":0,"delta":{"content":"Hi"}}]}',
      '{"id":"c","cho',
      '{"id":"c","choices":[{"index":0,"delta":{"content":"!"},"finish_reason":"stop"}]}',
      '',
    ].join('\n'),
    outcome: { text: 'Hi!' },
    issues: ['unframed-json', 'malformed-chunk', 'missing-done'],
    variants: { comments: false },
  },
  {
    number: 23,
    fact: 'chunks come one on a line without data:',
    body: (hi + delta('{"content":"!"}', ',"finish_reason":"stop"'))
      .replaceAll('data: ', '')
      .replaceAll('\n\n', '\n'),
    outcome: { text: 'Hi!' },
    issues: ['unframed-json', 'missing-done'],
  },
  {
    number: 24,
    fact: 'reads end in the middle of a character',
    body: delta('{"content":"你好 👩‍👩‍👧 Zürich"}') + stop,
    outcome: { text: '你好 👩‍👩‍👧 Zürich' },
  },
  {
    number: 25,
    fact: 'several records come in one read, and one record over many',
    body: hi + delta('{"content":" there"}') + delta(`{"content":"${'!'.repeat(200)}"}`) + stop,
    outcome: { text: `Hi there${'!'.repeat(200)}` },
  },
  {
    number: 26,
    fact: 'U+2028, U+2029 and U+0085 stand raw in strings and end no line',
    body: delta('{"content":"a\u2028b\u2029c\u0085d"}') + stop,
    outcome: { text: 'a\u2028b\u2029c\u0085d' },
  },
])

describeQuirks('Errors inside streams', [
  {
    number: 27,
    fact: 'an error object comes as a record, and the stream closes',
    body: `${hi}data: {"error":{"message":"overloaded","type":"server_error","code":null}}\n\n`,
    outcome: { text: 'Hi', finish: null, ending: 'error', error: 'overloaded' },
    check: ({ error }) => {
      expect(error).toMatchObject({ type: 'server', serverType: 'server_error', retryable: true })
    },
  },
  {
    number: 28,
    fact: 'vLLM, SGLang and llama.cpp send [DONE] after an error',
    body: `${hi}data: {"error":{"message":"out of memory","type":"InternalServerError","code":500}}\n\ndata: [DONE]\n\n`,
    outcome: { text: 'Hi', finish: null, ending: 'error', error: 'out of memory' },
    check: ({ error }) => expect(error).toMatchObject({ code: 500, status: 500 }),
  },
  {
    number: 29,
    fact: 'old vLLM sends the error flat, with object: error',
    body: 'data: {"object":"error","message":"too long","type":"BadRequestError","param":null,"code":400}\n\n',
    outcome: { finish: null, ending: 'error', error: 'too long' },
    check: ({ error }) =>
      expect(error).toMatchObject({ serverType: 'BadRequestError', code: 400, retryable: false }),
  },
  {
    number: 30,
    fact: 'Groq names the event error and keeps what the model wrote in failed_generation',
    body: `${hi}event: error\ndata: {"error":{"message":"bad call","code":"tool_use_failed","failed_generation":"{}","status_code":400}}\n\n`,
    outcome: { text: 'Hi', finish: null, ending: 'error', error: 'bad call' },
    check: ({ error }) => {
      expect(error).toMatchObject({ code: 'tool_use_failed', status: 400 })
      expect(error?.raw).toMatchObject({ error: { failed_generation: '{}' } })
    },
  },
  {
    number: 31,
    fact: 'llama.cpp before September 2025 sent errors in a field named error',
    body: `${hi}error: {"code":400,"message":"bad grammar"}\n\ndata: [DONE]\n\n`,
    outcome: { text: 'Hi', finish: null, ending: 'error', error: 'bad grammar' },
    issues: ['error-field'],
  },
  {
    number: 32,
    fact: 'the error is a text',
    body: 'data: {"error":"model runner has unexpectedly stopped"}\n\n',
    outcome: { finish: null, ending: 'error', error: 'model runner has unexpectedly stopped' },
  },
  {
    number: 33,
    fact: 'OpenRouter puts an error beside the choices and their usage',
    body: chunk(
      '"error":{"code":502,"message":"upstream failed"},"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"error"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}',
    ),
    outcome: { text: 'Hi', finish: 'error', ending: 'error', error: 'upstream failed' },
    check: ({ completion, error }) => {
      expect(completion.usage?.total_tokens).toBe(3)
      expect(error).toMatchObject({ status: 502, retryable: true })
    },
  },
  {
    number: 34,
    fact: 'an error stands inside the choice',
    body: `${hi}${delta('{}', ',"finish_reason":"error","error":{"code":502,"message":"upstream failed"}')}data: [DONE]\n\n`,
    outcome: { text: 'Hi', finish: 'error', ending: 'error', error: 'upstream failed' },
    issues: ['error-in-choice'],
  },
  {
    number: 34,
    fact: 'a choice ends with the reason error and no word more',
    body: `${hi}${delta('{}', ',"finish_reason":"error"')}data: [DONE]\n\n`,
    outcome: {
      text: 'Hi',
      finish: 'error',
      ending: 'error',
      error: 'The server failed. What had arrived is kept; send it again, or look into the server’s log.',
    },
  },
  {
    number: 35,
    fact: 'gateways write error: null into every chunk',
    body: chunk('"error":null,"choices":[{"index":0,"delta":{"content":"Hi"},"error":null}]') + stop,
    outcome: { text: 'Hi' },
    check: ({ completion }) => expect(completion).not.toHaveProperty('error'),
  },
  {
    number: 36,
    fact: 'LM Studio says the same message twice',
    body: 'data: {"error":{"message":"no model loaded"},"message":"no model loaded"}\n\n',
    outcome: { finish: null, ending: 'error', error: 'no model loaded' },
  },
  {
    number: 37,
    fact: 'MiniMax reports its status in base_resp, with choices: null',
    body: 'data: {"choices":null,"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}\n\n',
    outcome: { finish: null, ending: 'error', error: 'insufficient balance' },
    check: ({ error }) => expect(error).toMatchObject({ code: 1008 }),
  },
])
