/** A repeatable source of chance: the same seed, the same choices, on every machine. */
export interface Random {
  /** A number from 0 up to but without 1. */
  next(): number
  /** A whole number from 0 up to but without `below`. */
  below(below: number): number
  /** One of several. */
  pick<Item>(items: readonly Item[]): Item
}

/** Starts a source of chance (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    pick(items) {
      const item = items[below(items.length)]
      if (item === undefined) throw new RangeError('There is nothing to pick from.')
      return item
    },
  }
}
