import type { Model } from '../wire.ts'
import { endpointHeaders, endpointURL, type Endpoint } from './createClient.ts'
import { readBody } from './describeFailure.ts'
import { explainFailure } from './explainFailure.ts'
import { isObject } from './plainValue.ts'
import { readResponseHead } from './readResponseHead.ts'

/**
 * The models that an endpoint offers (`GET /models`), in the server's order. Throws a `CompletionError`; an abort
 * rejects with the signal's reason.
 */
export async function listModels(
  endpoint: Endpoint,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Model[]> {
  const url = endpointURL(endpoint, 'models')
  const fetch = endpoint.fetch ?? globalThis.fetch
  let response: Response
  let text: string
  try {
    response = await fetch(url, { headers: await endpointHeaders(endpoint), ...(signal && { signal }) })
    text = await response.text()
  } catch (cause) {
    signal?.throwIfAborted()
    throw explainFailure({ type: 'network', url: endpoint.baseURL, cause })
  }
  const head = readResponseHead(response, 1)
  if (!response.ok) throw explainFailure({ type: 'http', body: text, head })
  const models = readModels(readBody(text))
  if (models === undefined) throw explainFailure({ type: 'not-an-api', body: text, head })
  return models
}

/** OpenAI's `{ data: […] }`; also `{ models: […] }` and a bare list, of objects or of names. */
export function readModels(body: unknown): Model[] | undefined {
  const list = isObject(body) ? (body['data'] ?? body['models']) : body
  if (!Array.isArray(list)) return undefined
  return list.flatMap((item: unknown): Model[] => {
    if (typeof item === 'string') return [{ id: item }]
    if (!isObject(item)) return []
    const id = item['id'] ?? item['name'] ?? item['model']
    return typeof id === 'string' ? [{ ...item, id }] : []
  })
}
