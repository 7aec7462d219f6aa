import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of Fireworks only. */
export interface FireworksParameters {
  /** Draw only from this many likeliest tokens, 0 to 100. */
  top_k?: number | null
  /** Draw only from tokens at least this likely, as a share of the likeliest. */
  min_p?: number | null
  /** Draw only from tokens that are typical for their place. */
  typical_p?: number | null
  /** Above 1 lowers the odds of tokens that stood before. */
  repetition_penalty?: number | null
  /** Learning rate of Mirostat sampling. */
  mirostat_lr?: number | null
  /** The perplexity that Mirostat sampling aims at. */
  mirostat_target?: number | null
  /** What to do when the prompt is too long. */
  context_length_exceeded_behavior?: 'error' | 'truncate'
  /** Length in tokens that the prompt is cut to. */
  prompt_truncate_len?: number | null
  /** Whether the answer repeats the prompt. */
  echo?: boolean | null
  /** Whether to report how long each stage took. */
  perf_metrics_in_response?: boolean | null
  /** Whether to report the prompt and the answer as the model saw them. */
  raw_output?: boolean | null
  /** Whether to write on after the model ended. */
  ignore_eos?: boolean
  /** Whether to report token ids. */
  return_token_ids?: boolean | null
  /** What of earlier thinking the model sees. */
  reasoning_history?: 'disabled' | 'interleaved' | 'preserved' | null
  /** Whether to think, and how much. */
  thinking?: { type: 'enabled' | 'disabled'; budget_tokens?: number } | null
}

/** Fireworks AI. */
export const fireworks: EndpointProfile<FireworksParameters> = {
  id: 'fireworks',
  name: 'Fireworks',
  baseURL: 'https://api.fireworks.ai/inference/v1',
  keyVariable: 'FIREWORKS_API_KEY',
  parameters: {
    top_logprobs: {
      support: 'limited',
      schema: { type: ['integer', 'null'], minimum: 0, maximum: 5 },
      reason: 'It reports at most 5.',
    },
    logprobs: {
      support: 'wider',
      schema: {
        anyOf: [{ type: 'boolean' }, { type: 'integer', minimum: 0, maximum: 5 }, { type: 'null' }],
        hint: 'true or false, or how many alternatives to report in the older form',
      },
      reason: 'A number asks for the older form.',
    },
    response_format: {
      support: 'wider',
      schema: {
        anyOf: [
          { type: 'object', properties: { type: { const: 'text' } }, required: ['type'] },
          { type: 'object', properties: { type: { const: 'json_object' } }, required: ['type'] },
          {
            type: 'object',
            properties: {
              type: { const: 'json_schema' },
              json_schema: { type: 'object', required: ['name'] },
            },
            required: ['type', 'json_schema'],
          },
          {
            type: 'object',
            properties: { type: { const: 'grammar' }, grammar: { type: 'string' } },
            required: ['type', 'grammar'],
          },
        ],
        hint: 'what the specification says, or { type: "grammar", grammar }',
      },
      reason: 'It also takes a grammar in GBNF.',
    },
    reasoning_effort: {
      support: 'wider',
      schema: {
        anyOf: [
          { enum: ['low', 'medium', 'high', 'none'] },
          { type: 'integer' },
          { type: 'boolean' },
          { type: 'null' },
        ],
        hint: '"none", "low", "medium", "high", a number of tokens, true or false',
      },
      reason: 'It also takes a number of tokens.',
    },
  },
  extraParameters: {
    top_k: { type: ['integer', 'null'], minimum: 0, maximum: 100 },
    min_p: { type: ['number', 'null'], minimum: 0, maximum: 1 },
    typical_p: { type: ['number', 'null'], minimum: 0, maximum: 1 },
    repetition_penalty: { type: ['number', 'null'], minimum: 0, maximum: 2 },
    mirostat_lr: { type: ['number', 'null'] },
    mirostat_target: { type: ['number', 'null'] },
    context_length_exceeded_behavior: { enum: ['error', 'truncate'] },
    prompt_truncate_len: { type: ['integer', 'null'] },
    echo: { type: ['boolean', 'null'] },
    perf_metrics_in_response: { type: ['boolean', 'null'] },
    raw_output: { type: ['boolean', 'null'] },
    ignore_eos: { type: 'boolean' },
    return_token_ids: { type: ['boolean', 'null'] },
    reasoning_history: { enum: ['disabled', 'interleaved', 'preserved', null] },
    thinking: { type: ['object', 'null'] },
  },
  unknownParameters: 'refused',
  messages: { roles: { developer: 'system' }, keep: ['reasoning_content'], parts: ['video_url'] },
  jsonModeNeedsTheWord: false,
}
