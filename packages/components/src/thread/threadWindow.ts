/** Which blocks of a long thread are drawn, and how high the others were when they last were. */
export interface ThreadWindow {
  /** Their keys, in the order in which they give way to others. */
  readonly drawn: readonly string[]
  /** In pixels, by the block's key. */
  readonly heights: ReadonlyMap<string, number>
  /** Groups of blocks whose blocks are elements, drawn or not; those near the longest ago first. */
  readonly open: readonly string[]
}

/** Groups that stay open although none of their blocks is drawn. */
const mostOpen = 4

export type ThreadWindowChange =
  /** Blocks came near the screen or left it. */
  | {
      type: 'scroll'
      near: readonly string[]
      /** Blocks that stay although they are far away. */
      held: readonly string[]
      /** Of the blocks that are drawn now; others are gone from the thread. */
      heights: ReadonlyMap<string, number>
      /** Groups that came near the screen. */
      nearGroups: readonly string[]
      /** Blocks that may be drawn at once. */
      most: number
    }
  /** There is time and room for one block more. */
  | { type: 'fill'; key: string }

export const emptyWindow: ThreadWindow = { drawn: [], heights: new Map(), open: [] }

/** The one place where the window changes: what comes near is drawn, and what was near the longest ago makes room. */
export function reduceWindow(window: ThreadWindow, change: ThreadWindowChange): ThreadWindow {
  switch (change.type) {
    case 'scroll': {
      const near = new Set(change.near)
      const stays = new Set([...near, ...change.held])
      const others = window.drawn.filter((key) => !near.has(key) && change.heights.has(key))
      let surplus = near.size + others.length - change.most
      const kept = others.filter((key) => stays.has(key) || surplus-- <= 0)
      const drawn = [...kept, ...near]
      const wereOpen = window.open.filter((key) => !change.nearGroups.includes(key))
      const open = [...wereOpen, ...change.nearGroups].slice(-mostOpen)
      return isSameList(drawn, window.drawn) && isSameList(open, window.open)
        ? window
        : { drawn, open, heights: new Map([...window.heights, ...change.heights]) }
    }
    case 'fill':
      return window.drawn.includes(change.key) ? window : { ...window, drawn: [change.key, ...window.drawn] }
    default: {
      const unknown: never = change
      return unknown
    }
  }
}

function isSameList(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((key, place) => key === others[place])
}
