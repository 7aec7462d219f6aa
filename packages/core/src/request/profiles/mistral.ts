import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of Mistral only. */
export interface MistralParameters {
  /** Puts a safety prompt before the messages. @default false */
  safe_prompt?: boolean
  /** `reasoning` puts the default instructions for thinking before the messages. */
  prompt_mode?: 'reasoning' | null
  /** Checks of input and output. */
  guardrails?: { [field: string]: unknown }[] | null
}

/** Mistral's own API ("La Plateforme"). It refuses what it does not know with 422. */
export const mistral: EndpointProfile<MistralParameters> = {
  id: 'mistral',
  name: 'Mistral',
  baseURL: 'https://api.mistral.ai/v1',
  keyVariable: 'MISTRAL_API_KEY',
  rename: { max_completion_tokens: 'max_tokens', seed: 'random_seed' },
  parameters: {
    logprobs: { support: 'refused', reason: 'It reports no log probabilities.' },
    top_logprobs: { support: 'refused', reason: 'It reports no log probabilities.' },
    logit_bias: { support: 'refused', reason: 'It has no such parameter.' },
    user: { support: 'refused', reason: 'It has no such parameter.' },
    store: { support: 'refused', reason: 'It stores nothing.' },
    service_tier: { support: 'refused', reason: 'It has no such parameter.' },
    stream_options: { support: 'refused', reason: 'It always sends the usage with the last chunk.' },
    modalities: { support: 'refused', reason: 'It writes text.' },
    audio: { support: 'refused', reason: 'It writes text.' },
    verbosity: { support: 'refused', reason: 'It has no such parameter.' },
    prompt_cache_options: { support: 'refused', reason: 'It has no such parameter.' },
    prompt_cache_key: { support: 'refused', reason: 'It has no such parameter.' },
    prompt_cache_retention: { support: 'refused', reason: 'It has no such parameter.' },
    safety_identifier: { support: 'refused', reason: 'It has no such parameter.' },
    moderation: { support: 'refused', reason: 'See `guardrails`.' },
    web_search_options: { support: 'refused', reason: 'It has no such parameter.' },
    temperature: {
      support: 'limited',
      schema: { type: ['number', 'null'], minimum: 0, maximum: 1.5 },
      reason: 'Most of its models are meant for 0 to 0.7.',
    },
    tool_choice: {
      support: 'wider',
      schema: {
        anyOf: [
          { enum: ['none', 'auto', 'any', 'required'] },
          { type: 'object', properties: { type: { const: 'function' } }, required: ['type', 'function'] },
        ],
        hint: '"none", "auto", "any", "required", or an object with `type` "function"',
      },
      reason: 'It also says `any` for `required`.',
    },
  },
  extraParameters: {
    safe_prompt: { type: 'boolean' },
    prompt_mode: { enum: ['reasoning', null] },
    guardrails: { type: ['array', 'null'], items: { type: 'object' } },
  },
  unknownParameters: 'refused',
  messages: {
    roles: { developer: 'system' },
    unknownFields: 'refused',
    parts: ['thinking', 'reference', 'document_url'],
    toolCallId: { pattern: '^[a-zA-Z0-9]{9}$', hint: '9 letters and digits' },
    sequence: { lastRoles: ['user', 'tool'], noUserAfterTool: true },
  },
  prefill: { style: 'message-flag', flag: 'prefix' },
}
