import type { EndpointProfile } from '../EndpointProfile.ts'

/** OpenAI's own API. */
export const openai: EndpointProfile = {
  id: 'openai',
  name: 'OpenAI',
  baseURL: 'https://api.openai.com/v1',
  keyVariable: 'OPENAI_API_KEY',
  rename: { max_tokens: 'max_completion_tokens' },
  parameters: {
    user: { support: 'deprecated', reason: 'Use `safety_identifier` and `prompt_cache_key`.' },
    seed: {
      support: 'deprecated',
      reason: 'OpenAI names nothing in its place; it may stop having an effect.',
    },
    prompt_cache_retention: { support: 'deprecated', reason: 'Use `prompt_cache_options`.' },
  },
  models: [
    {
      pattern: '^o[1-9]',
      parameters: {
        stop: { support: 'refused', reason: 'Reasoning models of the o series take no stop texts.' },
        temperature: {
          support: 'limited',
          schema: { enum: [1, null] },
          reason: 'Reasoning models take only the default.',
        },
        top_p: {
          support: 'limited',
          schema: { enum: [1, null] },
          reason: 'Reasoning models take only the default.',
        },
        frequency_penalty: {
          support: 'limited',
          schema: { enum: [0, null] },
          reason: 'Reasoning models take only the default.',
        },
        presence_penalty: {
          support: 'limited',
          schema: { enum: [0, null] },
          reason: 'Reasoning models take only the default.',
        },
        logprobs: { support: 'refused', reason: 'Reasoning models report no log probabilities.' },
        top_logprobs: { support: 'refused', reason: 'Reasoning models report no log probabilities.' },
        logit_bias: { support: 'refused', reason: 'Reasoning models take no bias.' },
        web_search_options: { support: 'refused', reason: 'Only models with `search` in their name search.' },
      },
    },
    {
      pattern: '^(?!.*search)',
      parameters: {
        web_search_options: { support: 'refused', reason: 'Only models with `search` in their name search.' },
      },
    },
  ],
  unknownParameters: 'refused',
  messages: {
    unknownFields: 'refused',
    toolCallId: { pattern: '^.{1,40}$', hint: 'at most 40 characters' },
  },
  prefill: { style: 'none' },
  strictSchema: { level: 'error' },
}
