import { GrowingList } from './GrowingList.ts'
import { isObject, type JsonObject } from './plainValue.ts'

/**
 * Adds pieces of thinking: a piece continues the last one of the same type and index, its texts are appended, anything
 * else it says (a signature, a format) is set.
 */
export function mergeReasoningDetails(list: GrowingList<unknown>, pieces: readonly unknown[]): void {
  for (const piece of pieces) {
    const at = isObject(piece) ? findSamePiece(list.items, piece) : -1
    const old = list.items[at]
    if (isObject(old) && isObject(piece)) list.replace(at, mergePiece(old, piece))
    else list.append([piece])
  }
}

/** Looks at the last few only: pieces do not interleave widely, and a stream of different ones must stay linear. */
function findSamePiece(items: readonly unknown[], piece: JsonObject): number {
  for (let at = items.length - 1; at >= Math.max(0, items.length - 16); at--) {
    const item = items[at]
    if (isObject(item) && item['type'] === piece['type'] && item['index'] === piece['index']) return at
  }
  return -1
}

/** Adds a piece of an object of which some texts come in pieces, and the other fields once. */
export function mergePiece(old: JsonObject, piece: JsonObject): JsonObject {
  const merged = { ...old }
  for (const [field, value] of Object.entries(piece)) {
    const before = merged[field]
    if (continued.includes(field) && typeof before === 'string' && typeof value === 'string')
      merged[field] = before + value
    else if (before === undefined || (value !== null && value !== '')) merged[field] = value
  }
  return merged
}

/** Of thinking, of speech, of the older function call. */
const continued = ['text', 'summary', 'data', 'thinking', 'transcript', 'arguments']

/** The text of thinking that comes as typed pieces: of OpenRouter's details, LiteLLM's blocks, Mistral's parts. */
export function reasoningText(pieces: unknown): string {
  if (typeof pieces === 'string') return pieces
  if (!Array.isArray(pieces)) return ''
  let text = ''
  for (const piece of pieces as unknown[]) {
    if (typeof piece === 'string') text += piece
    else if (isObject(piece)) {
      const words = piece['text'] ?? piece['summary'] ?? piece['thinking']
      if (typeof words === 'string') text += words
    }
  }
  return text
}
