import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of Together only. */
export interface TogetherParameters {
  /** Draw only from this many likeliest tokens. */
  top_k?: number
  /** Draw only from tokens at least this likely, as a share of the likeliest. */
  min_p?: number
  /** Above 1 lowers the odds of tokens that stood before. */
  repetition_penalty?: number
  /** Whether the answer repeats the prompt, with its log probabilities. */
  echo?: boolean
  /** What to do when the prompt is too long. */
  context_length_exceeded_behavior?: 'truncate' | 'error'
  /** A model that checks input and output. */
  safety_model?: string
  /** Values for the model's chat template. */
  chat_template_kwargs?: { [name: string]: unknown }
  /** Whether to think. */
  reasoning?: { enabled?: boolean }
}

/** Together AI. `logprobs` is a count there, and its log probabilities come in the older form. */
export const together: EndpointProfile<TogetherParameters> = {
  id: 'together',
  name: 'Together',
  baseURL: 'https://api.together.xyz/v1',
  keyVariable: 'TOGETHER_API_KEY',
  rename: { max_completion_tokens: 'max_tokens' },
  parameters: {
    logprobs: {
      support: 'wider',
      schema: {
        anyOf: [{ type: 'integer', minimum: 0, maximum: 20 }, { type: 'boolean' }, { type: 'null' }],
        hint: 'how many alternatives to report, 0 to 20',
      },
      reason: 'It takes the number of alternatives here.',
    },
    top_logprobs: { support: 'ignored', reason: 'It takes the number of alternatives as `logprobs`.' },
    parallel_tool_calls: { support: 'ignored', reason: 'It has no such parameter.' },
    reasoning_effort: {
      support: 'limited',
      schema: { enum: ['low', 'medium', 'high', null] },
      reason: 'Only some models take it.',
    },
  },
  extraParameters: {
    top_k: { type: 'integer' },
    min_p: { type: 'number', minimum: 0, maximum: 1 },
    repetition_penalty: { type: 'number' },
    echo: { type: 'boolean' },
    context_length_exceeded_behavior: { enum: ['truncate', 'error'] },
    safety_model: { type: 'string' },
    chat_template_kwargs: { type: 'object' },
    reasoning: { type: 'object' },
  },
  messages: {
    roles: { developer: 'system' },
    keep: ['reasoning_content', 'reasoning'],
    parts: ['video_url', 'audio_url'],
  },
}
