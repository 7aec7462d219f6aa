import { endpointURL } from '../stream/createClient.ts'
import type { ChatCompletionParams } from '../wire.ts'
import type { EndpointProfile } from './EndpointProfile.ts'
import { profileEndpoint } from './profileEndpoint.ts'
import { exactSeed } from './serializeRequest.ts'

/** Where an exported request goes. It never holds a key: keys stand as the name of a variable. */
export interface ExportTarget {
  /** The kind of server: its path, its header for the key, its version. @default one like OpenAI's */
  profile?: EndpointProfile
  /** Where the server is. @default the profile's own */
  baseURL?: string
  /** The environment variable that holds the key; `null` where the server wants none. @default the profile's, or API_KEY */
  keyVariable?: string | null
  /** Further headers. Those that carry keys (by their name) are written with the variable in place of their value. */
  headers?: { readonly [name: string]: string }
  /** Texts that must not show, such as the key itself: wherever they stand, the variable stands in their place. */
  secrets?: readonly string[]
}

/** Text in which the key's variable stands at some places. */
export type KeyedText = readonly (string | typeof KEY)[]

/** Stands for the value of the key's variable. */
export const KEY: unique symbol = Symbol('key')

/** A request, ready to be written down in any language. */
export interface ExportedCall {
  readonly url: KeyedText
  /** Everything before `/chat/completions`, for clients that add it. */
  readonly baseURL: KeyedText
  readonly headers: readonly (readonly [name: string, value: KeyedText])[]
  readonly body: ChatCompletionParams
  /** The environment variable of the key; `null` where there is none. */
  readonly keyVariable: string | null
  readonly secrets: readonly string[]
  readonly profile: EndpointProfile | undefined
}

/** Headers whose values are keys. */
const KEY_HEADER = /authorization|api-?key|token|secret|cookie|password/i
/** Query parameters whose values are keys. */
const KEY_PARAMETER = /^(?:.*[-_])?(?:key|token|secret|signature|sig|password|code)$/i

/** Prepares a request for the exporters. */
export function exportedCall(request: ChatCompletionParams, target: ExportTarget): ExportedCall {
  const { profile, secrets = [] } = target
  const keyVariable =
    target.keyVariable === undefined ? (profile?.keyVariable ?? 'API_KEY') : target.keyVariable
  const options = {
    ...(target.baseURL !== undefined && { baseURL: target.baseURL }),
    model: request.model,
  }
  const endpoint = profileEndpoint(profile ?? { id: 'custom', name: 'The server' }, options)
  const { header = 'Authorization', prefix = 'Bearer ' } = profile?.auth ?? {}
  const headers: [string, KeyedText][] = [['Content-Type', ['application/json']]]
  if (keyVariable !== null) headers.push([header, prefix === '' ? [KEY] : [prefix, KEY]])
  for (const [name, value] of Object.entries(target.headers ?? {})) {
    const same = headers.findIndex(([other]) => other.toLowerCase() === name.toLowerCase())
    if (same !== -1) headers.splice(same, 1)
    headers.push([name, KEY_HEADER.test(name) ? hideCredential(value) : hide(value, secrets)])
  }
  return {
    url: hideInAddress(endpointURL(endpoint, 'chat/completions'), secrets),
    baseURL: hideInAddress(endpoint.baseURL, secrets),
    headers,
    body: request.seed === undefined ? request : { ...request, seed: exactSeed(request.seed) },
    keyVariable,
    secrets,
    profile,
  }
}

/** A credential behind its scheme (`Bearer …`), or a bare one. */
function hideCredential(value: string): KeyedText {
  const [, scheme] = /^(Bearer|Basic|Token)\s/i.exec(value) ?? []
  return scheme === undefined ? [KEY] : [`${scheme} `, KEY]
}

/** A text with the secrets in it taken out. */
export function hide(text: string, secrets: readonly string[]): KeyedText {
  let pieces: KeyedText = [text]
  for (const secret of secrets) {
    if (secret === '') continue
    pieces = pieces.flatMap((piece) =>
      typeof piece === 'string'
        ? piece.split(secret).flatMap((part, index) => (index === 0 ? [part] : ([KEY, part] as const)))
        : [piece],
    )
  }
  return pieces.filter((piece) => piece !== '')
}

/** The JSON of a request with the secrets in it taken out, also where JSON escapes a character of theirs. */
export function hideInJson(json: string, secrets: readonly string[]): KeyedText {
  return hide(
    json,
    secrets.map((secret) => JSON.stringify(secret).slice(1, -1)),
  )
}

function hideInAddress(address: string, secrets: readonly string[]): KeyedText {
  const found = [...secrets]
  const [, password] = /^https?:\/\/[^/?#@:]*:([^/?#@]+)@/i.exec(address) ?? []
  if (password !== undefined) found.push(password)
  const [, query = ''] = address.split('?')
  for (const pair of query.split('&')) {
    const [name = '', value = ''] = pair.split('=')
    if (KEY_PARAMETER.test(name) && value !== '') found.push(value)
  }
  return hide(address, found)
}

/** Whether the key's variable stands anywhere in a text. */
export function hasKey(text: KeyedText): boolean {
  return text.includes(KEY)
}

/** The request's JSON over several lines, with the exact digits of bigints. */
export function prettyJson(request: ChatCompletionParams): string {
  const members = Object.entries(request).flatMap(([name, value]) => {
    const json = typeof value === 'bigint' ? String(value) : JSON.stringify(value, null, 2)
    return json === undefined ? [] : [`  ${JSON.stringify(name)}: ${json.replaceAll('\n', '\n  ')}`]
  })
  return `{\n${members.join(',\n')}\n}`
}
