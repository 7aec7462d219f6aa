import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of llama-cpp-python's server only. */
export interface LlamaCppPythonParameters {
  /** Draw only from this many likeliest tokens. */
  top_k?: number
  /** Draw only from tokens at least this likely, as a share of the likeliest. */
  min_p?: number
  /** Above 1 lowers the odds of tokens that stood before. */
  repeat_penalty?: number
  /** A grammar in GBNF that the answer must follow. */
  grammar?: string
  /** The fewest tokens to write. */
  min_tokens?: number
}

/** The server of llama-cpp-python. Measured on 0.3.36; it answers many mistakes with an empty stream. */
export const llamaCppPython: EndpointProfile<LlamaCppPythonParameters> = {
  id: 'llama-cpp-python',
  name: 'llama-cpp-python',
  baseURL: 'http://localhost:8000/v1',
  rename: { max_completion_tokens: 'max_tokens' },
  parameters: {
    n: { support: 'ignored', reason: 'It writes one choice.' },
    max_tokens: {
      support: 'limited',
      schema: { type: ['integer', 'null'], minimum: 1 },
      reason: '0 and below is no limit.',
    },
    response_format: {
      support: 'limited',
      schema: {
        type: 'object',
        properties: { type: { enum: ['text', 'json_object'] } },
        hint: 'an object with `type` "text" or "json_object"',
      },
      reason: 'It answers json_schema with 500: give `json_object` with a `schema` beside it.',
    },
    logprobs: {
      support: 'limited',
      schema: { enum: [false, null] },
      reason:
        'While streaming they cost characters: each token is decoded alone. They also need `top_logprobs`.',
    },
    parallel_tool_calls: { support: 'ignored', reason: 'It has no such parameter.' },
    stream_options: { support: 'ignored', reason: 'It streams no usage.' },
  },
  extraParameters: {
    top_k: { type: 'integer', minimum: 0 },
    min_p: { type: 'number', minimum: 0, maximum: 1 },
    repeat_penalty: { type: 'number', minimum: 0 },
    grammar: { type: 'string' },
    min_tokens: { type: 'integer', minimum: 0 },
  },
  messages: { roles: { developer: 'system' }, emptyContentAsText: true },
  jsonModeNeedsTheWord: false,
}
