import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of vLLM only. */
export interface VllmParameters {
  /** Draw only from this many likeliest tokens; −1 or 0 is all. */
  top_k?: number | null
  /** Draw only from tokens at least this likely, as a share of the likeliest. */
  min_p?: number | null
  /** Above 1 lowers the odds of tokens that stood before, in the prompt too. */
  repetition_penalty?: number | null
  /** Above 1 favours longer beams. */
  length_penalty?: number
  /** Whether to search the likeliest answer rather than draw one. */
  use_beam_search?: boolean
  /** Token ids at which the answer ends. */
  stop_token_ids?: number[] | null
  /** Whether the stop text stays in the answer. */
  include_stop_str_in_output?: boolean
  /** Whether to write on after the model ended. */
  ignore_eos?: boolean
  /** The fewest tokens to write. */
  min_tokens?: number
  /** Whether special tokens are left out of the text. @default true */
  skip_special_tokens?: boolean
  /** Whether special tokens have blanks between them. @default true */
  spaces_between_special_tokens?: boolean
  /** Length in tokens that the prompt is cut to; −1 is the model's. */
  truncate_prompt_tokens?: number | null
  /** How many alternatives to report for each token of the prompt. */
  prompt_logprobs?: number | null
  /** Token ids whose probability is reported at each place; needs `logprobs`. */
  logprob_token_ids?: number[] | null
  /** The only token ids that may be drawn. */
  allowed_token_ids?: number[] | null
  /** Words that may not be written. */
  bad_words?: string[]
  /** Whether the answer repeats the last message of its role. */
  echo?: boolean
  /** Whether the template opens a new answer. @default true */
  add_generation_prompt?: boolean
  /** Whether the answer goes on from the last message; needs `add_generation_prompt: false`. */
  continue_final_message?: boolean
  /** A chat template in place of the model's. */
  chat_template?: string | null
  /** Values for the chat template, such as `{ enable_thinking: false }`. */
  chat_template_kwargs?: { [name: string]: unknown } | null
  /** Texts that the template may show to the model. */
  documents?: { [field: string]: string }[] | null
  /** What form the answer must have: a choice, a regex, a grammar, a schema. */
  structured_outputs?: { [kind: string]: unknown } | null
  /** Whether to send the thinking. @default true */
  include_reasoning?: boolean
  /** The most tokens to think. */
  thinking_token_budget?: number | null
  /** Whether to report token ids. */
  return_token_ids?: boolean | null
  /** Lower is earlier; needs a server with priorities. */
  priority?: number
  /** An id of the request, for the server's log. */
  request_id?: string
}

/** vLLM's server. */
export const vllm: EndpointProfile<VllmParameters> = {
  id: 'vllm',
  name: 'vLLM',
  baseURL: 'http://localhost:8000/v1',
  parameters: {
    user: { support: 'ignored', reason: 'It keeps no users apart.' },
    store: { support: 'ignored', reason: 'It stores nothing.' },
    metadata: { support: 'ignored', reason: 'It stores nothing.' },
    service_tier: { support: 'ignored', reason: 'It has one tier.' },
    prediction: { support: 'ignored', reason: 'It has no such parameter.' },
    verbosity: { support: 'ignored', reason: 'It has no such parameter.' },
    modalities: { support: 'ignored', reason: 'Ask a server of a speaking model.' },
    audio: { support: 'ignored', reason: 'Ask a server of a speaking model.' },
    web_search_options: { support: 'ignored', reason: 'It does not search.' },
    top_logprobs: {
      support: 'wider',
      schema: { type: ['integer', 'null'], minimum: -1 },
      reason: 'Up to the server’s --max-logprobs (20 unless set).',
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
      schema: { type: ['number', 'null'], minimum: 0 },
      reason: 'It takes any.',
    },
  },
  extraParameters: {
    top_k: { type: ['integer', 'null'], minimum: -1 },
    min_p: { type: ['number', 'null'], minimum: 0, maximum: 1 },
    repetition_penalty: { type: ['number', 'null'], exclusiveMinimum: 0 },
    length_penalty: { type: 'number' },
    use_beam_search: { type: 'boolean' },
    stop_token_ids: { type: ['array', 'null'], items: { type: 'integer' } },
    include_stop_str_in_output: { type: 'boolean' },
    ignore_eos: { type: 'boolean' },
    min_tokens: { type: 'integer', minimum: 0 },
    skip_special_tokens: { type: 'boolean' },
    spaces_between_special_tokens: { type: 'boolean' },
    truncate_prompt_tokens: { type: ['integer', 'null'], minimum: -1 },
    prompt_logprobs: { type: ['integer', 'null'] },
    logprob_token_ids: { type: ['array', 'null'], items: { type: 'integer' }, minItems: 1 },
    allowed_token_ids: { type: ['array', 'null'], items: { type: 'integer' } },
    bad_words: { type: 'array', items: { type: 'string' } },
    echo: { type: 'boolean' },
    add_generation_prompt: { type: 'boolean' },
    continue_final_message: { type: 'boolean' },
    chat_template: { type: ['string', 'null'] },
    chat_template_kwargs: { type: ['object', 'null'] },
    documents: { type: ['array', 'null'], items: { type: 'object' } },
    structured_outputs: { type: ['object', 'null'] },
    include_reasoning: { type: 'boolean' },
    thinking_token_budget: { type: ['integer', 'null'] },
    return_token_ids: { type: ['boolean', 'null'] },
    priority: { type: 'integer' },
    request_id: { type: 'string' },
  },
  conflicts: [
    {
      parameters: ['continue_final_message', 'add_generation_prompt'],
      reason: 'An answer is either continued or begun.',
    },
  ],
  messages: {
    keep: ['reasoning', 'reasoning_content'],
    parts: ['video_url', 'audio_url', 'image_url', 'input_audio'],
  },
  prefill: { style: 'body-flags' },
  jsonModeNeedsTheWord: false,
}
