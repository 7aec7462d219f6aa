import { errorCode } from './model/errorCode.ts'
import { ModelError, type ModelErrorCode } from './model/ModelError.ts'
import type { ModelServer } from './model/startModelServer.ts'

const settings = 'CANDOR_BASE_URL, CANDOR_API_KEY and CANDOR_MODEL_NAME'

/** What an endpoint of the environment can be used with. */
export interface CheckedEndpoint {
  /** The name to send. */
  modelId: string
  /** What may go wrong all the same, in one sentence. */
  warning?: string
}

/**
 * Asks an endpoint of the environment for its models, and returns the name to send: `CANDOR_MODEL_NAME`, else the
 * first that it lists.
 * @throws ModelError when nothing answers, the key is wrong, or what answers is no such API.
 */
export async function checkEnvEndpoint(server: ModelServer, signal: AbortSignal): Promise<CheckedEndpoint> {
  const { baseURL, apiKey, modelId } = server
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  const timeout = AbortSignal.timeout(15_000)
  let response: Response
  let body: string
  try {
    response = await fetch(`${baseURL}/models`, { headers, signal: AbortSignal.any([signal, timeout]) })
    body = await response.text()
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const cause = error instanceof Error ? error.cause : undefined
    const why = timeout.aborted
      ? 'no answer in 15 seconds'
      : (errorCode(cause) ?? describeCause(cause ?? error))
    throw problem(
      'offline',
      `Nothing answers at ${baseURL} (${why}).`,
      'Check that the server runs and the address is right',
    )
  }

  if (response.status === 401 || response.status === 403) {
    const why = apiKey === undefined ? 'and CANDOR_API_KEY is not set' : 'CANDOR_API_KEY is not right for it'
    throw problem(
      'setting-invalid',
      `${baseURL} asks for a key (${response.status}): ${why}.`,
      'Set the right key',
    )
  }
  const ids = response.ok ? readModelIds(body) : undefined
  if (ids) {
    const name = modelId ?? ids[0]
    if (name !== undefined && (ids.length === 0 || ids.includes(name))) return { modelId: name }
    if (name !== undefined) {
      const some = ids.slice(0, 5).join(', ') + (ids.length > 5 ? ', …' : '')
      return {
        modelId: name,
        warning: `${baseURL} does not list ${name} (CANDOR_MODEL_NAME); it lists ${some}.`,
      }
    }
    throw problem('setting-invalid', `${baseURL} lists no model.`, 'Load one there, or set CANDOR_MODEL_NAME')
  }
  const looksLikeHtml = /^\s*</.test(body)
  if (looksLikeHtml || response.status === 404) {
    // A server may lack the list of models and still answer; one that names a model is believed, unless this is a web page.
    if (modelId !== undefined && !looksLikeHtml) return { modelId }
    const what = looksLikeHtml ? 'answers with a web page' : 'has nothing there (404)'
    throw problem(
      'setting-invalid',
      `${baseURL}/models ${what}, so this is not the address of a Chat Completions API.`,
      'Most end in /v1. Set the right address',
    )
  }
  if (modelId !== undefined) return { modelId }
  throw problem(
    'setting-invalid',
    `${baseURL}/models answered ${response.status} and no list of models.`,
    'Set CANDOR_MODEL_NAME to the name of a model there',
  )
}

function describeCause(cause: unknown): string {
  const words = cause instanceof Error ? cause.message : String(cause)
  // The list of ports that fetch refuses, such as 6000, is that of the browsers.
  return words === 'bad port'
    ? 'this port is one that browsers and Node.js refuse to ask; serve on another'
    : words
}

function problem(code: ModelErrorCode, what: string, hint: string): ModelError {
  return new ModelError(
    code,
    `${what} No message can be sent there.`,
    `${hint} and start again (${settings}), or type an address in the demo.`,
  )
}

function readModelIds(body: string): string[] | undefined {
  try {
    const { data }: { data?: Array<{ id?: unknown }> | null } = JSON.parse(body)
    // Ollama without a model says null.
    if (data === null) return []
    if (!Array.isArray(data)) return undefined
    return data.flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
  } catch {
    return undefined
  }
}
