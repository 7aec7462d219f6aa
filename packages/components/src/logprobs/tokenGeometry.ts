import type { TextUnit, TokenAlignment } from '@candor/core'

import type { HeatmapBlock } from './heatmapBlocks.ts'

/** A rectangle in the coordinates of the viewport. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * Tokens have no elements of their own, so that the text stays whole: where they are is asked of the text when somebody
 * points at one. All of these are empty or undefined where nothing is laid out (server, jsdom).
 */

/** The boxes of a unit, one for each line that it is on. */
export function boxesOf(container: Element, blocks: readonly HeatmapBlock[], unit: TextUnit): Box[] {
  const range = rangeOf(container, blocks, unit.start, unit.end)
  if (range === undefined || typeof range.getClientRects !== 'function') return []
  const boxes: Box[] = []
  for (const rect of range.getClientRects()) {
    const last = boxes.at(-1)
    // A token over two text nodes has two boxes on the same line.
    if (last !== undefined && isOnLineOf(last, rect)) boxes[boxes.length - 1] = union(last, rect)
    else boxes.push({ left: rect.left, top: rect.top, right: rect.right, bottom: rect.bottom })
  }
  // A line break at the end of a line has a box without width there; the next line is where the token is not.
  return boxes.filter((box, at) => at === 0 || box.right - box.left > 0.5)
}

/**
 * A unit without the blanks around it: what is marked, and where it is for a reader. A blank before a word may stand at
 * the end of the line above.
 */
export function wordOf(text: string, unit: TextUnit): TextUnit {
  const written = text.slice(unit.start, unit.end)
  const word = written.trim()
  if (word === '') return unit
  const start = unit.start + written.indexOf(word)
  return { ...unit, start, end: start + word.length }
}

/** The unit under a point of the viewport. */
export function unitAtPoint(
  container: Element,
  blocks: readonly HeatmapBlock[],
  alignment: TokenAlignment,
  x: number,
  y: number,
): number | undefined {
  const caret = caretAt(container.ownerDocument, x, y)
  const element = caret?.node instanceof Element ? caret.node : caret?.node.parentElement
  const blockElement = element?.closest('[data-candor-block]')
  if (caret === undefined || !blockElement || !container.contains(blockElement)) return undefined
  const block = blocks[Array.prototype.indexOf.call(container.children, blockElement)]
  if (block === undefined) return undefined
  const offset = block.start + offsetWithin(blockElement, caret.node, caret.offset)
  // A caret stands between two characters: the point is on one of them, or beside the text.
  for (const candidate of [alignment.unitAt(offset), alignment.unitAt(offset - 1)]) {
    if (candidate === undefined) continue
    const boxes = boxesOf(container, blocks, alignment.unit(candidate))
    if (boxes.some((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom))
      return candidate
  }
  return undefined
}

/** The unit on the line above (−1) or below (1) that is nearest under or over the given one. */
export function unitOnNextLine(
  container: Element,
  blocks: readonly HeatmapBlock[],
  alignment: TokenAlignment,
  from: number,
  direction: -1 | 1,
): number | undefined {
  const boxOf = (unit: number): Box | undefined => {
    const boxes = boxesOf(container, blocks, wordOf(alignment.text, alignment.unit(unit)))
    return direction === 1 ? boxes.at(-1) : boxes[0]
  }
  const box = boxOf(from)
  if (box === undefined) return undefined
  const middle = (box.left + box.right) / 2
  let best: number | undefined
  let distance = Infinity
  let line: Box | undefined
  for (let unit = from + direction; unit >= 0 && unit < alignment.unitCount; unit += direction) {
    const candidate = boxOf(unit)
    if (candidate === undefined || candidate.right - candidate.left < 0.5) continue
    if (isOnLineOf(candidate, box)) continue
    line ??= candidate
    if (!isOnLineOf(candidate, line)) break
    const off = Math.max(candidate.left - middle, middle - candidate.right, 0)
    if (off < distance) {
      distance = off
      best = unit
    }
  }
  return best
}

/** The boxes of neighbouring lines may overlap, where lines are close; their middles are apart. */
function isOnLineOf(box: Box, other: Box): boolean {
  const height = Math.min(box.bottom - box.top, other.bottom - other.top)
  return Math.abs(box.top + box.bottom - other.top - other.bottom) < height
}

/** Scrolls as little as needed for a unit to be on screen, and sees that it stays there. */
export function scrollToUnit(container: Element, blocks: readonly HeatmapBlock[], unit: TextUnit): void {
  if (unit.end <= unit.start || isOnScreen(boxesOf(container, blocks, unit)[0])) return
  // What comes on screen is laid out only then, and may push the unit off again, in this frame or a later one.
  let frames = longestSettling
  const bring = (): void => {
    bringOnScreen(container, blocks, unit)
    if (frames-- > 0 && container.isConnected) requestAnimationFrame(bring)
  }
  bring()
}

/** How long blocks that come on screen may move one another. In frames. */
const longestSettling = 12

function bringOnScreen(container: Element, blocks: readonly HeatmapBlock[], unit: TextUnit): void {
  if (isOnScreen(boxesOf(container, blocks, unit)[0])) return
  // The block as a whole first, which also has it laid out; then the token itself.
  blockElementAt(container, blocks, unit.start)?.scrollIntoView?.({ block: 'nearest' })
  const box = boxesOf(container, blocks, unit)[0]
  if (box === undefined || isOnScreen(box)) return
  const marker = container.ownerDocument.createElement('span')
  const origin = container.getBoundingClientRect()
  marker.style.cssText = `position:absolute;scroll-margin:${clearance}px;top:${box.top - origin.top}px;height:${box.bottom - box.top}px`
  container.parentElement?.append(marker)
  marker.scrollIntoView?.({ block: 'nearest' })
  marker.remove()
}

/** How far from the edge of the screen a token is brought, so that its ring is seen. In pixels. */
const clearance = 12

function isOnScreen(box: Box | undefined): boolean {
  return (
    box !== undefined &&
    box.top >= clearance &&
    box.bottom <= document.documentElement.clientHeight - clearance
  )
}

/** The element of the block that an offset of the text is in. */
export function blockElementAt(
  container: Element,
  blocks: readonly HeatmapBlock[],
  offset: number,
): Element | undefined {
  return container.children[blockIndexAt(blocks, offset)]
}

/** Where a selection within the container begins and ends in the text; `undefined` when it is not within. */
export function selectedOffsets(
  container: Element,
  blocks: readonly HeatmapBlock[],
  selection: Selection,
): [from: number, to: number] | undefined {
  if (selection.rangeCount === 0 || selection.isCollapsed) return undefined
  const range = selection.getRangeAt(0)
  if (!container.contains(range.startContainer) || !container.contains(range.endContainer)) return undefined
  const from = offsetInContainer(container, blocks, range.startContainer, range.startOffset)
  const to = offsetInContainer(container, blocks, range.endContainer, range.endOffset)
  return from === undefined || to === undefined ? undefined : [from, to]
}

function offsetInContainer(
  container: Element,
  blocks: readonly HeatmapBlock[],
  node: Node,
  offset: number,
): number | undefined {
  if (node === container) return blocks[offset]?.start ?? endOf(blocks)
  const element = node instanceof Element ? node : node.parentElement
  const blockElement = element?.closest('[data-candor-block]')
  if (!blockElement) return undefined
  const block = blocks[Array.prototype.indexOf.call(container.children, blockElement)]
  return block === undefined ? undefined : block.start + offsetWithin(blockElement, node, offset)
}

function endOf(blocks: readonly HeatmapBlock[]): number {
  const last = blocks.at(-1)
  return last === undefined ? 0 : last.start + last.text.length
}

function blockIndexAt(blocks: readonly HeatmapBlock[], offset: number): number {
  let low = 0
  let high = blocks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((blocks[middle]?.start ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

function rangeOf(
  container: Element,
  blocks: readonly HeatmapBlock[],
  start: number,
  end: number,
): Range | undefined {
  const from = textPosition(container, blocks, start, false)
  const to = textPosition(container, blocks, end, true)
  if (from === undefined || to === undefined) return undefined
  const range = container.ownerDocument.createRange()
  range.setStart(from.node, from.offset)
  range.setEnd(to.node, to.offset)
  return range
}

/** The text node at an offset; at a border of two, the one that begins (or, for an end, ends) there. */
function textPosition(
  container: Element,
  blocks: readonly HeatmapBlock[],
  offset: number,
  isEnd: boolean,
): { node: Text; offset: number } | undefined {
  const index = blockIndexAt(blocks, isEnd ? offset - 1 : offset)
  const block = blocks[index]
  const element = container.children[index]
  if (block === undefined || element === undefined) return undefined
  let rest = offset - block.start
  const walker = container.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  let last: Text | undefined
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
    if (rest < node.length || (isEnd && rest === node.length)) return { node, offset: rest }
    rest -= node.length
    last = node
  }
  return last === undefined ? undefined : { node: last, offset: last.length }
}

function offsetWithin(block: Element, node: Node, offset: number): number {
  const range = block.ownerDocument.createRange()
  range.setStart(block, 0)
  range.setEnd(node, offset)
  return range.toString().length
}

function caretAt(document: Document, x: number, y: number): { node: Node; offset: number } | undefined {
  if (typeof document.caretPositionFromPoint === 'function') {
    const position = document.caretPositionFromPoint(x, y)
    return position === null ? undefined : { node: position.offsetNode, offset: position.offset }
  }
  // Safari before 26.
  const legacy: { caretRangeFromPoint?: (x: number, y: number) => Range | null } = document
  const range = legacy.caretRangeFromPoint?.(x, y)
  return range ? { node: range.startContainer, offset: range.startOffset } : undefined
}

function union(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }
}
