import type { Endpoint } from '../stream/createClient.ts'
import type { EndpointProfile } from './EndpointProfile.ts'

/** What an app knows of its server beside the profile. */
export interface ProfileEndpointOptions extends Omit<Endpoint, 'baseURL'> {
  /** Where the server is. @default the profile's own */
  baseURL?: string
  /** The model of the requests, where the path names it (Azure: the deployment). */
  model?: string
  /** Whether the requests continue an answer that was begun; DeepSeek takes those at another address. @default false */
  prefill?: boolean
}

/**
 * Where requests to this kind of server go and with which headers, for `streamCompletion` and `createClient`: Azure's
 * path, `api-version` and `api-key`, for one. Throws where no address is known.
 */
export function profileEndpoint(profile: EndpointProfile, options: ProfileEndpointOptions = {}): Endpoint {
  const { baseURL: givenURL, model, prefill, apiKey, headers, ...rest } = options
  const prefillURL = profile.prefill?.style === 'message-flag' ? profile.prefill.baseURL : undefined
  const address = givenURL ?? (prefill ? prefillURL : undefined) ?? profile.baseURL
  if (address === undefined) {
    throw new Error(
      `Where ${profile.name} is depends on the account, and no baseURL was given. Give it: profileEndpoint(profile, { baseURL }).`,
    )
  }
  const path = (profile.path ?? '').replace(/\/chat\/completions$/, '')
  if (path.includes('{model}') && model === undefined) {
    throw new Error(
      `The address of ${profile.name} names the model, and none was given. Give it: profileEndpoint(profile, { model }).`,
    )
  }
  const [base = '', query = ''] = address.split('?')
  const search = new URLSearchParams({ ...profile.query, ...Object.fromEntries(new URLSearchParams(query)) })
  const root = base.replace(/\/+$/, '').replace(/\/chat\/completions$/, '')
  // Azure's portal shows the whole address of a deployment, and people paste it.
  const isWhole = path !== '' && endsWithPath(root, path)
  const place = isWhole ? root : root + path.replace('{model}', encodeURIComponent(model ?? ''))
  const baseURL = search.size === 0 ? place : `${place}?${search.toString()}`
  const { auth } = profile
  if (!auth) {
    return {
      ...rest,
      baseURL,
      ...(apiKey !== undefined && { apiKey }),
      ...(headers !== undefined && { headers }),
    }
  }
  return {
    ...rest,
    baseURL,
    headers: async () => {
      const key = typeof apiKey === 'function' ? await apiKey() : apiKey
      const own = typeof headers === 'function' ? await headers() : headers
      return { ...(key && { [auth.header]: `${auth.prefix}${key}` }), ...own }
    },
  }
}

/** Whether an address ends with a profile's path already, whatever model it names. */
function endsWithPath(address: string, path: string): boolean {
  const literal = path.split('{model}').map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`${literal.join('[^/]+')}$`).test(address)
}
