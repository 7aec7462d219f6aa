import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of LM Studio only. */
export interface LmStudioParameters {
  /** Draw only from this many likeliest tokens. */
  top_k?: number
  /** Above 1 lowers the odds of tokens that stood before. */
  repeat_penalty?: number
  /** Seconds without a request after which the model is unloaded. */
  ttl?: number
  /** A small model that guesses ahead. */
  draft_model?: string
}

/** LM Studio's server. What it takes: lmstudio.ai/docs/developer/openai-compat/chat-completions. */
export const lmStudio: EndpointProfile<LmStudioParameters> = {
  id: 'lm-studio',
  name: 'LM Studio',
  baseURL: 'http://localhost:1234/v1',
  rename: { max_completion_tokens: 'max_tokens' },
  parameters: {
    n: { support: 'ignored', reason: 'It writes one choice.' },
    logprobs: { support: 'ignored', reason: 'Its chat endpoint reports no log probabilities.' },
    top_logprobs: { support: 'ignored', reason: 'Its chat endpoint reports no log probabilities.' },
    response_format: {
      support: 'limited',
      schema: {
        type: 'object',
        properties: { type: { enum: ['text', 'json_schema'] } },
        hint: 'an object with `type` "text" or "json_schema"',
      },
      reason: 'It refuses JSON mode: give a schema.',
    },
    tool_choice: {
      support: 'limited',
      schema: { enum: ['none', 'auto', 'required'] },
      reason: 'It takes no named function: offer only that tool and say "required".',
    },
    max_tokens: {
      support: 'wider',
      schema: { type: ['integer', 'null'], minimum: -1 },
      reason: '−1 is no limit.',
    },
    user: { support: 'ignored', reason: 'It keeps no users apart.' },
    store: { support: 'ignored', reason: 'It stores nothing.' },
    metadata: { support: 'ignored', reason: 'It stores nothing.' },
    service_tier: { support: 'ignored', reason: 'It has one tier.' },
    prediction: { support: 'ignored', reason: 'See `draft_model`.' },
    verbosity: { support: 'ignored', reason: 'It has no such parameter.' },
    web_search_options: { support: 'ignored', reason: 'It does not search.' },
  },
  extraParameters: {
    top_k: { type: 'integer', minimum: 0 },
    repeat_penalty: { type: 'number' },
    ttl: { type: 'integer', minimum: 1 },
    draft_model: { type: 'string' },
  },
  messages: { roles: { developer: 'system' }, keep: ['reasoning_content', 'reasoning'] },
  prefill: { style: 'trailing' },
  jsonModeNeedsTheWord: false,
}
