import { INITIAL_SETTINGS, type Settings } from './settings.ts'

/** What the demo keeps of a thread beside its messages. */
export interface ThreadNote {
  /** The name that the reader gave it; without one its first words are its name. */
  name?: string | undefined
  settings?: Settings
  /** Unix milliseconds of its deletion, which can be undone until the thread is forgotten for good. */
  deletedAt?: number | undefined
  /** Unix milliseconds of the last change of this note. */
  at: number
}

/** The notes of all threads, by their ids. The same object while nothing changed. */
export type ThreadNotes = Readonly<Record<string, ThreadNote>>

const NOTE = 'candor-demo/note/'
const DRAFT = 'candor-demo/draft/'

const listeners = new Set<() => void>()
let notes: ThreadNotes | undefined

/** The notes as this tab and others wrote them; without a storage they last as long as the page. */
export function threadNotes(): ThreadNotes {
  notes ??= Object.fromEntries(
    idsWith(NOTE).flatMap((id) => {
      const note = parseNote(read(`${NOTE}${id}`))
      return note === undefined ? [] : [[id, note] as const]
    }),
  )
  return notes
}

/** Calls back after each change, in whichever tab; returns how to stop that. */
export function subscribeToNotes(listener: () => void): () => void {
  if (listeners.size === 0) addEventListener('storage', onOtherTab)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) removeEventListener('storage', onOtherTab)
  }
}

export function changeNote(threadId: string, change: Omit<Partial<ThreadNote>, 'at'>): void {
  const note = { ...threadNotes()[threadId], ...change, at: Date.now() }
  write(`${NOTE}${threadId}`, JSON.stringify(note))
  publish({ ...threadNotes(), [threadId]: note })
}

/** Forgets what is noted of a thread, and its draft. */
export function removeNote(threadId: string): void {
  const { [threadId]: _, ...others } = threadNotes()
  write(`${NOTE}${threadId}`, undefined)
  writeDraft(threadId, '')
  publish(others)
}

/** What is typed in a thread and not sent; `''` for nothing. */
export function readDraft(threadId: string): string {
  return read(`${DRAFT}${threadId}`) ?? ''
}

/** Keeps what is typed; answers whether the browser took it. */
export function writeDraft(threadId: string, text: string): boolean {
  return write(`${DRAFT}${threadId}`, text === '' ? undefined : text)
}

/** The threads in which something is typed and not sent. */
export function draftIds(): string[] {
  return idsWith(DRAFT)
}

function publish(next: ThreadNotes): void {
  notes = next
  listeners.forEach((listener) => listener())
}

function onOtherTab({ key }: StorageEvent): void {
  // `null` when all was cleared.
  if (key !== null && !key.startsWith(NOTE)) return
  notes = undefined
  listeners.forEach((listener) => listener())
}

/** What an earlier version wrote may lack settings that came since; what is no note was not written here. */
function parseNote(text: string | null): ThreadNote | undefined {
  try {
    const note: Partial<ThreadNote> | null = JSON.parse(text ?? 'null')
    if (typeof note?.at !== 'number') return undefined
    const { at, settings, ...others } = note
    return {
      ...others,
      at,
      ...(settings !== undefined && { settings: { ...INITIAL_SETTINGS, ...settings } }),
    }
  } catch {
    return undefined
  }
}

// A browser may have no storage at all, or none left: then the page does without.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string | undefined): boolean {
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
    return true
  } catch {
    return false
  }
}

function idsWith(prefix: string): string[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
  } catch {
    return []
  }
}
