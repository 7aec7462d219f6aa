import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of Moonshot only. */
export interface MoonshotParameters {
  /** Whether to think before answering. */
  thinking?: { type: 'enabled' | 'disabled' }
}

/** Moonshot's Kimi. */
export const moonshot: EndpointProfile<MoonshotParameters> = {
  id: 'moonshot',
  name: 'Moonshot',
  baseURL: 'https://api.moonshot.ai/v1',
  keyVariable: 'MOONSHOT_API_KEY',
  rename: { max_completion_tokens: 'max_tokens' },
  models: [
    {
      pattern: '^kimi-k2',
      parameters: {
        temperature: {
          support: 'limited',
          schema: { enum: [1, null] },
          reason: 'Kimi K2 answers 400 to anything but 1.',
        },
      },
    },
  ],
  extraParameters: {
    thinking: {
      type: 'object',
      properties: { type: { enum: ['enabled', 'disabled'] } },
      required: ['type'],
    },
  },
  messages: { roles: { developer: 'system' }, keep: ['reasoning_content'] },
  prefill: { style: 'message-flag', flag: 'partial' },
}
