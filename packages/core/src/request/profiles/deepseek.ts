import type { EndpointProfile, ParameterFact } from '../EndpointProfile.ts'

/** Parameters of DeepSeek only. */
export interface DeepSeekParameters {
  /** Whether to think before answering. @default enabled */
  thinking?: { type: 'enabled' | 'disabled' }
}

const ignoredByThinking: ParameterFact = {
  support: 'ignored',
  reason: 'Thinking, on unless it is switched off, ignores it: set `thinking: { type: "disabled" }`.',
  unless: {
    parameter: 'thinking',
    schema: { type: 'object', properties: { type: { const: 'disabled' } }, required: ['type'] },
  },
}

/** DeepSeek. What thinking ignores and what it wants back: api-docs.deepseek.com/guides/thinking_mode. */
export const deepseek: EndpointProfile<DeepSeekParameters> = {
  id: 'deepseek',
  name: 'DeepSeek',
  baseURL: 'https://api.deepseek.com',
  keyVariable: 'DEEPSEEK_API_KEY',
  rename: { max_completion_tokens: 'max_tokens' },
  parameters: {
    temperature: ignoredByThinking,
    frequency_penalty: ignoredByThinking,
    presence_penalty: ignoredByThinking,
    response_format: {
      support: 'limited',
      schema: {
        type: 'object',
        properties: { type: { enum: ['text', 'json_object'] } },
        hint: 'an object with `type` "text" or "json_object"',
      },
      reason: 'Schemas are taken only for tools: offer one tool with `strict: true` and require it.',
    },
    stop: {
      support: 'wider',
      schema: {
        anyOf: [
          { type: 'string' },
          { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 16 },
          { type: 'null' },
        ],
        hint: 'a text, a list of 1 to 16 texts, or null',
      },
      reason: 'It takes up to 16.',
    },
    n: { support: 'limited', schema: { enum: [1, null] }, reason: 'It writes one choice.' },
    logit_bias: { support: 'ignored', reason: 'It has no such parameter.' },
    seed: { support: 'ignored', reason: 'It has no such parameter.' },
  },
  extraParameters: {
    thinking: {
      type: 'object',
      properties: { type: { enum: ['enabled', 'disabled'] } },
      required: ['type'],
    },
  },
  messages: { roles: { developer: 'system' }, keep: ['reasoning_content'] },
  prefill: { style: 'message-flag', flag: 'prefix', baseURL: 'https://api.deepseek.com/beta' },
}
