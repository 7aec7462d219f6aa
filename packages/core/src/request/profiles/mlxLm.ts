import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of mlx-lm's server only. */
export interface MlxLmParameters {
  /** Draw only from this many likeliest tokens. */
  top_k?: number
  /** Draw only from tokens at least this likely, as a share of the likeliest. */
  min_p?: number
  /** Above 1 lowers the odds of tokens that stood before. */
  repetition_penalty?: number
  /** How many tokens back `repetition_penalty` looks. */
  repetition_context_size?: number
  /** Values for the chat template. */
  chat_template_kwargs?: { [name: string]: unknown }
}

/** mlx-lm's server. Measured on 0.32.2. */
export const mlxLm: EndpointProfile<MlxLmParameters> = {
  id: 'mlx-lm',
  name: 'mlx-lm',
  baseURL: 'http://localhost:8080/v1',
  parameters: {
    n: { support: 'ignored', reason: 'It writes one choice.' },
    tool_choice: { support: 'ignored', reason: 'The model decides.' },
    response_format: { support: 'ignored', reason: 'It does not hold the model to a form.' },
  },
  extraParameters: {
    top_k: { type: 'integer', minimum: 0 },
    min_p: { type: 'number', minimum: 0, maximum: 1 },
    repetition_penalty: { type: 'number', minimum: 0 },
    repetition_context_size: { type: 'integer', minimum: 0 },
    chat_template_kwargs: { type: 'object' },
  },
  messages: { roles: { developer: 'system' } },
  jsonModeNeedsTheWord: false,
}
