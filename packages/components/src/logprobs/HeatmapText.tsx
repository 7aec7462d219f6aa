'use client'
import { memo, useRef, type NamedExoticComponent, type ReactElement, type ReactNode } from 'react'

import { Caret } from '../base/Caret.tsx'
import type { HeatmapBlock } from './heatmapBlocks.ts'
import { useNearViewport } from './useNearViewport.ts'

interface HeatmapTextProps {
  blocks: readonly HeatmapBlock[]
  streaming: boolean
}

/** With fewer blocks than this all are marked at once, and none is left out of layout. */
const manyBlocks = 24
/** How many at the beginning and the end are marked in the first frame already: one of them is what is looked at. */
const markedAtFirst = 6
/** For the height that a block has before it was ever laid out. */
const usualLineLength = 88

/**
 * The text, as it is, in blocks. Only what is near the viewport is cut up into marked and unmarked stretches; the rest
 * is one text node a block, so that 32,000 tokens are a few hundred nodes.
 */
export const HeatmapText: NamedExoticComponent<HeatmapTextProps> = memo(function HeatmapText({
  blocks,
  streaming,
}: HeatmapTextProps) {
  const isLong = blocks.length > manyBlocks
  return (
    <>
      {blocks.map((block, at) => (
        <Block
          key={block.start}
          atFirst={at < markedAtFirst || at >= blocks.length - markedAtFirst}
          block={block}
          caret={streaming && at === blocks.length - 1}
          isLong={isLong}
        />
      ))}
    </>
  )
})

interface BlockProps {
  block: HeatmapBlock
  isLong: boolean
  atFirst: boolean
  caret: boolean
}

// `atFirst` counts only for the first rendering; a block that is no longer among the last ones need not be rendered for it.
const Block = memo(
  function Block({ block, isLong, atFirst, caret }: BlockProps): ReactElement {
    const ref = useRef<HTMLDivElement>(null)
    const near = useNearViewport(ref, isLong, atFirst)
    const lines = Math.max(1, Math.ceil(block.text.length / usualLineLength))
    return (
      <div
        ref={ref}
        className="candor-heatmap-block"
        data-candor-block=""
        data-far={near ? undefined : ''}
        data-inline={block.endsLine || caret ? undefined : ''}
        data-long={isLong ? '' : undefined}
        dir="auto"
        style={isLong ? { containIntrinsicBlockSize: `auto ${lines * 1.5}rem` } : undefined}
      >
        {near ? markedText(block) : block.text}
        {caret && <Caret />}
      </div>
    )
  },
  (before, after) =>
    before.block === after.block && before.isLong === after.isLong && before.caret === after.caret,
)

function markedText({ text, marks }: HeatmapBlock): ReactNode {
  const pieces: ReactNode[] = []
  let at = 0
  for (let index = 0; index < marks.length; index += 3) {
    const [from = 0, to = 0, bin] = marks.slice(index, index + 3)
    if (from > at) pieces.push(text.slice(at, from))
    const marked = text.slice(from, to)
    pieces.push(
      <span key={from} className="candor-token-mark" data-bin={bin}>
        {withBreaks(marked)}
      </span>,
    )
    at = to
  }
  if (at < text.length) pieces.push(text.slice(at))
  return pieces
}

/** A line break has no width to be marked: each gets a sign where it stands. */
function withBreaks(text: string): ReactNode {
  if (!text.includes('\n')) return text
  return text.split(/(\n)/).map((piece, at) =>
    piece === '\n' ? (
      <span key={at} className="candor-token-break">
        {piece}
      </span>
    ) : (
      piece
    ),
  )
}
