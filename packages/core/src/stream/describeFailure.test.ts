import { describe, expect, it } from 'vitest'

import { describeFailure, readBody } from './describeFailure.ts'

function facts(body: string, status?: number): object {
  const {
    message: _,
    raw: __,
    ...told
  } = describeFailure(readBody(body), {
    type: 'http',
    ...(status !== undefined && { status }),
  })
  return told
}

describe('the shapes in which servers report errors', () => {
  it.each([
    [
      'OpenAI, Azure, DeepSeek, Groq: an object with message, type, param and code',
      '{"error":{"message":"m","type":"invalid_request_error","param":"messages.[0].role","code":"invalid_value"}}',
      400,
      {
        serverMessage: 'm',
        serverType: 'invalid_request_error',
        param: 'messages.[0].role',
        code: 'invalid_value',
      },
    ],
    [
      'llama.cpp and OpenRouter: the code is a number',
      '{"error":{"code":400,"message":"request (4021 tokens) exceeds the available context size (2048 tokens)","type":"exceed_context_size_error","n_prompt_tokens":4021,"n_ctx":2048}}',
      400,
      {
        serverMessage: 'request (4021 tokens) exceeds the available context size (2048 tokens)',
        serverType: 'exceed_context_size_error',
        code: 400,
      },
    ],
    [
      'old vLLM and SGLang: flat',
      '{"object":"error","message":"m","type":"BadRequestError","param":null,"code":400}',
      400,
      { serverMessage: 'm', serverType: 'BadRequestError', code: 400 },
    ],
    [
      'Mistral: flat, with a number as text and a list of messages',
      '{"object":"error","message":[{"loc":["body","n"],"msg":"too large"}],"type":"invalid_request_error","code":"3280"}',
      422,
      { serverMessage: 'body.n: too large', serverType: 'invalid_request_error', code: '3280' },
    ],
    [
      'xAI, Ollama, LM Studio: the error is a text',
      '{"code":"invalid_argument","error":"m"}',
      400,
      { serverMessage: 'm', code: 'invalid_argument' },
    ],
    [
      'TGI: the type stands beside the text',
      '{"error":"m","error_type":"overloaded"}',
      429,
      { serverMessage: 'm', serverType: 'overloaded', retryable: true },
    ],
    [
      'Gemini: a list around the object, the status as a word',
      '[{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT","details":[]}}]',
      400,
      { serverMessage: 'm', code: 400, serverType: 'INVALID_ARGUMENT' },
    ],
    ['FastAPI: detail as a text', '{"detail":"Invalid API key"}', 401, { serverMessage: 'Invalid API key' }],
    [
      'FastAPI: detail as a list of places',
      '{"detail":[{"type":"json_invalid","loc":["body",1],"msg":"JSON decode error","input":{}},{"loc":["body","n"],"msg":"Field required"}]}',
      422,
      { serverMessage: 'body.1: JSON decode error; body.n: Field required' },
    ],
    [
      'NVIDIA NIM: a problem document',
      '{"type":"urn:inference-service:problem-details:unprocessable-entity","title":"Unprocessable Entity","status":422,"detail":"m"}',
      422,
      { serverMessage: 'm', serverType: 'urn:inference-service:problem-details:unprocessable-entity' },
    ],
    [
      'Azure’s gateway: statusCode and message',
      '{"statusCode":401,"message":"m"}',
      401,
      { serverMessage: 'm' },
    ],
    [
      'Azure’s filter: an inner error',
      '{"error":{"message":"m","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{}}}}',
      400,
      { serverMessage: 'm', param: 'prompt', code: 'content_filter' },
    ],
    [
      'LiteLLM: no database',
      '{"error":{"message":"No connected db.","type":"no_db_connection","param":null,"code":"400"}}',
      400,
      { serverMessage: 'No connected db.', serverType: 'no_db_connection', code: '400' },
    ],
    [
      'Portkey: its own failure',
      '{"status":"failure","message":"Something went wrong"}',
      500,
      { serverMessage: 'Something went wrong', retryable: true },
    ],
    [
      'Portkey with its upstream down: html-message',
      '{"html-message":"Message: fetch failed Cause: Error: connect ECONNREFUSED 127.0.0.1:8080"}',
      500,
      {
        serverMessage: 'Message: fetch failed Cause: Error: connect ECONNREFUSED 127.0.0.1:8080',
        retryable: true,
      },
    ],
    [
      'vLLM with a bad key: the error is a word',
      '{"error":"Unauthorized"}',
      401,
      { serverMessage: 'Unauthorized' },
    ],
    ['mlx-lm: a text under application/json', 'Not Found', 404, { serverMessage: 'Not Found' }],
    [
      'uvicorn: a plain text',
      'Internal Server Error',
      500,
      { serverMessage: 'Internal Server Error', retryable: true },
    ],
    [
      'a proxy: a page, of which the title counts',
      '<html>\n<head><title>502 Bad Gateway</title></head></html>',
      502,
      { serverMessage: '502 Bad Gateway', retryable: true },
    ],
    [
      'nginx: a page without a title, of which the words count',
      '<html><body><center><h1>502 Bad\nGateway</h1></center><hr>nginx</body></html>',
      502,
      { serverMessage: '502 Bad Gateway nginx', retryable: true },
    ],
    [
      'a gateway: an error around the error of its upstream',
      '{"error":{"error":{"message":"m","code":"c"}}}',
      400,
      { serverMessage: 'm' },
    ],
    [
      'a gateway: the first record of an event stream',
      'event: error\ndata: {"error":{"message":"m","code":"c"}}\n\ndata: [DONE]\n\n',
      400,
      { serverMessage: 'm', code: 'c' },
    ],
    [
      'a server of its own kind: the first 200 characters of what it said',
      `{"reason":"disk full","trace":"${'x'.repeat(300)}"}`,
      400,
      { serverMessage: `{"reason":"disk full","trace":"${'x'.repeat(169)}` },
    ],
    ['nothing at all', '', 503, { retryable: true }],
    ['an object that says nothing', '{}', 500, { retryable: true }],
    ['a value that is no object', '42', 400, {}],
  ] as const)('%s', (_, body, status, expected) => {
    expect(facts(body, status)).toEqual({ type: 'http', status, retryable: false, ...expected })
  })

  it('takes the status out of the body where the answer had none of its own', () => {
    expect(facts('{"error":{"code":502,"message":"m"}}')).toMatchObject({
      status: 502,
      code: 502,
      retryable: true,
    })
    expect(facts('{"error":{"message":"m","code":"content_filter","status":400}}')).toMatchObject({
      status: 400,
      code: 'content_filter',
    })
    expect(facts('{"error":{"message":"m","type":"server_error","code":null}}')).toEqual({
      type: 'http',
      serverMessage: 'm',
      serverType: 'server_error',
      retryable: true,
    })
  })

  it('is not thrown off by a body that is nested 20,000 levels deep', () => {
    const [list, object] = ['['.repeat(20_000) + ']'.repeat(20_000), '{"message":'.repeat(20_000)]
    for (const body of [list, `{"detail":${list}}`, `${object}1${'}'.repeat(20_000)}`]) {
      expect(facts(body, 500)).toMatchObject({ status: 500, retryable: true })
    }
  })

  it('keeps the body: JSON whole, text to 2,000 characters', () => {
    const body = { error: { message: 'm', failed_generation: '{}' } }
    expect(describeFailure(body, { type: 'http' }).raw).toBe(body)
    expect(describeFailure('x'.repeat(5000), { type: 'http' }).raw).toBe('x'.repeat(2000))
  })
})

describe('what is worth trying again', () => {
  it.each([
    [408, '{}', true],
    [409, '{}', true],
    [429, '{"error":{"code":"rate_limit_exceeded"}}', true],
    [429, '{"error":{"code":"slow_down","type":"rate_limit_error"}}', true],
    [429, '{"error":{"code":"insufficient_quota","type":"insufficient_quota"}}', false],
    [429, '{"error":{"code":"credit_balance_exhausted"}}', false],
    [402, '{"error":"Insufficient Balance"}', false],
    [500, '{}', true],
    [503, '{"error":{"code":"server_is_overloaded"}}', true],
    [529, '{}', true],
    [400, '{}', false],
    [401, '{}', false],
    [404, '{}', false],
    [413, '{}', false],
    [422, '{}', false],
  ])('%i %s: %s', (status, body, retryable) => {
    expect(facts(body, status)).toMatchObject({ retryable })
  })

  it('is what the server says in x-should-retry, if it says so', () => {
    expect(describeFailure({}, { type: 'http', status: 400, shouldRetry: true }).retryable).toBe(true)
    expect(describeFailure({}, { type: 'http', status: 429, shouldRetry: false }).retryable).toBe(false)
  })

  it('is never an empty account, whatever x-should-retry says', () => {
    const body = { error: { code: 'insufficient_quota', message: 'm' } }
    expect(describeFailure(body, { type: 'http', status: 429, shouldRetry: true }).retryable).toBe(false)
  })
})

describe('the sentence', () => {
  it.each([
    [
      401,
      'Invalid API key',
      'The server did not accept the API key (401): Invalid API key. Check the key and that it belongs to this server.',
    ],
    [
      404,
      'Not Found',
      'The server does not know this model or address (404): Not Found. Check the model’s id and the base URL; it usually ends in /v1.',
    ],
    [500, '', 'The server failed (500). Send it again, or look into the server’s log.'],
  ])('of %i says what happened, in whose words, and what to do', (status, body, sentence) => {
    expect(describeFailure(body, { type: 'http', status }).message).toBe(sentence)
  })

  it('tells how long to wait when the server did', () => {
    const { message } = describeFailure('', { type: 'http', status: 429, retryAfterMs: 12_400 })
    expect(message).toBe('Too many requests (429). Send it again in 13 s.')
  })

  it('tells a full context from other wrong requests', () => {
    const body = { error: { message: 'm', code: 'context_length_exceeded' } }
    expect(describeFailure(body, { type: 'http', status: 400 }).message).toContain('Shorten it')
  })
})
