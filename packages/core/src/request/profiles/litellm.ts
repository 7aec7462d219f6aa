import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of LiteLLM only. */
export interface LiteLlmParameters {
  /** Models to try when the first fails. */
  fallbacks?: string[]
  /** Parameters that the model behind it does not take are left out rather than refused. */
  drop_params?: boolean
  /** How often it tries again itself; 2 unless set, so do not also retry here. */
  num_retries?: number
  /** Seconds. */
  timeout?: number
}

/** LiteLLM's proxy. What it takes depends on the server behind it. Measured on 1.106.2 before llama.cpp. */
export const litellm: EndpointProfile<LiteLlmParameters> = {
  id: 'litellm',
  name: 'LiteLLM',
  baseURL: 'http://localhost:4000/v1',
  keyVariable: 'LITELLM_API_KEY',
  parameters: {
    n: {
      support: 'limited',
      schema: { enum: [1, null] },
      reason: 'While streaming it gives one choice’s end to another.',
    },
  },
  extraParameters: {
    fallbacks: { type: 'array', items: { type: 'string' } },
    drop_params: { type: 'boolean' },
    num_retries: { type: 'integer', minimum: 0 },
    timeout: { type: 'number', minimum: 0 },
  },
  messages: { keep: ['reasoning_content', 'thinking_blocks', 'provider_specific_fields'] },
  prefill: { style: 'message-flag', flag: 'prefix' },
}
