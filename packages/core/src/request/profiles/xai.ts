import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of xAI only. */
export interface XaiParameters {
  /** Live search of the web, X and news. */
  search_parameters?: { mode?: 'off' | 'on' | 'auto'; [field: string]: unknown } | null
  /** Whether to answer with an id under which the completion can be fetched later. */
  deferred?: boolean | null
}

/** xAI's Grok. */
export const xai: EndpointProfile<XaiParameters> = {
  id: 'xai',
  name: 'xAI',
  baseURL: 'https://api.x.ai/v1',
  keyVariable: 'XAI_API_KEY',
  parameters: {
    logit_bias: { support: 'ignored', reason: 'It names the parameter and does not support it.' },
    store: { support: 'ignored', reason: 'It stores nothing for this endpoint.' },
    metadata: { support: 'ignored', reason: 'It stores nothing for this endpoint.' },
    top_logprobs: {
      support: 'limited',
      schema: { type: ['integer', 'null'], minimum: 0, maximum: 8 },
      reason: 'It reports at most 8.',
    },
  },
  models: [
    {
      pattern: '^grok-(?!.*non-reasoning)(3-mini|4|code)',
      parameters: {
        presence_penalty: { support: 'refused', reason: 'Reasoning models do not take it.' },
        frequency_penalty: { support: 'refused', reason: 'Reasoning models do not take it.' },
        stop: { support: 'refused', reason: 'Reasoning models do not take it.' },
      },
    },
  ],
  extraParameters: {
    search_parameters: {
      type: ['object', 'null'],
      properties: { mode: { enum: ['off', 'on', 'auto'] } },
    },
    deferred: { type: ['boolean', 'null'] },
  },
  messages: { keep: ['reasoning_content'] },
  prefill: { style: 'none' },
}
