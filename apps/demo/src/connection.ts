import { createClient, listModels, llamaCpp, type Endpoint, type EndpointProfile } from '@candor/core'

import { presetOf } from './endpointPresets.ts'
import { progressFacts } from './progressFacts.ts'
import { EMBEDDED_DEFAULTS, ENDPOINT_DEFAULTS, type Figures } from './settings.ts'
import type { EndpointKind, EndpointStatus } from '../server/status.ts'

/** How the model stands that the demo's server gives to the page. */
export type OwnModel =
  | EndpointStatus
  /** The page has not heard from the demo's server yet. */
  | { state: 'connecting' }
  /** The demo's server does not answer any more. */
  | { state: 'unreachable' }

/** An address as it was typed, and as it is used. */
export interface EndpointDraft {
  /** Everything before `/chat/completions`. */
  baseUrl: string
  /** `''` sends none. In the memory of the tab and nowhere else. */
  apiKey: string
  model: string
}

export const EMPTY_DRAFT: EndpointDraft = { baseUrl: '', apiKey: '', model: '' }

/** What the demo talks to, in the few words of the sidebar. */
export interface ConnectionView {
  tone: 'ok' | 'busy' | 'bad' | 'quiet'
  name: string
  detail: string
}

export function connectionView(own: OwnModel, endpoint: EndpointDraft | undefined): ConnectionView {
  if (endpoint !== undefined) {
    const host = URL.canParse(endpoint.baseUrl) ? new URL(endpoint.baseUrl).host : endpoint.baseUrl
    return {
      tone: own.state === 'unreachable' ? 'bad' : 'quiet',
      name: endpoint.model,
      detail: [
        presetOf(endpoint.baseUrl)?.profile.name ?? 'endpoint',
        host,
        endpoint.apiKey === '' ? 'no key' : 'key in this tab',
      ].join(' · '),
    }
  }
  switch (own.state) {
    case 'connecting':
      return { tone: 'busy', name: 'Connecting', detail: 'to the demo’s server' }
    case 'unreachable':
      return { tone: 'bad', name: 'Demo server gone', detail: 'start it again in the terminal' }
    case 'preparing':
      return {
        tone: 'busy',
        name: 'Getting the model ready',
        detail: own.bytesDone === undefined ? own.what : progressFacts(own),
      }
    case 'ready':
      return { tone: 'ok', name: own.model, detail: READY_DETAIL[own.kind](own.baseUrl) }
    case 'stopped':
      return { tone: 'bad', name: 'Model stopped', detail: 'start it again here' }
    case 'failed':
      return { tone: 'bad', name: 'No model', detail: 'see what happened' }
    case 'none':
      return { tone: 'bad', name: 'No model', detail: 'choose an endpoint' }
    default: {
      const unknown: never = own
      return unknown
    }
  }
}

const READY_DETAIL: Record<EndpointKind, (baseUrl: string | undefined) => string> = {
  embedded: () => 'embedded · llama.cpp · no key',
  gguf: () => 'own file · llama.cpp · no key',
  env: (baseUrl) => `${baseUrl === undefined ? 'endpoint' : new URL(baseUrl).host} · from the environment`,
  none: () => '',
}

/** Where messages go, and what is known of the model there. */
export interface Target {
  endpoint: Pick<Endpoint, 'baseURL' | 'apiKey' | 'headers'>
  /** `''` while no model is known. */
  model: string
  defaults: Figures
  /** What the server accepts and refuses, where that is known. */
  profile: EndpointProfile | undefined
  /** Why answers are limited when the reader set no limit. */
  limitNote?: string
  /** The model has to be told to call a tool, and then to answer. */
  tooSmallToChoose: boolean
  /** What switching the tools on means here. */
  toolsNote: string
}

/** Where messages go: to the typed address, else to the server's own model, `ownModel` by its last name. */
export function targetOf(own: OwnModel, ownModel: string, endpoint: EndpointDraft | undefined): Target {
  if (endpoint !== undefined) {
    const preset = presetOf(endpoint.baseUrl)
    return {
      endpoint: relayed(endpoint),
      model: endpoint.model,
      defaults: ENDPOINT_DEFAULTS,
      profile: preset?.profile,
      tooSmallToChoose: false,
      toolsNote: 'The model may call two harmless tools: get_weather, and roll_dice, which fails on purpose',
    }
  }
  const kind = 'kind' in own ? own.kind : 'embedded'
  const embedded = kind === 'embedded'
  return {
    endpoint: { baseURL: '/candor/v1' },
    model: ownModel,
    defaults: embedded ? EMBEDDED_DEFAULTS : ENDPOINT_DEFAULTS,
    profile: kind === 'env' ? presetOf(own.state === 'ready' ? (own.baseUrl ?? '') : '')?.profile : llamaCpp,
    ...(embedded && {
      limitNote: `The answer is cut off there. A model this small can ramble, so ${EMBEDDED_DEFAULTS.max_tokens} is the default here.`,
    }),
    tooSmallToChoose: embedded,
    toolsNote: embedded
      ? 'This model is too small to choose for itself: with tools on, each message calls one. Larger models choose.'
      : 'The model may call two harmless tools: get_weather, and roll_dice, which fails on purpose',
  }
}

/** A typed address, reached through the demo's own server: many servers refuse pages of another origin. */
function relayed({ baseUrl, apiKey }: Pick<EndpointDraft, 'baseUrl' | 'apiKey'>): Target['endpoint'] {
  return {
    baseURL: '/candor/relay',
    headers: { 'x-candor-base-url': baseUrl },
    ...(apiKey === '' ? {} : { apiKey }),
  }
}

/** The ids of the models at a typed address. Throws a `CompletionError`. */
export async function listModelIds(endpoint: EndpointDraft): Promise<readonly string[]> {
  const models = await listModels(createClient(relayed(endpoint)))
  return models.map(({ id }) => id)
}
