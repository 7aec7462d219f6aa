import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of llama.cpp's server only. */
export interface LlamaCppParameters {
  /** Draw only from this many likeliest tokens; 0 is all. @default 40 */
  top_k?: number
  /** Draw only from tokens at least this likely, as a share of the likeliest. @default 0.05 */
  min_p?: number
  /** Draw only from tokens that are typical for their place; 1 is off. */
  typical_p?: number
  /** Above 1 lowers the odds of tokens that stood before. */
  repeat_penalty?: number
  /** How many tokens back `repeat_penalty` looks; −1 is all. */
  repeat_last_n?: number
  /** 0 is off, 1 and 2 are versions of Mirostat sampling. */
  mirostat?: 0 | 1 | 2
  /** The entropy that Mirostat aims at. */
  mirostat_tau?: number
  /** The learning rate of Mirostat. */
  mirostat_eta?: number
  /** Strength of the penalty on repeated sequences; 0 is off. */
  dry_multiplier?: number
  /** Chance of leaving out the likeliest tokens. */
  xtc_probability?: number
  /** From which probability on `xtc_probability` counts. */
  xtc_threshold?: number
  /** The samplers, in order. */
  samplers?: string[]
  /** A grammar in GBNF that the answer must follow. */
  grammar?: string
  /** A JSON Schema that the answer must follow. */
  json_schema?: { [keyword: string]: unknown }
  /** Whether to write on after the model ended. */
  ignore_eos?: boolean
  /** Whether the answer is begun from what the cache holds. @default true */
  cache_prompt?: boolean
  /** Which slot serves the request; −1 is any. */
  id_slot?: number
  /** Milliseconds after which writing ends, counted from the first token. */
  t_max_predict_ms?: number
  /** Probabilities after sampling in place of log probabilities before it. */
  post_sampling_probs?: boolean
  /** Whether each chunk reports `timings`. */
  timings_per_token?: boolean
  /** Whether chunks report how far the prompt is read. */
  return_progress?: boolean
  /** Whether to report token ids. */
  return_tokens?: boolean
  /** Where the thinking stands. */
  reasoning_format?: 'none' | 'auto' | 'deepseek' | 'deepseek-legacy'
  /** Values for the chat template, such as `{ enable_thinking: false }`. */
  chat_template_kwargs?: { [name: string]: unknown }
  /** Whether the template opens a new answer. */
  add_generation_prompt?: boolean
  /** Whether the answer goes on from the last message, or from its thinking. */
  continue_final_message?: boolean | 'content' | 'reasoning_content'
}

/** llama.cpp's server (`llama-server`). Measured on build 11549. */
export const llamaCpp: EndpointProfile<LlamaCppParameters> = {
  id: 'llama.cpp',
  name: 'llama.cpp',
  baseURL: 'http://localhost:8080/v1',
  parameters: {
    tool_choice: {
      support: 'limited',
      schema: { enum: ['none', 'auto', 'required'] },
      reason: 'It treats a named function as "auto": offer only that tool and say "required".',
    },
    top_logprobs: {
      support: 'wider',
      schema: { type: ['integer', 'null'], minimum: 0 },
      reason: 'It reports any number; 20 when `logprobs` stands alone.',
    },
    stop: {
      support: 'wider',
      schema: {
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, { type: 'null' }],
        hint: 'a text, a list of texts, or null',
      },
      reason: 'It takes any number.',
    },
    temperature: {
      support: 'wider',
      schema: { type: ['number', 'null'] },
      reason: 'It takes any; its log probabilities are those of temperature 1.',
    },
    max_tokens: {
      support: 'wider',
      schema: { type: ['integer', 'null'], minimum: -1 },
      reason: '−1 is no limit.',
    },
    logit_bias: {
      support: 'wider',
      schema: { type: ['object', 'array', 'null'], hint: 'token id or text → bias (false bans)' },
      reason: 'It takes texts and `false` too.',
    },
    user: { support: 'ignored', reason: 'It keeps no users apart.' },
    store: { support: 'ignored', reason: 'It stores nothing.' },
    metadata: { support: 'ignored', reason: 'It stores nothing.' },
    service_tier: { support: 'ignored', reason: 'It has one tier.' },
    prediction: { support: 'ignored', reason: 'It has no such parameter.' },
    verbosity: { support: 'ignored', reason: 'It has no such parameter.' },
    modalities: { support: 'ignored', reason: 'It writes text.' },
    audio: { support: 'ignored', reason: 'It writes text.' },
    web_search_options: { support: 'ignored', reason: 'It does not search.' },
    moderation: { support: 'ignored', reason: 'It does not moderate.' },
    prompt_cache_key: { support: 'ignored', reason: 'See `cache_prompt` and `id_slot`.' },
    safety_identifier: { support: 'ignored', reason: 'It keeps no users apart.' },
  },
  extraParameters: {
    top_k: { type: 'integer', minimum: 0 },
    min_p: { type: 'number', minimum: 0, maximum: 1 },
    typical_p: { type: 'number', minimum: 0, maximum: 1 },
    repeat_penalty: { type: 'number' },
    repeat_last_n: { type: 'integer', minimum: -1 },
    mirostat: { enum: [0, 1, 2] },
    mirostat_tau: { type: 'number' },
    mirostat_eta: { type: 'number' },
    dry_multiplier: { type: 'number' },
    xtc_probability: { type: 'number' },
    xtc_threshold: { type: 'number' },
    samplers: { type: 'array', items: { type: 'string' } },
    grammar: { type: 'string' },
    json_schema: { type: 'object' },
    ignore_eos: { type: 'boolean' },
    cache_prompt: { type: 'boolean' },
    id_slot: { type: 'integer', minimum: -1 },
    t_max_predict_ms: { type: 'integer' },
    post_sampling_probs: { type: 'boolean' },
    timings_per_token: { type: 'boolean' },
    return_progress: { type: 'boolean' },
    return_tokens: { type: 'boolean' },
    reasoning_format: { enum: ['none', 'auto', 'deepseek', 'deepseek-legacy'] },
    chat_template_kwargs: { type: 'object' },
    add_generation_prompt: { type: 'boolean' },
    continue_final_message: { enum: [true, false, 'content', 'reasoning_content'] },
  },
  conflicts: [
    {
      parameters: ['tools', 'stream', 'logprobs'],
      reason: 'It answers "logprobs is not supported with tools + stream": leave out one of them.',
    },
    {
      parameters: ['grammar', 'json_schema'],
      reason: 'The answer can follow one of them.',
    },
  ],
  messages: { keep: ['reasoning_content'], sequence: { noTwoTrailingAssistants: true } },
  prefill: { style: 'trailing' },
  jsonModeNeedsTheWord: false,
}
