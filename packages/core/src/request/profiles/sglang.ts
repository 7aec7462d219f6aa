import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of SGLang only. */
export interface SglangParameters {
  /** Draw only from this many likeliest tokens; −1 is all. */
  top_k?: number
  /** Draw only from tokens at least this likely, as a share of the likeliest. */
  min_p?: number
  /** The fewest tokens to write. */
  min_tokens?: number
  /** Above 1 lowers the odds of tokens that stood before. */
  repetition_penalty?: number
  /** A regular expression that the answer must match. */
  regex?: string | null
  /** A grammar in EBNF that the answer must follow. */
  ebnf?: string | null
  /** Token ids at which the answer ends. */
  stop_token_ids?: number[] | null
  /** A regular expression at which the answer ends. */
  stop_regex?: string | string[] | null
  /** Whether the stop text stays in the answer. */
  no_stop_trim?: boolean
  /** Whether to write on after the model ended. */
  ignore_eos?: boolean
  /** Whether the answer goes on from the last message. */
  continue_final_message?: boolean
  /** Whether special tokens are left out of the text. @default true */
  skip_special_tokens?: boolean
  /** Which adapter to use. */
  lora_path?: string | null
  /** Whether the thinking stands apart from the answer. @default true */
  separate_reasoning?: boolean
  /** Whether the thinking is streamed. @default true */
  stream_reasoning?: boolean
  /** Values for the chat template, such as `{ enable_thinking: false }`. */
  chat_template_kwargs?: { [name: string]: unknown } | null
  /** Whether to report the model's hidden states. */
  return_hidden_states?: boolean
  /** An id of the request, for the server's log. */
  rid?: string | null
  /** Lower is earlier; needs a server with priorities. */
  priority?: number | null
}

/** SGLang's server. */
export const sglang: EndpointProfile<SglangParameters> = {
  id: 'sglang',
  name: 'SGLang',
  baseURL: 'http://localhost:30000/v1',
  parameters: {
    user: { support: 'ignored', reason: 'It keeps no users apart.' },
    store: { support: 'ignored', reason: 'It stores nothing.' },
    metadata: { support: 'ignored', reason: 'It stores nothing.' },
    service_tier: { support: 'ignored', reason: 'It has one tier.' },
    prediction: { support: 'ignored', reason: 'It has no such parameter.' },
    verbosity: { support: 'ignored', reason: 'It has no such parameter.' },
    web_search_options: { support: 'ignored', reason: 'It does not search.' },
    stop: {
      support: 'wider',
      schema: {
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, { type: 'null' }],
        hint: 'a text, a list of texts, or null',
      },
      reason: 'It takes any number.',
    },
    top_logprobs: {
      support: 'wider',
      schema: { type: ['integer', 'null'], minimum: 0 },
      reason: 'It takes any number.',
    },
  },
  extraParameters: {
    top_k: { type: 'integer', minimum: -1 },
    min_p: { type: 'number', minimum: 0, maximum: 1 },
    min_tokens: { type: 'integer', minimum: 0 },
    repetition_penalty: { type: 'number', minimum: 0, maximum: 2 },
    regex: { type: ['string', 'null'] },
    ebnf: { type: ['string', 'null'] },
    stop_token_ids: { type: ['array', 'null'], items: { type: 'integer' } },
    stop_regex: { type: ['string', 'array', 'null'] },
    no_stop_trim: { type: 'boolean' },
    ignore_eos: { type: 'boolean' },
    continue_final_message: { type: 'boolean' },
    skip_special_tokens: { type: 'boolean' },
    lora_path: { type: ['string', 'null'] },
    separate_reasoning: { type: 'boolean' },
    stream_reasoning: { type: 'boolean' },
    chat_template_kwargs: { type: ['object', 'null'] },
    return_hidden_states: { type: 'boolean' },
    rid: { type: ['string', 'null'] },
    priority: { type: ['integer', 'null'] },
  },
  messages: { keep: ['reasoning_content'], parts: ['video_url', 'audio_url'] },
  prefill: { style: 'body-flags' },
  jsonModeNeedsTheWord: false,
}
