'use client'
import { useEffect, type RefObject } from 'react'

import { forkOf } from './forkOf.ts'

/** The name in the style sheet: `::highlight(candor-fork)`. */
const NAME = 'candor-fork'

/** Choices that agree for longer than this, in characters, are read no further: what is looked at in a frame is bounded. */
const READ_CHARACTERS = 2000

/**
 * Marks in each choice the word at which it departs from those that began as it did, in whatever way its text is drawn:
 * by a highlight over the text, which leaves the text as it is. Where the browser has no highlights, nothing is marked.
 */
export function useForks(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = root.current
    if (element === null || typeof Highlight === 'undefined') return undefined
    // Names are of the whole page: all choices on it share one.
    const highlight = CSS.highlights.get(NAME) ?? new Highlight()
    CSS.highlights.set(NAME, highlight)
    let marked: Range[] = []
    const clear = (): void => {
      for (const range of marked) highlight.delete(range)
    }
    const mark = (): void => {
      clear()
      marked = forkRanges(Array.from(element.querySelectorAll('.candor-choice > .candor-message-parts')))
      for (const range of marked) highlight.add(range)
    }
    const observer = new MutationObserver(mark)
    observer.observe(element, { characterData: true, childList: true, subtree: true })
    mark()
    return () => {
      observer.disconnect()
      clear()
    }
  }, [root])
}

function forkRanges(choices: readonly Element[]): Range[] {
  const read = choices.map(readText)
  const texts = read.map(({ text }) => text)
  return read.flatMap(({ nodes, text }, index) => {
    const fork = forkOf(text, texts.toSpliced(index, 1))
    const start = fork && placeOf(nodes, fork.start)
    const end = fork && placeOf(nodes, fork.end - 1)
    if (start === undefined || end === undefined) return []
    const range = document.createRange()
    range.setStart(start.node, start.offset)
    range.setEnd(end.node, end.offset + 1)
    return [range]
  })
}

interface ReadText {
  text: string
  nodes: readonly Text[]
}

function readText(parts: Element): ReadText {
  // What floats over the tokens of an answer is no text of it.
  const element = parts.querySelector('.candor-heatmap-text') ?? parts
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const nodes: Text[] = []
  let text = ''
  while (text.length < READ_CHARACTERS && walker.nextNode()) {
    const { currentNode: node } = walker
    if (!(node instanceof Text)) continue
    nodes.push(node)
    text += node.data
  }
  return { text, nodes }
}

function placeOf(nodes: readonly Text[], offset: number): { node: Text; offset: number } | undefined {
  let left = offset
  for (const node of nodes) {
    if (left < node.length) return { node, offset: left }
    left -= node.length
  }
  return undefined
}
