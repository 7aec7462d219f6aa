import { EMPTY_DRAFT, type EndpointDraft } from './connection.ts'
import { tidyBaseUrl } from './testEndpoint.ts'

/** What is typed in the connection panel, and the key of each origin that one was typed for. */
export interface DraftWithKeys {
  draft: EndpointDraft
  /** By origin, in the memory of the tab and nowhere else. */
  keys: Readonly<Record<string, string>>
}

export const NOTHING_TYPED: DraftWithKeys = { draft: EMPTY_DRAFT, keys: {} }

/** A key belongs to the origin that it was typed for: another address starts with its own, or with none. */
export function changeDraft({ draft, keys }: DraftWithKeys, change: Partial<EndpointDraft>): DraftWithKeys {
  const changed = { ...draft, ...change }
  const origin = originOf(changed.baseUrl)
  if (change.apiKey !== undefined) return { draft: changed, keys: { ...keys, [origin]: change.apiKey } }
  return { draft: { ...changed, apiKey: keys[origin] ?? '' }, keys }
}

function originOf(typed: string): string {
  const baseUrl = tidyBaseUrl(typed)
  if (!URL.canParse(baseUrl)) return baseUrl
  const { protocol, host } = new URL(baseUrl)
  return `${protocol}//${host}`
}
