import {
  unitBin,
  type SurprisalBin,
  type TextUnit,
  type TokenAlignment,
  type TokenSeries,
} from '@candor/core'

import { wordOf } from './tokenGeometry.ts'

/** A stretch of text that is one piece for React and, where it ends a line, for layout: written once, then left alone. */
export interface HeatmapBlock {
  /** Where it begins in the text (UTF-16). */
  readonly start: number
  readonly text: string
  /** Whether a line ends with it, so that what follows is not beside it. */
  readonly endsLine: boolean
  /** The marked stretches within `text`, in order: [from, to, bin] each, bin 1 to 4. */
  readonly marks: readonly number[]
}

/** Makes blocks of a text that may grow. */
export interface HeatmapBlocksDraft {
  /** The blocks of the text; those that did not change are the same objects. */
  update(series: TokenSeries | undefined, alignment: TokenAlignment): readonly HeatmapBlock[]
}

/** Enough that a long answer has few blocks, few enough that the last one is cheap to write anew with each token. */
const blockLength = 480
/** A line longer than this is cut for React's sake, though not for layout's. */
const longestBlock = 2_000

/** Starts with no blocks. */
export function createHeatmapBlocks(): HeatmapBlocksDraft {
  let blocks: readonly HeatmapBlock[] = []
  /** Blocks that can never change again while the text only grows, and the unit after them. */
  let settled = { blocks: 0, offset: 0, unit: 0 }
  let last: { series: TokenSeries | undefined; alignment: TokenAlignment } | undefined

  return {
    update(series, alignment) {
      if (last?.series === series && last?.alignment === alignment) return blocks
      const grown =
        last !== undefined &&
        last.series !== undefined &&
        series?.continues(last.series) === true &&
        alignment.text.slice(0, last.alignment.text.length) === last.alignment.text
      if (!grown) settled = { blocks: 0, offset: 0, unit: 0 }
      last = { series, alignment }

      const next = blocks.slice(0, settled.blocks)
      let { offset, unit } = settled
      const { text } = alignment
      while (offset < text.length) {
        const end = endOfBlock(text, offset, alignment)
        const marks: number[] = []
        for (; unit < alignment.unitCount; unit++) {
          const place = alignment.unit(unit)
          if (place.start >= end) break
          const bin = series === undefined ? 0 : unitBin(series, place)
          if (bin > 0) pushMark(marks, text, place, offset, end, bin)
          // A token such as "\n\n" may belong to two blocks.
          if (place.end > end) break
        }
        const block: HeatmapBlock = {
          start: offset,
          text: text.slice(offset, end),
          endsLine: text[end - 1] === '\n',
          marks,
        }
        const before = blocks[next.length]
        next.push(before !== undefined && isSame(before, block) ? before : block)
        offset = end
        // The next block stands already, so this one has its full length; and its tokens have their last place.
        if (end < text.length && unit < alignment.settledCount && next.length === settled.blocks + 1) {
          settled = { blocks: next.length, offset, unit }
        }
      }
      blocks =
        next.length === blocks.length && next.every((block, at) => block === blocks[at]) ? blocks : next
      return blocks
    },
  }
}

function endOfBlock(text: string, start: number, alignment: TokenAlignment): number {
  let lineEnd = text.indexOf('\n', start)
  while (lineEnd !== -1 && lineEnd + 1 - start < blockLength) {
    const next = text.indexOf('\n', lineEnd + 1)
    const nextEnd = next === -1 ? text.length : next + 1
    if (nextEnd - start > longestBlock) break
    lineEnd = next
  }
  const end = lineEnd === -1 ? text.length : lineEnd + 1
  if (end - start <= longestBlock) return end
  // Within a line: between two units, so that none is torn.
  const unit = alignment.unitAt(start + longestBlock)
  const cut = unit === undefined ? start + longestBlock : alignment.unit(unit).start
  return cut > start ? cut : end
}

/**
 * A mark covers the word, not the blanks around it: less ink, and neighbours do not run into one another. Line breaks of
 * the token and blanks that are a token of their own are marked.
 */
function pushMark(
  marks: number[],
  text: string,
  unit: TextUnit,
  blockStart: number,
  blockEnd: number,
  bin: SurprisalBin,
): void {
  const word = wordOf(text, unit)
  // A line that the token begins or ends is as doubtful as its word.
  const before = text.slice(unit.start, word.start).indexOf('\n')
  const after = text.slice(word.end, unit.end).lastIndexOf('\n')
  const push = (start: number, end: number): void => {
    const from = Math.max(start, blockStart)
    const to = Math.min(end, blockEnd)
    if (from < to) marks.push(from - blockStart, to - blockStart, bin)
  }
  if (before !== -1) push(unit.start + before, text.lastIndexOf('\n', word.start - 1) + 1)
  push(word.start, word.end)
  if (after !== -1) push(text.indexOf('\n', word.end), word.end + after + 1)
}

function isSame(a: HeatmapBlock, b: HeatmapBlock): boolean {
  return (
    a.start === b.start &&
    a.text === b.text &&
    a.marks.length === b.marks.length &&
    a.marks.every((value, at) => value === b.marks[at])
  )
}
