import { describe, expect, it } from 'vitest'

import { groupByAge, threadRows, type ThreadRowsSource } from './threadRows.ts'

const nothing: ThreadRowsSource = {
  threads: { open: [], currentId: '' },
  kept: [],
  notes: {},
  draftIds: [],
  draftOf: () => '',
}
const titles = (source: Partial<ThreadRowsSource>) =>
  threadRows({ ...nothing, ...source }).map(({ title }) => title)

describe('the list of threads', () => {
  const kept = [
    { id: 'b', title: 'Rome', updatedAt: 2 },
    { id: 'a', title: 'Paris', updatedAt: 1 },
  ]

  it('has the new thread first, then what is kept in its order', () => {
    const threads = { open: [{ id: 'c', title: '', isNew: true }], currentId: 'c' }
    expect(titles({ threads, kept })).toEqual(['', 'Rome', 'Paris'])
  })

  it('has a thread once, by its newest words, though it is open and kept', () => {
    const threads = { open: [{ id: 'a', title: 'Paris, edited', isNew: false }], currentId: 'a' }
    expect(titles({ threads, kept })).toEqual(['Rome', 'Paris, edited'])
  })

  it('prefers the name that the reader gave', () => {
    expect(titles({ kept, notes: { a: { name: 'Capitals', at: 0 } } })).toEqual(['Rome', 'Capitals'])
  })

  it('leaves out what is deleted', () => {
    expect(titles({ kept, notes: { b: { deletedAt: 5, at: 0 } } })).toEqual(['Paris'])
  })

  it('names a thread in which nothing was sent by what is typed there, unless that is on screen', () => {
    const drafts = { draftIds: ['d'], draftOf: () => '\nhalf typed\nand more' }
    expect(threadRows({ ...nothing, ...drafts })).toEqual([
      { id: 'd', title: 'half typed', isDraft: true, updatedAt: undefined },
    ])
    const threads = { open: [{ id: 'd', title: '', isNew: false }], currentId: 'd' }
    expect(titles({ ...drafts, threads })).toEqual([''])
  })

  it('has a thread that the storage could not keep, as long as the page lasts', () => {
    const threads = { open: [{ id: 'c', title: 'Oslo', isNew: true }], currentId: 'x' }
    expect(titles({ threads })).toEqual(['Oslo'])
  })

  it('leaves out an address at which there was nothing', () => {
    const threads = { open: [{ id: 'c', title: '', isNew: false }], currentId: 'x' }
    expect(titles({ threads })).toEqual([])
  })
})

/** A thread that was changed last on a day of November 2026. */
function rowAt(day: number, hour: number) {
  const updatedAt = new Date(2026, 10, day, hour).getTime()
  return { id: `${day} ${hour}`, title: '', isDraft: false, updatedAt }
}

it('puts threads under headings by the day of their last change', () => {
  const now = new Date(2026, 10, 28, 9).getTime()
  const unkept = { id: 'new', title: '', isDraft: false, updatedAt: undefined }
  const groups = groupByAge(
    [unkept, rowAt(28, 0), rowAt(27, 23), rowAt(27, 0), rowAt(22, 12), rowAt(21, 23)],
    now,
  )
  expect(groups.map(({ name, rows }) => [name, rows.map(({ id }) => id)])).toEqual([
    ['Today', ['new', '28 0']],
    ['Yesterday', ['27 23', '27 0']],
    ['Last seven days', ['22 12']],
    ['Earlier', ['21 23']],
  ])
})
