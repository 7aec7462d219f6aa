import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of TGI only. */
export interface TgiParameters {
  /** Whether the answer goes on from the last message; needs `add_generation_prompt: false`. */
  continue_final_message?: boolean
  /** Whether the template opens a new answer. */
  add_generation_prompt?: boolean
}

/** Hugging Face's Text Generation Inference. */
export const tgi: EndpointProfile<TgiParameters> = {
  id: 'tgi',
  name: 'TGI',
  baseURL: 'http://localhost:3000/v1',
  rename: { max_completion_tokens: 'max_tokens' },
  parameters: {
    n: { support: 'limited', schema: { enum: [1, null] }, reason: 'It writes one choice.' },
    top_p: {
      support: 'limited',
      schema: { type: ['number', 'null'], exclusiveMinimum: 0, exclusiveMaximum: 1 },
      reason: 'It refuses 0 and 1: leave it out for all tokens.',
    },
  },
  extraParameters: {
    continue_final_message: { type: 'boolean' },
    add_generation_prompt: { type: 'boolean' },
  },
  messages: { roles: { developer: 'system' } },
  prefill: { style: 'body-flags' },
  jsonModeNeedsTheWord: false,
}
