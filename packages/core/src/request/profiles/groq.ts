import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of Groq only. */
export interface GroqParameters {
  /** Where the thinking stands: left out, inside the answer, or in `reasoning`. */
  reasoning_format?: 'hidden' | 'raw' | 'parsed' | null
  /** Whether to send the thinking. */
  include_reasoning?: boolean | null
  /** Texts that the answer may cite. */
  documents?: { [field: string]: unknown }[] | null
  /** Whether to cite them. */
  citation_options?: 'enabled' | 'disabled' | null
  /** What the compound models may use. */
  compound_custom?: { [field: string]: unknown } | null
  /** Which pages the compound models may search. */
  search_settings?: { [field: string]: unknown } | null
  /** Whether a call of a tool that was not offered is an answer rather than an error. */
  disable_tool_validation?: boolean
}

/** Groq. What it refuses: console.groq.com/docs/openai. */
export const groq: EndpointProfile<GroqParameters> = {
  id: 'groq',
  name: 'Groq',
  baseURL: 'https://api.groq.com/openai/v1',
  keyVariable: 'GROQ_API_KEY',
  rename: { max_tokens: 'max_completion_tokens' },
  parameters: {
    logprobs: { support: 'refused', reason: 'It answers 400 when they are asked for.' },
    top_logprobs: { support: 'refused', reason: 'It answers 400 when they are asked for.' },
    logit_bias: { support: 'refused', reason: 'It answers 400 when it is given.' },
    n: { support: 'limited', schema: { enum: [1, null] }, reason: 'It writes one choice.' },
    service_tier: {
      support: 'wider',
      schema: { enum: ['auto', 'on_demand', 'flex', 'performance', null] },
      reason: 'It has tiers of its own.',
    },
    reasoning_effort: {
      support: 'limited',
      schema: { enum: ['none', 'default', 'low', 'medium', 'high', null] },
      reason: 'Which of them depends on the model.',
    },
    temperature: {
      support: 'limited',
      schema: { type: ['number', 'null'], exclusiveMinimum: 0, maximum: 2 },
      reason: 'It makes 0 into 1e-8.',
    },
  },
  extraParameters: {
    reasoning_format: { enum: ['hidden', 'raw', 'parsed', null] },
    include_reasoning: { type: ['boolean', 'null'] },
    documents: { type: ['array', 'null'], items: { type: 'object' } },
    citation_options: { enum: ['enabled', 'disabled', null] },
    compound_custom: { type: ['object', 'null'] },
    search_settings: { type: ['object', 'null'] },
    disable_tool_validation: { type: 'boolean' },
  },
  unknownParameters: 'refused',
  conflicts: [
    { parameters: ['reasoning_format', 'include_reasoning'], reason: 'Give one of them.' },
    {
      parameters: ['response_format', 'tools'],
      reason: 'Its JSON modes do not go with tools: ask for the JSON in a turn of its own.',
    },
  ],
  messages: {
    keep: ['reasoning'],
    refused: { name: 'names of participants are answered with 400.' },
    unknownFields: 'refused',
    parts: ['document'],
  },
  prefill: { style: 'trailing' },
}
