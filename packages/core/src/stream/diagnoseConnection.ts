import type { CompletionErrorData } from '../CompletionError.ts'
import type { Model } from '../wire.ts'
import { endpointHeaders, endpointURL, type ChatClient, type Endpoint } from './createClient.ts'
import { describeCause } from './describeCause.ts'
import { describeFailure, readBody } from './describeFailure.ts'
import { readModels } from './listModels.ts'
import { isObject } from './plainValue.ts'

/**
 * What stands between a page (or a program) and a server:
 * - `ok`: nothing;
 * - `address-invalid`: the base URL is no address;
 * - `offline`: this machine has no network;
 * - `mixed-content`: a page from https may not ask a server over http;
 * - `unreachable`: nothing answers there;
 * - `cors-refused`: the server is there and does not let this page ask;
 * - `cors-refuses-headers`: it lets the page ask, but not with these headers;
 * - `cors-missing-on-errors`: it hides its errors from pages, of which a wrong key is the likeliest;
 * - `path-wrong`: the server is there, but not under this path; `baseURL` says where, if it was found;
 * - `key-missing`, `key-refused`;
 * - `not-an-api`: something answers that is no such server;
 * - `model-loading`: the server is up and its model is not yet;
 * - `model-unknown`: the server does not list this model;
 * - `server-error`: the server answers with a failure of its own.
 */
export type ConnectionCode =
  | 'ok'
  | 'address-invalid'
  | 'offline'
  | 'mixed-content'
  | 'unreachable'
  | 'cors-refused'
  | 'cors-refuses-headers'
  | 'cors-missing-on-errors'
  | 'path-wrong'
  | 'key-missing'
  | 'key-refused'
  | 'not-an-api'
  | 'model-loading'
  | 'model-unknown'
  | 'server-error'

/** How a connection stands. */
export interface ConnectionDiagnosis {
  readonly code: ConnectionCode
  /** What it is and what to do, in one or two sentences. */
  readonly message: string
  /** The base URL under which the server was found, with `path-wrong`. */
  readonly baseURL?: string
  /** The models that the server lists, when it told. */
  readonly models?: readonly Model[]
  /** HTTP status of the answer that decided it. */
  readonly status?: number
  /** The server's own words. */
  readonly serverMessage?: string
}

/** What is to be found out about. */
export type DiagnosisOptions = (Endpoint | { client: ChatClient }) & {
  /** Also look whether the server lists this model. */
  model?: string | undefined
  signal?: AbortSignal | undefined
  /** How long to wait for each answer, in milliseconds. @default 10_000 */
  timeoutMs?: number | undefined
  /** The address of the page, for the rules of mixed content. @default this page's */
  pageURL?: string | undefined
}

/** An answer to a question, or why there was none. */
type Answer = { status: number; body: unknown; text: string } | { error: unknown }

/**
 * Finds out why a server cannot be used, or that it can, with a few requests that cost nothing (it lists models, at most
 * posts a completion without messages). A failed `fetch` in a page hides its reason; what the same server answers to other questions
 * tells it. Rejects only when `signal` aborts.
 */
export async function diagnoseConnection(options: DiagnosisOptions): Promise<ConnectionDiagnosis> {
  const endpoint: Endpoint = 'client' in options ? options.client : options
  const { baseURL } = endpoint
  const page = options.pageURL ?? globalThis.location?.href
  const ask = (url: string, init: RequestInit = {}): Promise<Answer> => request(url, init, endpoint, options)

  let modelsURL: string
  try {
    modelsURL = endpointURL(endpoint, 'models')
  } catch (error) {
    return { code: 'address-invalid', message: error instanceof Error ? error.message : String(error) }
  }
  if (page?.startsWith('https:') && /^http:/i.test(baseURL) && !isThisMachine(baseURL)) {
    return {
      code: 'mixed-content',
      message: `This page came over https, so the browser does not let it ask ${baseURL} over http. Put the server behind https, or open the page over http.`,
    }
  }

  let headers: Headers
  try {
    headers = await endpointHeaders(endpoint)
  } catch {
    return {
      code: 'key-refused',
      message:
        'The API key or a header has characters that cannot be sent. Paste it again, without quotes or an ellipsis.',
    }
  }
  const answer = await ask(modelsURL, { headers })
  if ('error' in answer) return explainSilence(answer.error, endpoint, headers, page, ask)
  const diagnosis = await explainAnswer(answer, endpoint, headers, options.model, ask)
  if (diagnosis.code !== 'ok') return diagnosis
  if (page !== undefined) {
    // A list of models needs no preflight where there is no key, but a completion always does.
    const preflighted = await ask(modelsURL, { headers: withJson(headers) })
    if ('error' in preflighted) return refusesHeaders(withJson(headers), answer.status)
  }
  return (await explainUnusedKey(endpoint, headers, ask)) ?? diagnosis
}

type Ask = (url: string, init?: RequestInit) => Promise<Answer>

async function request(
  url: string,
  init: RequestInit,
  endpoint: Endpoint,
  { signal, timeoutMs = 10_000 }: DiagnosisOptions,
): Promise<Answer> {
  signal?.throwIfAborted()
  const fetch = endpoint.fetch ?? globalThis.fetch
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  signal?.addEventListener('abort', abort, { once: true })
  const timer = setTimeout(abort, timeoutMs)
  try {
    const response = await fetch(url, { ...init, signal: controller.signal })
    const text = response.type === 'opaque' ? '' : await response.text()
    return { status: response.status, body: readBody(text), text }
  } catch (error) {
    signal?.throwIfAborted()
    return { error: controller.signal.aborted ? new Error(`no answer within ${timeoutMs / 1000} s`) : error }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// No answer
// ---------------------------------------------------------------------------------------------------------------------

/** Why a question had no answer: nobody there, or an answer that the browser hides. */
async function explainSilence(
  error: unknown,
  endpoint: Endpoint,
  headers: Headers,
  page: string | undefined,
  ask: Ask,
): Promise<ConnectionDiagnosis> {
  const { baseURL } = endpoint
  const modelsURL = endpointURL(endpoint, 'models')
  // The browser lets a page ask anyone as long as it does not read the answer: one that comes proves the server there.
  const blind = page === undefined ? { error } : await ask(modelsURL, { mode: 'no-cors' })
  if ('error' in blind) {
    if (isOffline() && !isThisMachine(baseURL)) {
      return { code: 'offline', message: 'This machine has no network. Connect it, then try again.' }
    }
    return {
      code: 'unreachable',
      // A page is told no cause.
      message: `Nothing answers at ${baseURL}${page === undefined ? describeCause(error) : ''}. Check that the server runs, and its host and port.`,
    }
  }
  const hasHeaders = [...headers].length > 0
  if (hasHeaders) {
    // Without headers of ours there is no preflight that the server could refuse.
    const bare = await ask(modelsURL)
    if (!('error' in bare)) {
      return refusesHeaders(headers, bare.status)
    }
  }
  // Many allow pages where they know the path, and forget it in their 404.
  const found = await findPath(endpoint, headers, ask)
  if (found !== undefined) return pathWrong(found)
  for (const path of ['/health', '/version', '/']) {
    const open = await ask(new URL(path, new URL(baseURL.trim(), page)).href)
    if ('error' in open) continue
    return {
      code: 'cors-missing-on-errors',
      message: hasHeaders
        ? 'The server answers this page, but hides its errors from it (no CORS headers on them); most likely it refuses the API key. Check the key.'
        : 'The server answers this page, but hides its errors from it (no CORS headers on them); most likely it wants an API key. Enter one.',
    }
  }
  const origin = page === undefined ? 'this page' : new URL(page).origin
  return {
    code: 'cors-refused',
    message: `A server answers at ${baseURL}, but does not let pages from ${origin} read it (CORS). Allow that origin when starting it (vLLM: --allowed-origins, Ollama: OLLAMA_ORIGINS, transformers: --enable-cors), or ask through a proxy of your own.`,
  }
}

function refusesHeaders(headers: Headers, status: number): ConnectionDiagnosis {
  return {
    code: 'cors-refuses-headers',
    message: `The server lets this page ask, but not with these headers: ${[...headers.keys()].join(', ')}. Allow them in its CORS settings, or ask through a proxy of your own.`,
    status,
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// An answer
// ---------------------------------------------------------------------------------------------------------------------

/** What an answer to the question for models says about the connection. */
async function explainAnswer(
  answer: Exclude<Answer, { error: unknown }>,
  endpoint: Endpoint,
  headers: Headers,
  model: string | undefined,
  ask: Ask,
): Promise<ConnectionDiagnosis> {
  const { status, body } = answer
  const facts = describeFailure(body, { type: 'http', status })
  const told = { status, ...(facts.serverMessage !== undefined && { serverMessage: facts.serverMessage }) }

  const models = status < 400 ? readModels(body) : undefined
  if (models !== undefined) return explainModels(models, model, status)
  if (status === 401 || status === 403) return explainKey(endpoint, facts, told)
  if (isLoading(status, facts)) {
    return {
      code: 'model-loading',
      message: 'The server is up and is still loading its model. Try again in a moment.',
      ...told,
    }
  }
  const found = await findPath(endpoint, headers, ask)
  if (found !== undefined) return { ...pathWrong(found), ...told }
  // Some servers list no models, and a gateway may fail to: what counts is whether completions can be asked for.
  const probed = await probe(endpoint, headers, ask)
  if (probed === 400 || probed === 422) {
    return { code: 'ok', message: 'The server takes requests; it lists no models.', status: probed }
  }
  if (typeof probed === 'object') return probed
  if (status >= 500) {
    return { code: 'server-error', message: facts.message, ...told }
  }
  return {
    code: status === 404 || status === 405 ? 'path-wrong' : 'not-an-api',
    message:
      status === 404 || status === 405
        ? `Something answers at ${endpoint.baseURL}, but it knows neither models nor chat completions there. Check the path; it usually is /v1.`
        : `What answers at ${endpoint.baseURL} is ${describeBody(answer.text)}, not a Chat Completions server. Check the address; the path usually is /v1.`,
    ...told,
  }
}

/** Posts what no server can answer. Returns what is wrong with the key, else the status of an answer in JSON. */
async function probe(
  endpoint: Endpoint,
  headers: Headers,
  ask: Ask,
): Promise<ConnectionDiagnosis | number | undefined> {
  const url = endpointURL(endpoint, 'chat/completions')
  // llama-cpp-python answers a request without messages at length.
  const answer = await ask(url, { method: 'POST', headers: withJson(headers), body: '{"messages":""}' })
  if ('error' in answer || !isObject(answer.body)) return undefined
  const { status, body } = answer
  if (status !== 401 && status !== 403) return status
  return explainKey(endpoint, describeFailure(body, { type: 'http', status }), { status })
}

/** Some list their models to everyone (OpenRouter): then only a completion tells what the key is worth. */
async function explainUnusedKey(
  endpoint: Endpoint,
  headers: Headers,
  ask: Ask,
): Promise<ConnectionDiagnosis | undefined> {
  if ([...headers].length === 0) return undefined
  const bare = await ask(endpointURL(endpoint, 'models'))
  if ('error' in bare || bare.status >= 400 || readModels(bare.body) === undefined) return undefined
  const probed = await probe(endpoint, headers, ask)
  return typeof probed === 'object' ? probed : undefined
}

function pathWrong(baseURL: string): ConnectionDiagnosis {
  return {
    code: 'path-wrong',
    message: `The server is there, but under another path. Use ${baseURL} as base URL.`,
    baseURL,
  }
}

function explainModels(
  models: readonly Model[],
  model: string | undefined,
  status: number,
): ConnectionDiagnosis {
  // Ollama takes a name without its tag for the latest.
  const isListed = models.some(({ id }) => id === model || id === `${model}:latest`)
  if (model === undefined || models.length === 0 || isListed) {
    return { code: 'ok', message: 'The server answers and lists its models.', models, status }
  }
  const names = models.slice(0, 3).map(({ id }) => id)
  return {
    code: 'model-unknown',
    message: `The server does not list the model ${model}. It has ${names.join(', ')}${models.length > 3 ? ', …' : ''}.`,
    models,
    status,
  }
}

function explainKey(
  { apiKey, headers }: Endpoint,
  { serverMessage }: CompletionErrorData,
  told: { status: number },
): ConnectionDiagnosis {
  const words = serverMessage === undefined ? '' : ` (${serverMessage.slice(0, 200)})`
  const hasKey = apiKey !== undefined || headers !== undefined
  return {
    code: hasKey ? 'key-refused' : 'key-missing',
    message: hasKey
      ? `The server refuses the API key${words}. Check that it is whole and belongs to this server.`
      : `The server wants an API key${words}. Enter one.`,
    ...told,
    ...(serverMessage !== undefined && { serverMessage }),
  }
}

/** llama.cpp answers 503 `Loading model`, others `model is loading`; not those that are overloaded. */
function isLoading(status: number, { serverMessage = '' }: CompletionErrorData): boolean {
  return status === 503 && /\bload/i.test(serverMessage)
}

/** A base URL beside the given one under which the server does answer as it should. */
async function findPath(endpoint: Endpoint, headers: Headers, ask: Ask): Promise<string | undefined> {
  const base = endpoint.baseURL.trim().replace(/\/+$/, '')
  const [plain = '', query = ''] = base.split(/(?=\?)/)
  const root = plain.replace(/(?:\/v1)+$/, '')
  const origin = /^https?:\/\/[^/]+/i.exec(plain)?.[0] ?? ''
  const candidates = new Set([`${root}/v1`, root, `${root}/api/v1`, `${root}/openai/v1`, `${origin}/v1`])
  for (const candidate of candidates) {
    if (candidate === plain || candidate === '') continue
    const baseURL = candidate + query
    const answer = await ask(endpointURL({ baseURL }, 'models'), { headers })
    if ('error' in answer || !isObject(answer.body)) continue
    const isList = answer.status < 400 && readModels(answer.body) !== undefined
    if (isList || answer.status === 401 || answer.status === 403) return baseURL
  }
  return undefined
}

function withJson(headers: Headers): Headers {
  const all = new Headers(headers)
  all.set('content-type', 'application/json')
  return all
}

function describeBody(text: string): string {
  if (text.trim() === '') return 'empty'
  return text.trimStart().startsWith('<') ? 'a web page' : 'something else'
}

/** Whether an address is this machine's own, which browsers let every page ask. */
function isThisMachine(baseURL: string): boolean {
  return /^https?:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?=[:/]|$)/i.test(baseURL.trim())
}

/** Node has a `navigator` that does not know. */
function isOffline(): boolean {
  const { navigator } = globalThis
  return navigator !== undefined && 'onLine' in navigator && !navigator.onLine
}
