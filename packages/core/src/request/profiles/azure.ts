import type { EndpointProfile } from '../EndpointProfile.ts'

/** Parameters of Azure OpenAI only. */
export interface AzureParameters {
  /** Search indexes and other sources that the answer draws on. */
  data_sources?: { type: string; [field: string]: unknown }[]
  /** Who asks, for Microsoft's security products. */
  user_security_context?: { [field: string]: unknown }
}

/**
 * Azure OpenAI with deployments. The base is the resource, `https://NAME.openai.azure.com`, and `model` is the
 * deployment's name. (Azure's newer `/openai/v1` surface is plain: take the profile `openai` with that base.)
 */
export const azure: EndpointProfile<AzureParameters> = {
  id: 'azure',
  name: 'Azure OpenAI',
  path: '/openai/deployments/{model}/chat/completions',
  query: { 'api-version': '2024-10-21' },
  auth: { header: 'api-key', prefix: '' },
  keyVariable: 'AZURE_OPENAI_API_KEY',
  parameters: {
    user: { support: 'deprecated', reason: 'Use `safety_identifier` and `prompt_cache_key`.' },
    web_search_options: {
      support: 'refused',
      reason: 'Deployments do not search the web; see `data_sources`.',
    },
  },
  extraParameters: {
    data_sources: { type: 'array', items: { type: 'object', required: ['type'] } },
    user_security_context: { type: 'object' },
  },
  unknownParameters: 'refused',
  messages: {
    unknownFields: 'refused',
    toolCallId: { pattern: '^.{1,40}$', hint: 'at most 40 characters' },
  },
  prefill: { style: 'none' },
  strictSchema: { level: 'error', limits: { maxProperties: 100, maxDepth: 5 } },
}
