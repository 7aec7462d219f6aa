import type { ThreadSummary } from '@candor/hooks'

import type { ThreadNotes } from './threadNotes.ts'
import type { Threads } from './threads.ts'

/** A thread in the list. */
export interface ThreadRow {
  id: string
  /** The reader's name for it, else its first words, else what is typed in it; `''` for a new one. */
  title: string
  /** Whether all that is in it is what is typed. */
  isDraft: boolean
  /** Unix milliseconds of the last change; `undefined` for one that is not kept yet. */
  updatedAt: number | undefined
}

export interface ThreadRowsSource {
  threads: Threads
  /** What the storage keeps, the last changed first. */
  kept: readonly ThreadSummary[]
  notes: ThreadNotes
  /** Threads of earlier visits in which something is typed. */
  draftIds: readonly string[]
  draftOf: (threadId: string) => string
}

/** The list of threads: first those that are not kept yet, then the others, the last changed first. */
export function threadRows({ threads, kept, notes, draftIds, draftOf }: ThreadRowsSource): ThreadRow[] {
  const keptIds = new Set(kept.map(({ id }) => id))
  const unkept = new Set([...threads.open.map(({ id }) => id), ...draftIds].filter((id) => !keptIds.has(id)))
  const rows: ThreadRow[] = []
  for (const id of unkept) {
    const thread = threads.open.find((candidate) => candidate.id === id)
    const said = notes[id]?.name ?? thread?.title ?? ''
    const isCurrent = id === threads.currentId
    // What is being typed is in the composer to be seen, and a list that changes with each key disturbs.
    const draft = said === '' && !isCurrent ? firstLine(draftOf(id)) : ''
    if (said === '' && draft === '' && !isCurrent && thread?.isNew !== true) continue
    rows.push({ id, title: said === '' ? draft : said, isDraft: draft !== '', updatedAt: undefined })
  }
  for (const { id, title, updatedAt } of kept) {
    // Newer than what was written last.
    const said = threads.open.find((thread) => thread.id === id)?.title ?? ''
    rows.push({ id, title: notes[id]?.name ?? (said === '' ? title : said), isDraft: false, updatedAt })
  }
  return rows.filter(({ id }) => notes[id]?.deletedAt === undefined)
}

/** A heading of the list, with the threads below it. */
export interface ThreadGroup {
  name: 'Today' | 'Yesterday' | 'Last seven days' | 'Earlier'
  rows: ThreadRow[]
}

/** Threads by their age, in the order in which they come; `now` in Unix milliseconds. */
export function groupByAge(rows: readonly ThreadRow[], now: number): ThreadGroup[] {
  const date = new Date(now)
  const startOf = (daysAgo: number): number =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysAgo).getTime()
  const nameOf = (updatedAt: number): ThreadGroup['name'] => {
    if (updatedAt >= startOf(0)) return 'Today'
    if (updatedAt >= startOf(1)) return 'Yesterday'
    return updatedAt >= startOf(6) ? 'Last seven days' : 'Earlier'
  }
  const groups: ThreadGroup[] = []
  for (const row of rows) {
    const name = nameOf(row.updatedAt ?? now)
    const last = groups.at(-1)
    if (last?.name === name) last.rows.push(row)
    else groups.push({ name, rows: [row] })
  }
  return groups
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]!.slice(0, 80)
}
