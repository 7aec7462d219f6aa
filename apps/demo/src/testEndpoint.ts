import { CompletionError, type CompletionErrorData } from '@candor/core'

import type { EndpointDraft } from './connection.ts'
import { presetOf } from './endpointPresets.ts'

/** Lists the ids of the models at an address; throws a `CompletionError` where there is no such list. */
export type ListModelIds = (baseUrl: string) => Promise<readonly string[]>

/** What a test of an address found. */
export interface EndpointFinding {
  /** `usable`: messages can be sent. `doubtful`: perhaps. `unusable`: not like this. */
  verdict: 'usable' | 'doubtful' | 'unusable'
  /** What is so or what is wrong and what to do, in one sentence or two. */
  sentence: string
  /** The ids of the models that the server lists. */
  models: readonly string[]
  /** The address that does work, where a neighbouring one was tried. */
  betterBaseUrl?: string
}

/**
 * An address as it was meant: with a scheme, without a path of the API behind it. `''` stays `''`.
 */
export function tidyBaseUrl(typed: string): string {
  const address = typed.trim()
  if (address === '') return ''
  const local = /^(localhost|127\.|0\.0\.0\.0|\[::1\]|192\.168\.|10\.|[\w-]+:\d+)/.test(address)
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(address)
    ? address
    : `${local ? 'http' : 'https'}://${address}`
  return withScheme.replace(/\/+$/, '').replace(/\/(chat\/completions|completions|models)$/, '')
}

/** Asks an address for its models and says in a sentence what that tells. */
export async function testEndpoint(
  { baseUrl, apiKey, model }: EndpointDraft,
  listModelIds: ListModelIds,
): Promise<EndpointFinding> {
  const host = hostOf(baseUrl)
  if (host === undefined) {
    return unusable(`“${baseUrl}” is not an address; one looks like http://localhost:8080/v1.`)
  }
  const answer = await ask(baseUrl, listModelIds)
  if (!(answer instanceof CompletionError)) return listed(host, answer, model)

  const { type, status, serverMessage } = answer
  if (type === 'network') {
    return unusable('The demo’s own server does not answer, so nothing could be asked. Is it still running?')
  }
  if (answer.serverType === 'relay_error') return unusable(unreachable(host, baseUrl, answer))
  // Ollama before its first model: a list that is null.
  if (isObject(answer.raw) && answer.raw['data'] === null) return listed(host, [], model)

  const isPage = typeof answer.raw === 'string' && /^\s*<(!doctype|html)/i.test(answer.raw)
  const endsInVersion = /\/v\d+[a-z]*$/.test(baseUrl)
  // A base URL without `/v1` is the commonest slip: look whether the API stands there.
  if (!endsInVersion && (isPage || status === 404 || status === 405)) {
    const betterBaseUrl = `${baseUrl}/v1`
    const second = await ask(betterBaseUrl, listModelIds)
    if (!(second instanceof CompletionError) || isKeyProblem(second.status)) {
      return {
        verdict: 'unusable',
        sentence: `The API of ${host} stands at ${betterBaseUrl}.`,
        models: second instanceof CompletionError ? [] : second,
        betterBaseUrl,
      }
    }
  }

  const words = serverMessage === undefined ? '' : `: “${serverMessage.slice(0, 160).replace(/\.$/, '')}”`
  if (isKeyProblem(status)) {
    return unusable(
      apiKey === ''
        ? `${host} wants a key (${status}). Type one above and test again.`
        : `${host} refuses this key (${status})${words}. Check that it is whole and of this server, or make a new one.`,
    )
  }
  if (status === 503) {
    return doubtful(
      `${host} is there but not ready (503)${words}; it may still be loading its model. Test again in a moment.`,
    )
  }
  if (isPage) {
    return unusable(
      `${host} answers with a web page, not an API: the base URL is another one, most often ending in /v1.`,
    )
  }
  if (status === 404) {
    // A server that says 404 in the API's own shape is one that merely lists no models.
    return endsInVersion && isObject(answer.raw)
      ? doubtful(
          `${host} lists no models (404)${words}. If the address is right, type the model’s name and try.`,
        )
      : unusable(
          `${host} has nothing at ${baseUrl} (404): the base URL is another one, most often ending in /v1.`,
        )
  }
  if (status === 429) return doubtful(`${host} is there and asks to wait (429)${words}.`)
  if (status !== undefined && status >= 500) {
    return doubtful(`${host} failed to list its models (${status})${words}. Messages may work all the same.`)
  }
  if (status !== undefined && status >= 400) {
    return unusable(`${host} refuses to list its models (${status})${words}.`)
  }
  return doubtful(
    `Something answers at ${host}, but not with a list of models. If the address is right, type the model’s name and try.`,
  )
}

async function ask(
  baseUrl: string,
  listModelIds: ListModelIds,
): Promise<readonly string[] | CompletionError> {
  try {
    return await listModelIds(baseUrl)
  } catch (error) {
    if (error instanceof CompletionError) return error
    throw error
  }
}

function listed(host: string, models: readonly string[], model: string): EndpointFinding {
  if (models.length === 0) {
    return {
      verdict: 'doubtful',
      sentence: `${host} answers, but has no model yet. Load one there, or type a name that it knows.`,
      models,
    }
  }
  if (model !== '' && !models.includes(model)) {
    return {
      verdict: 'doubtful',
      sentence: `${host} answers and lists ${count(models.length)}, but not “${model}”.`,
      models,
    }
  }
  return { verdict: 'usable', sentence: `${host} answers and lists ${count(models.length)}.`, models }
}

/** Why the demo's relay could not reach an address, and what to do, by the code of its error. */
export function unreachable(
  host: string,
  baseUrl: string,
  { code, serverMessage }: Pick<CompletionErrorData, 'code' | 'serverMessage'>,
): string {
  const start = presetOf(baseUrl)?.howToStart
  switch (code) {
    case 'ECONNREFUSED':
      return `No server answers at ${host}. ${start ?? 'Is it running, and is the port right?'}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no ${host.replace(/:\d+$/, '')} on the network: check the spelling, and whether you are online.`
    case 'ETIMEDOUT':
      return `${host} did not answer in time. Is it switched on, and reachable from this machine?`
    case 'ECONNRESET':
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return baseUrl.startsWith('https:')
        ? `${host} closed the connection: it may speak http, not https.`
        : `${host} closed the connection: it may speak https, not http.`
    default:
      // Among them a redirection, with the address to use instead.
      return serverMessage ?? `${host} could not be reached.`
  }
}

function unusable(sentence: string): EndpointFinding {
  return { verdict: 'unusable', sentence, models: [] }
}

function doubtful(sentence: string): EndpointFinding {
  return { verdict: 'doubtful', sentence, models: [] }
}

function hostOf(baseUrl: string): string | undefined {
  try {
    const url = new URL(baseUrl)
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.host : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isKeyProblem(status: number | undefined): boolean {
  return status === 401 || status === 403
}

function count(models: number): string {
  return models === 1 ? 'one model' : `${models} models`
}
