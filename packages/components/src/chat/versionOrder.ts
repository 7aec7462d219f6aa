import type { ChatState } from '@candor/hooks'

/**
 * The versions of a message as a reader counts them: by age, but the choices of one request in the order of their
 * `index`, since a server may begin with any of them.
 */
export function versionOrder(ids: readonly string[], messages: ChatState['messages']): readonly string[] {
  const firstOfTurn = new Map<string, number>()
  const places = ids.map((id, place): [id: string, turnPlace: number, index: number] => {
    const message = messages[id]
    if (message?.role !== 'assistant' || message.turnId === undefined) return [id, place, 0]
    const turnPlace = firstOfTurn.get(message.turnId) ?? place
    firstOfTurn.set(message.turnId, turnPlace)
    return [id, turnPlace, message.choice.index]
  })
  return places.toSorted((one, other) => one[1] - other[1] || one[2] - other[2]).map(([id]) => id)
}
