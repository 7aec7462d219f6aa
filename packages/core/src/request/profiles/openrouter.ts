import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of OpenRouter only. */
export interface OpenRouterParameters {
  /** Draw only from this many likeliest tokens; 0 is all. */
  top_k?: number
  /** Draw only from tokens at least this likely, as a share of the likeliest. */
  min_p?: number
  /** Draw only from tokens close enough to the likeliest. */
  top_a?: number
  /** 0 to 2: lowers the odds of tokens that stood before. */
  repetition_penalty?: number
  /** Models to fall back to, in order. */
  models?: string[]
  /** How to choose among `models`. */
  route?: 'fallback' | 'sort'
  /** Which hosts may serve the request, and how to choose among them. */
  provider?: {
    order?: string[]
    allow_fallbacks?: boolean
    require_parameters?: boolean
    [field: string]: unknown
  }
  /** How to think, in one form for all models. */
  reasoning?: {
    effort?: string
    max_tokens?: number
    exclude?: boolean
    enabled?: boolean
    [field: string]: unknown
  }
  /** Whether to send the thinking; older form of `reasoning`. */
  include_reasoning?: boolean
  /** Plug-ins such as web search. */
  plugins?: { id: string; [field: string]: unknown }[]
  /** What to do to the prompt before it is sent on. */
  transforms?: string[]
  /** Whether to report the price with the usage. */
  usage?: { include: boolean }
}

/** OpenRouter, which hands requests on to many hosts. */
export const openrouter: EndpointProfile<OpenRouterParameters> = {
  id: 'openrouter',
  name: 'OpenRouter',
  baseURL: 'https://openrouter.ai/api/v1',
  keyVariable: 'OPENROUTER_API_KEY',
  parameters: {
    modalities: {
      support: 'wider',
      schema: { type: ['array', 'null'], items: { enum: ['text', 'audio', 'image'] } },
      reason: 'Some models answer with pictures.',
    },
    n: { support: 'limited', schema: { enum: [1, null] }, reason: 'Most hosts write one choice.' },
  },
  extraParameters: {
    top_k: { type: 'integer', minimum: 0 },
    min_p: { type: 'number', minimum: 0, maximum: 1 },
    top_a: { type: 'number', minimum: 0, maximum: 1 },
    repetition_penalty: { type: 'number', minimum: 0, maximum: 2 },
    models: { type: 'array', items: { type: 'string' } },
    route: { enum: ['fallback', 'sort'] },
    provider: { type: 'object' },
    reasoning: { type: 'object' },
    include_reasoning: { type: 'boolean' },
    plugins: { type: 'array', items: { type: 'object', required: ['id'] } },
    transforms: { type: 'array', items: { type: 'string' } },
    usage: { type: 'object', properties: { include: { type: 'boolean' } }, required: ['include'] },
  },
  messages: { keep: ['reasoning_details', 'reasoning', 'images'], parts: ['video_url', 'input_image'] },
  prefill: { style: 'trailing' },
}
