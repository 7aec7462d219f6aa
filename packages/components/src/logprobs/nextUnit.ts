import { unitSurprisal, type TokenAlignment, type TokenSeries } from '@candor/core'

import type { HeatmapBlock } from './heatmapBlocks.ts'
import { blockElementAt, unitOnNextLine } from './tokenGeometry.ts'

interface Surroundings {
  series: TokenSeries
  alignment: TokenAlignment
  /** The unit that the cursor is on. */
  from: number
  blocks: readonly HeatmapBlock[]
  container: Element
  letterKeys: boolean
}

/** From here on a token is a doubt worth stopping at: an even chance or less. In bits. */
const doubt = 1

/**
 * The unit that a key leads to, the same when there is none further; `undefined` when it is no key of the view.
 * Left and right are as they are seen, so in a right-to-left paragraph left is onward.
 */
export function nextUnit(
  { key, ctrlKey }: { key: string; ctrlKey: boolean },
  { series, alignment, from, blocks, container, letterKeys }: Surroundings,
): number | undefined {
  const last = alignment.unitCount - 1
  const seek = (step: 1 | -1, isWanted: (unit: number) => boolean): number => {
    for (let unit = from + step; unit >= 0 && unit <= last; unit += step) if (isWanted(unit)) return unit
    return from
  }
  const isDoubt = (unit: number): boolean => !(unitSurprisal(series, alignment.unit(unit)) < doubt)
  const isNotTopPick = (unit: number): boolean => {
    const { from: first, to } = alignment.unit(unit)
    return series.totals(first, to).notTopPick > 0
  }

  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const block = blockElementAt(container, blocks, alignment.unit(from).start)
      const isRightToLeft = block !== undefined && getComputedStyle(block).direction === 'rtl'
      const step = (key === 'ArrowRight') === isRightToLeft ? -1 : 1
      if (ctrlKey) return seek(step, (unit) => beginsWord(alignment, unit))
      return Math.max(0, Math.min(last, from + step))
    }
    case 'ArrowDown':
      return unitOnNextLine(container, blocks, alignment, from, 1) ?? from
    case 'ArrowUp':
      return unitOnNextLine(container, blocks, alignment, from, -1) ?? from
    case 'Home':
      return 0
    case 'End':
      return last
    default:
  }
  if (!letterKeys || ctrlKey) return undefined
  switch (key) {
    case 'n':
      return seek(1, isDoubt)
    case 'p':
      return seek(-1, isDoubt)
    case 'N':
      return seek(1, isNotTopPick)
    case 'P':
      return seek(-1, isNotTopPick)
    default:
      return undefined
  }
}

function beginsWord(alignment: TokenAlignment, index: number): boolean {
  const { text } = alignment
  const { start, end } = alignment.unit(index)
  if (text.slice(start, end).trim() === '') return false
  return start === 0 || /\s/.test(text.slice(start - 1, start + 1))
}
