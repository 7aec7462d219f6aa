import { expect, it } from 'vitest'

import { emptyWindow, reduceWindow, type ThreadWindow } from './threadWindow.ts'

const drawn = (...keys: string[]): ThreadWindow => ({ ...emptyWindow, drawn: keys })

function scroll(window: ThreadWindow, near: string[], held: string[] = []): readonly string[] {
  const heights = new Map(window.drawn.map((key) => [key, 500]))
  return reduceWindow(window, { type: 'scroll', near, nearGroups: [], held, heights, most: 4 }).drawn
}

it('draws what comes near, and keeps what was near while there is room', () => {
  expect(scroll(drawn('a', 'b'), ['c'])).toEqual(['a', 'b', 'c'])
})

it('gives up what was near the longest ago', () => {
  expect(scroll(drawn('a', 'b', 'c', 'd'), ['e', 'f'])).toEqual(['c', 'd', 'e', 'f'])
  expect(scroll(drawn('a', 'b', 'c', 'd'), ['a', 'e'])).toEqual(['c', 'd', 'a', 'e'])
})

it('gives up nothing that is near or in use, however much that is', () => {
  expect(scroll(drawn('a', 'b', 'c', 'd'), ['e', 'f', 'g', 'h', 'i'], ['b'])).toEqual([
    'b',
    'e',
    'f',
    'g',
    'h',
    'i',
  ])
})

it('remembers how high a block was', () => {
  const window = reduceWindow(drawn('a'), {
    type: 'scroll',
    near: ['b'],
    nearGroups: [],
    held: [],
    heights: new Map([['a', 431]]),
    most: 1,
  })
  expect(window.drawn).toEqual(['b'])
  expect(window.heights.get('a')).toBe(431)
})

it('forgets blocks that are gone from the thread', () => {
  const window = reduceWindow(drawn('a', 'b'), {
    type: 'scroll',
    near: ['c'],
    nearGroups: [],
    held: [],
    heights: new Map([['b', 500]]),
    most: 4,
  })
  expect(window.drawn).toEqual(['b', 'c'])
})

it('is the same object when nothing changes', () => {
  const window = drawn('a', 'b')
  const heights = new Map([
    ['a', 500],
    ['b', 500],
  ])
  expect(
    reduceWindow(window, { type: 'scroll', near: ['b'], nearGroups: [], held: [], heights, most: 4 }),
  ).toBe(window)
  expect(reduceWindow(window, { type: 'fill', key: 'a' })).toBe(window)
})

it('opens the groups that come near, and closes those that did the longest ago', () => {
  let window = emptyWindow
  for (const group of ['a', 'b', 'c', 'a', 'd', 'e']) {
    const change = { near: [], nearGroups: [group], held: [], heights: new Map<string, number>(), most: 4 }
    window = reduceWindow(window, { type: 'scroll', ...change })
  }
  expect(window.open).toEqual(['c', 'a', 'd', 'e'])
})
