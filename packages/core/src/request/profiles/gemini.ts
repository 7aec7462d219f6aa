import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of Gemini's OpenAI surface only. */
export interface GeminiParameters {
  /** Gemini's own settings, such as `{ google: { thinking_config: { include_thoughts: true } } }`. */
  extra_body?: { google?: { thinking_config?: object; cached_content?: string; [field: string]: unknown } }
}

/** Google's Gemini through its OpenAI surface. It refuses what it does not know. */
export const gemini: EndpointProfile<GeminiParameters> = {
  id: 'gemini',
  name: 'Gemini',
  baseURL: 'https://generativelanguage.googleapis.com/v1beta/openai',
  keyVariable: 'GEMINI_API_KEY',
  parameters: {
    logit_bias: { support: 'refused', reason: 'It has no such parameter.' },
    logprobs: { support: 'refused', reason: 'Its OpenAI surface reports no log probabilities.' },
    top_logprobs: { support: 'refused', reason: 'Its OpenAI surface reports no log probabilities.' },
    store: { support: 'refused', reason: 'It stores nothing.' },
    metadata: { support: 'refused', reason: 'It stores nothing.' },
    service_tier: { support: 'refused', reason: 'It has no such parameter.' },
    user: { support: 'refused', reason: 'It has no such parameter.' },
    verbosity: { support: 'refused', reason: 'It has no such parameter.' },
    prediction: { support: 'refused', reason: 'It has no such parameter.' },
    n: {
      support: 'limited',
      schema: { type: ['integer', 'null'], minimum: 1, maximum: 8 },
      reason: 'It writes at most 8 candidates.',
    },
  },
  extraParameters: { extra_body: { type: 'object' } },
  unknownParameters: 'refused',
  conflicts: [
    {
      parameters: ['reasoning_effort', 'extra_body'],
      reason: '`reasoning_effort` and a `thinking_config` say the same: give one of them.',
    },
  ],
  messages: { roles: { developer: 'system' }, keepOnToolCalls: ['extra_content'], keep: ['extra_content'] },
  prefill: { style: 'none' },
}
