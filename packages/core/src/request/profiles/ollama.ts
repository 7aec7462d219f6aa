import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of Ollama only. */
export interface OllamaParameters {
  /** How to think. */
  reasoning?: { effort?: string }
}

/** Ollama's OpenAI surface. It ignores what it does not know without a word. Measured on 0.17.4. */
export const ollama: EndpointProfile<OllamaParameters> = {
  id: 'ollama',
  name: 'Ollama',
  baseURL: 'http://localhost:11434/v1',
  rename: { max_completion_tokens: 'max_tokens' },
  parameters: {
    n: { support: 'ignored', reason: 'It writes one choice.' },
    tool_choice: {
      support: 'ignored',
      reason: 'The model decides: offer only the tools that may be called.',
    },
    parallel_tool_calls: { support: 'ignored', reason: 'The model decides.' },
    logit_bias: { support: 'ignored', reason: 'It has no such parameter.' },
    user: { support: 'ignored', reason: 'It keeps no users apart.' },
    store: { support: 'ignored', reason: 'It stores nothing.' },
    metadata: { support: 'ignored', reason: 'It stores nothing.' },
    service_tier: { support: 'ignored', reason: 'It has one tier.' },
    prediction: { support: 'ignored', reason: 'It has no such parameter.' },
    verbosity: { support: 'ignored', reason: 'It has no such parameter.' },
    modalities: { support: 'ignored', reason: 'It writes text.' },
    audio: { support: 'ignored', reason: 'It writes text.' },
    web_search_options: { support: 'ignored', reason: 'It does not search here.' },
    moderation: { support: 'ignored', reason: 'It does not moderate.' },
    prompt_cache_key: { support: 'ignored', reason: 'It has no such parameter.' },
    safety_identifier: { support: 'ignored', reason: 'It keeps no users apart.' },
    temperature: {
      support: 'wider',
      schema: { type: ['number', 'null'], minimum: 0 },
      reason: 'It takes any.',
    },
    stop: {
      support: 'wider',
      schema: {
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, { type: 'null' }],
        hint: 'a text, a list of texts, or null',
      },
      reason: 'It takes any number.',
    },
    max_tokens: {
      support: 'limited',
      schema: { type: ['integer', 'null'], minimum: 1 },
      reason: '0 and below is no limit.',
    },
  },
  extraParameters: { reasoning: { type: 'object', properties: { effort: { type: 'string' } } } },
  messages: {
    keep: ['reasoning'],
    imagesAsDataOnly: true,
    refusedParts: {
      input_audio: 'it knows text and pictures.',
      file: 'it knows text and pictures.',
    },
  },
  prefill: { style: 'trailing' },
  jsonModeNeedsTheWord: false,
}
