/** A stretch of a text, in UTF-16. */
export interface Fork {
  readonly start: number
  readonly end: number
}

/**
 * The word at which a text departs from those of the others that begin as it does; `undefined` where none does, or where
 * it says, so far, nothing that another does not.
 */
export function forkOf(text: string, others: readonly string[]): Fork | undefined {
  const start = Math.max(0, ...others.map((other) => departure(text, other)))
  // The first word is no departure from anything.
  if (start === text.length || text.slice(0, start).trim() === '') return undefined
  const length = text.slice(start).search(/\s/)
  return { start, end: length === -1 ? text.length : start + length }
}

/** Where the first word begins that the other text does not have at the same place; the length where there is none. */
function departure(text: string, other: string): number {
  let place = 0
  while (place < text.length && text[place] === other[place]) place++
  if (place === text.length) return place
  // Words are compared, not letters: "planet" and "planets" are two.
  const areAlike = isBlank(text[place]) && isBlank(other[place])
  return areAlike ? place + text.slice(place).search(/\S|$/) : text.slice(0, place).search(/\S*$/)
}

/** Whether a word ends there: at a blank, or where the text does. */
const isBlank = (character: string | undefined): boolean => character === undefined || /\s/.test(character)
