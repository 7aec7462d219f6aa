import { GrowingList } from './GrowingList.ts'
import { isObject } from './plainValue.ts'

/** Fields of a delta that hold thinking as text, in the order in which they are believed. */
export const reasoningFields = ['reasoning_content', 'reasoning', 'thinking', 'reasoning_text'] as const

/** Fields of a delta that hold thinking as typed pieces (OpenRouter, LiteLLM). */
export const reasoningLists = ['reasoning_details', 'thinking_blocks'] as const

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
function findSamePiece(items: readonly unknown[], piece: { [field: string]: unknown }): number {
  for (let at = items.length - 1; at >= Math.max(0, items.length - 16); at--) {
    const item = items[at]
    if (isObject(item) && item['type'] === piece['type'] && item['index'] === piece['index']) return at
  }
  return -1
}

function mergePiece(
  old: { [field: string]: unknown },
  piece: { [field: string]: unknown },
): { [field: string]: unknown } {
  const merged = { ...old }
  for (const [field, value] of Object.entries(piece)) {
    const before = merged[field]
    if (isContinued(field) && typeof before === 'string' && typeof value === 'string')
      merged[field] = before + value
    else if (value !== null || before === undefined) merged[field] = value
  }
  return merged
}

function isContinued(field: string): boolean {
  return field === 'text' || field === 'summary' || field === 'data' || field === 'thinking'
}

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
