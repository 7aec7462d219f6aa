import type { Endpoint } from '../stream/createClient.ts'
import { endpointHeaders, endpointURL } from '../stream/createClient.ts'
import { readModels } from '../stream/listModels.ts'
import type { Model } from '../wire.ts'
import { isObject } from './checkJson.ts'
import type { EndpointProfile } from './EndpointProfile.ts'
import { azure } from './profiles/azure.ts'
import { deepseek } from './profiles/deepseek.ts'
import { fireworks } from './profiles/fireworks.ts'
import { gemini } from './profiles/gemini.ts'
import { groq } from './profiles/groq.ts'
import { litellm } from './profiles/litellm.ts'
import { llamaCpp } from './profiles/llamaCpp.ts'
import { llamaCppPython } from './profiles/llamaCppPython.ts'
import { lmStudio } from './profiles/lmStudio.ts'
import { mistral } from './profiles/mistral.ts'
import { moonshot } from './profiles/moonshot.ts'
import { ollama } from './profiles/ollama.ts'
import { openai } from './profiles/openai.ts'
import { openrouter } from './profiles/openrouter.ts'
import { sglang } from './profiles/sglang.ts'
import { together } from './profiles/together.ts'
import { vllm } from './profiles/vllm.ts'
import { xai } from './profiles/xai.ts'

/** How sure it is: it says so itself (`certain`), it looks like it (`likely`), only its port suggests it (`guess`). */
export type Certainty = 'certain' | 'likely' | 'guess'

/** What kind of server answers at an address. */
export interface DetectedProfile {
  /** The profile, or `null` where nothing tells. */
  profile: EndpointProfile | null
  /** How sure that is; `null` where there is no profile. */
  certainty: Certainty | null
  /** What was seen, one sentence each, the strongest first. */
  reasons: string[]
  /** The models that it listed; empty where it did not. */
  models: Model[]
}

/** Where to ask, and when to stop. */
export interface DetectProfileOptions extends Endpoint {
  /** Gives up. */
  signal?: AbortSignal
}

interface Sign {
  profile: EndpointProfile
  certainty: Certainty
  reason: string
}

/**
 * Asks a server for its models and tells from the answer, its headers and its address what kind of server it is.
 * Never throws on what the server does: no answer is a reason, too. Rejects only when `signal` aborts or the address is
 * none.
 */
export async function detectProfile(options: DetectProfileOptions): Promise<DetectedProfile> {
  const signs = signsOfAddress(endpointURL(options, 'models'))
  let models: Model[] = []
  const notes: string[] = []
  try {
    const answer = await ask(options)
    models = readModels(answer.body) ?? []
    signs.push(...signsOfHeaders(answer.headers), ...signsOfModels(answer.body, models))
    if (signs.length === 0)
      notes.push('It answered, and nothing in the answer tells what kind of server it is.')
    if (answer.status >= 400) notes.push(`It answered its list of models with status ${answer.status}.`)
  } catch (error) {
    if (options.signal?.aborted) throw error
    notes.push(`It did not answer for its list of models (${reasonOf(error)}).`)
  }
  const ranked = signs.toSorted((left, right) => RANK[right.certainty] - RANK[left.certainty])
  const [best] = ranked
  return {
    profile: best?.profile ?? null,
    certainty: best?.certainty ?? null,
    reasons: [...ranked.map(({ reason }) => reason), ...notes],
    models,
  }
}

const RANK: { readonly [Level in Certainty]: number } = { certain: 2, likely: 1, guess: 0 }

/** `fetch` itself only says that it failed; Node tells why in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

async function ask(
  options: DetectProfileOptions,
): Promise<{ status: number; headers: Headers; body: unknown }> {
  const { fetch = globalThis.fetch, signal } = options
  const headers = await endpointHeaders(options)
  const response = await fetch(endpointURL(options, 'models'), { headers, ...(signal && { signal }) })
  const text = await response.text()
  let body: unknown = null
  try {
    body = JSON.parse(text)
  } catch {
    // A page or plain text: its headers may tell all the same.
  }
  return { status: response.status, headers: response.headers, body }
}

const HOSTS: readonly (readonly [pattern: RegExp, profile: EndpointProfile])[] = [
  [/^api\.openai\.com$/, openai],
  [/\.(openai|cognitiveservices|services\.ai)\.azure\.com$/, azure],
  [/(^|\.)openrouter\.ai$/, openrouter],
  [/(^|\.)groq\.com$/, groq],
  [/(^|\.)deepseek\.com$/, deepseek],
  [/(^|\.)mistral\.ai$/, mistral],
  [/^generativelanguage\.googleapis\.com$/, gemini],
  [/(^|\.)x\.ai$/, xai],
  [/(^|\.)together\.(xyz|ai)$/, together],
  [/(^|\.)fireworks\.ai$/, fireworks],
  [/(^|\.)moonshot\.(ai|cn)$/, moonshot],
]

const PORTS: { readonly [port: string]: EndpointProfile } = {
  11434: ollama,
  1234: lmStudio,
  8080: llamaCpp,
  8000: vllm,
  30000: sglang,
  4000: litellm,
}

function signsOfAddress(address: string): Sign[] {
  if (!URL.canParse(address)) return []
  const { hostname, port, pathname } = new URL(address)
  const host = HOSTS.find(([pattern]) => pattern.test(hostname))
  if (host) {
    const [, profile] = host
    // Azure's newer surface speaks plain OpenAI.
    const isPlainAzure = profile === azure && pathname.startsWith('/openai/v1')
    const reason = `${hostname} is ${profile.name}'s own address.`
    return [{ profile: isPlainAzure ? openai : profile, certainty: 'certain', reason }]
  }
  const usual = PORTS[port]
  return usual
    ? [{ profile: usual, certainty: 'guess', reason: `Port ${port} is ${usual.name}'s usual one.` }]
    : []
}

const HEADERS: readonly (readonly [
  header: string,
  value: RegExp,
  profile: EndpointProfile,
  certainty: Certainty,
])[] = [
  ['server', /^llama\.cpp/i, llamaCpp, 'certain'],
  ['server', /^ollama/i, ollama, 'certain'],
  ['x-litellm-version', /./, litellm, 'certain'],
  ['x-litellm-call-id', /./, litellm, 'certain'],
  ['x-groq-region', /./, groq, 'certain'],
  ['apim-request-id', /./, azure, 'likely'],
  ['mistral-correlation-id', /./, mistral, 'certain'],
  ['openai-version', /./, openai, 'likely'],
]

function signsOfHeaders(headers: Headers): Sign[] {
  return HEADERS.flatMap(([header, pattern, profile, certainty]) => {
    const value = headers.get(header)
    if (value === null || !pattern.test(value)) return []
    return [{ profile, certainty, reason: `It answers with the header ${header}: ${value}.` }]
  })
}

/** What servers write as the owner of their models. */
const OWNERS: { readonly [owner: string]: readonly [profile: EndpointProfile, certainty: Certainty] } = {
  llamacpp: [llamaCpp, 'certain'],
  vllm: [vllm, 'certain'],
  sglang: [sglang, 'certain'],
  library: [ollama, 'likely'],
  organization_owner: [lmStudio, 'likely'],
  me: [llamaCppPython, 'likely'],
  groq: [groq, 'likely'],
  mistralai: [mistral, 'likely'],
  deepseek: [deepseek, 'likely'],
  xai: [xai, 'likely'],
  system: [openai, 'likely'],
}

function signsOfModels(body: unknown, models: readonly Model[]): Sign[] {
  const signs: Sign[] = []
  const owners = new Set(models.map(({ owned_by: owner }) => owner?.toLowerCase()))
  for (const owner of owners) {
    const known = owner !== undefined && Object.hasOwn(OWNERS, owner) ? OWNERS[owner] : undefined
    if (!known) continue
    const [profile, certainty] = known
    signs.push({ profile, certainty, reason: `It names "${owner}" as the owner of its models.` })
  }
  const [first] = models
  if (first && isObject(first.meta) && 'n_ctx_train' in first.meta) {
    signs.push({ profile: llamaCpp, certainty: 'certain', reason: 'It tells `n_ctx_train` of its models.' })
  }
  if (first && 'max_model_len' in first && signs.length === 0) {
    signs.push({ profile: vllm, certainty: 'likely', reason: 'It tells `max_model_len` of its models.' })
  }
  if (first && isObject(first.pricing) && 'architecture' in first) {
    signs.push({ profile: openrouter, certainty: 'likely', reason: 'It tells `pricing` of its models.' })
  }
  if (isObject(body) && !Array.isArray(body.data) && Array.isArray(body.models)) {
    signs.push({ profile: ollama, certainty: 'guess', reason: 'It lists its models in a form of its own.' })
  }
  return signs
}
