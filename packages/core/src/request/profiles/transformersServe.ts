import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of `transformers serve` only. */
export interface TransformersServeParameters {
  /** A `GenerationConfig` as JSON text. */
  generation_config?: string
}

/** Hugging Face's `transformers serve`. Measured on 5.23.0. */
export const transformersServe: EndpointProfile<TransformersServeParameters> = {
  id: 'transformers-serve',
  name: 'transformers serve',
  baseURL: 'http://localhost:8000/v1',
  parameters: {
    n: { support: 'ignored', reason: 'It writes one choice.' },
    logprobs: { support: 'ignored', reason: 'It never sends log probabilities.' },
    top_logprobs: { support: 'ignored', reason: 'It never sends log probabilities.' },
    tool_choice: { support: 'ignored', reason: 'The model decides.' },
    response_format: { support: 'ignored', reason: 'It does not hold the model to a form.' },
    stop: { support: 'limited', schema: { type: 'null' }, reason: 'The stop text stays in the answer.' },
  },
  extraParameters: { generation_config: { type: 'string' } },
  unknownParameters: 'refused',
  messages: { roles: { developer: 'system' } },
  jsonModeNeedsTheWord: false,
}
