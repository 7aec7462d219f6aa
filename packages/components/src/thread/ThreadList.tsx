'use client'
import {
  Fragment,
  memo,
  startTransition,
  useCallback,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  type ReactElement,
  type ReactNode,
} from 'react'

import { useThread } from './ThreadContext.ts'
import { emptyWindow, reduceWindow } from './threadWindow.ts'

/** Messages that come and go together, in one element. */
const blockSize = 16
/** Blocks that are one element together while they are far from what is drawn. */
const groupSize = 16
/** Blocks at the end that are drawn at once: where a thread opens and grows. */
const blocksAtEnd = 2
/** Blocks that may be drawn at once: 320 messages. More only where more are near the screen or in use. */
const mostBlocks = 20
/** What a message that was not drawn yet is taken to be high, in pixels. */
const guessedHeight = 120
/** How far beyond the screen messages are drawn: one screen up and one down. */
const rootMargin = '100% 0px'

export interface ThreadListProps {
  /** The messages, first to last. */
  ids: readonly string[]
  /** Draws one. Keep the function the same between renders, or every message renders again. */
  renderItem: (id: string) => ReactNode
}

/**
 * The messages of a thread that may be very long: those near the screen and up to 320 others are elements, the rest is
 * room of about their height, so a thread of 10,000 opens like one of 30, and a chunk in it costs the same. The browser
 * keeps the reader's place when the height turns out otherwise. Renders a `<div>` for every 16 messages, and for every 256
 * that are far away.
 */
export function ThreadList({ ids, renderItem }: ThreadListProps): ReactElement {
  const { viewportRef } = useThread()
  const blocks = useMemo(() => cutBlocks(ids), [ids])
  const [{ drawn, heights, open }, change] = useReducer(reduceWindow, emptyWindow)
  const elements = useRef(new Map<string, Element>())
  const observer = useRef<IntersectionObserver | null>(null)

  useEffect(() => {
    // Absent in jsdom, where apps test: nothing is near or far there.
    if (typeof IntersectionObserver === 'undefined') return undefined
    const near = new Set<string>()
    const known = elements.current
    const onMove = (entries: readonly IntersectionObserverEntry[]): void => {
      for (const { target, isIntersecting } of entries) {
        const key = keyOf(target)
        if (isIntersecting) near.add(key)
        else near.delete(key)
      }
      // What is gone from the page does not say that it left: a group that was opened, a conversation that was changed.
      const here = [...near].filter((key) => known.has(key))
      const shown = [...known].filter(([, element]) => element.hasAttribute('data-drawn'))
      change({
        type: 'scroll',
        near: here.filter((key) => !isGroup(key)),
        nearGroups: here.filter(isGroup),
        held: shown.filter(([, element]) => isInUse(element)).map(([key]) => key),
        heights: new Map(shown.map(([key, element]) => [key, element.getBoundingClientRect().height])),
        most: mostBlocks,
      })
    }
    observer.current = new IntersectionObserver(onMove, { root: viewportRef.current, rootMargin })
    for (const element of known.values()) observer.current.observe(element)
    return () => observer.current?.disconnect()
  }, [viewportRef])

  const hold = useCallback((element: HTMLElement) => {
    const key = keyOf(element)
    elements.current.set(key, element)
    observer.current?.observe(element)
    return () => {
      elements.current.delete(key)
      observer.current?.unobserve(element)
    }
  }, [])

  // One more at a time and when nothing else is to be done, so that a thread of usual length is soon there as a whole: for
  // the browser's own search, for instance.
  useEffect(() => {
    const next = blocks.findLast(([key = '']) => !drawn.includes(key))?.[0]
    const hasRoom = drawn.length < mostBlocks || typeof IntersectionObserver === 'undefined'
    if (next !== undefined && hasRoom) startTransition(() => change({ type: 'fill', key: next }))
  }, [blocks, drawn])

  const drawnKeys = new Set(drawn)
  const openKeys = new Set(open)
  const heightOf = (block: readonly string[]): number =>
    heights.get(block[0] ?? '') ?? block.length * guessedHeight
  const isDrawn = (block: readonly string[], place: number): boolean =>
    drawnKeys.has(block[0] ?? '') || place >= blocks.length - blocksAtEnd

  return (
    <>
      {Array.from({ length: Math.ceil(blocks.length / groupSize) }, (_, group) => {
        const first = group * groupSize
        const members = blocks.slice(first, first + groupSize)
        const key = `${groupMark}${members[0]?.[0] ?? ''}`
        const isOpen =
          openKeys.has(key) || members.some((block, position) => isDrawn(block, first + position))
        if (!isOpen) {
          const height = members.reduce((sum, block) => sum + heightOf(block), 0)
          return <FarGroup gaps={members.length - 1} height={height} hold={hold} key={key} name={key} />
        }
        return members.map((block, position) => (
          <ThreadBlock
            height={heightOf(block)}
            hold={hold}
            ids={block}
            isDrawn={isDrawn(block, first + position)}
            key={block[0]}
            renderItem={renderItem}
          />
        ))
      })}
    </>
  )
}

interface FarGroupProps {
  name: string
  /** In pixels, without the gaps between its blocks. */
  height: number
  gaps: number
  hold: (element: HTMLElement) => () => void
}

/** The room of blocks that are far away: one element, since each costs a little in every frame. */
const FarGroup = memo(function FarGroup({ name, height, gaps, hold }: FarGroupProps): ReactElement {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => (element.current === null ? undefined : hold(element.current)), [hold])
  return (
    <div
      className="candor-thread-block"
      data-first={name}
      ref={element}
      style={{ blockSize: `calc(${height}px + ${gaps} * var(--candor-space-6))` }}
    />
  )
})

interface ThreadBlockProps {
  ids: readonly string[]
  isDrawn: boolean
  /** In pixels, for when it is not drawn. */
  height: number
  renderItem: (id: string) => ReactNode
  hold: (element: HTMLElement) => () => void
}

/** A block is cut anew with every message that comes; it renders again only when its own messages are others. */
const ThreadBlock = memo(function ThreadBlock({
  ids,
  isDrawn,
  height,
  renderItem,
  hold,
}: ThreadBlockProps): ReactElement {
  const element = useRef<HTMLDivElement>(null)
  const key = ids[0] ?? ''
  useEffect(() => (element.current === null ? undefined : hold(element.current)), [hold])
  return (
    <div
      className="candor-thread-block"
      data-drawn={isDrawn ? '' : undefined}
      data-first={key}
      ref={element}
      style={isDrawn ? undefined : { blockSize: height }}
    >
      {isDrawn && ids.map((id) => <Fragment key={id}>{renderItem(id)}</Fragment>)}
    </div>
  )
}, isSameBlock)

function isSameBlock(before: ThreadBlockProps, now: ThreadBlockProps): boolean {
  return (
    before.isDrawn === now.isDrawn &&
    (now.isDrawn || before.height === now.height) &&
    before.renderItem === now.renderItem &&
    before.ids.length === now.ids.length &&
    before.ids.every((id, place) => id === now.ids[place])
  )
}

function cutBlocks(ids: readonly string[]): (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / blockSize) }, (_, place) =>
    ids.slice(place * blockSize, (place + 1) * blockSize),
  )
}

/** Stands before the key of a group's first block in the group's own. */
const groupMark = 'group '

function isGroup(key: string): boolean {
  return key.startsWith(groupMark)
}

function keyOf(element: Element): string {
  return element.getAttribute('data-first') ?? ''
}

/** Whether the reader would miss a block that goes: its focus, what is selected in it, a text that is being written. */
function isInUse(element: Element): boolean {
  const selection = element.ownerDocument.getSelection()
  return (
    element.contains(element.ownerDocument.activeElement) ||
    element.querySelector('textarea') !== null ||
    (selection !== null && !selection.isCollapsed && selection.containsNode(element, true))
  )
}
