import { INITIAL_SETTINGS, type Settings } from './settings.ts'

/** A conversation of this visit. Its messages live in its chat; here is what the list of threads needs. */
export interface Thread {
  id: string
  /** The first words of the conversation; `''` while there are none. */
  title: string
  settings: Settings
}

/** All threads, newest first, and which one is on screen. Never empty. */
export interface Threads {
  list: readonly Thread[]
  currentId: string
}

export type ThreadsAction =
  | { type: 'thread-added' }
  | { type: 'thread-chosen'; id: string }
  | { type: 'thread-named'; id: string; title: string }
  | { type: 'settings-changed'; id: string; change: Partial<Settings> }

function newThread(settings: Settings): Thread {
  return { id: crypto.randomUUID(), title: '', settings }
}

export function initialThreads(): Threads {
  const thread = newThread(INITIAL_SETTINGS)
  return { list: [thread], currentId: thread.id }
}

export function threadsReducer(threads: Threads, action: ThreadsAction): Threads {
  switch (action.type) {
    case 'thread-added': {
      // One empty thread is enough: a second would only be a second way to the same screen.
      const empty = threads.list.find((thread) => thread.title === '')
      if (empty) return { ...threads, currentId: empty.id }
      const current = threads.list.find((thread) => thread.id === threads.currentId)
      // Figures carry over to the next thread; what changes the kind of answer starts afresh.
      const thread = newThread({
        ...(current?.settings ?? INITIAL_SETTINGS),
        tools: INITIAL_SETTINGS.tools,
        format: INITIAL_SETTINGS.format,
        schema: INITIAL_SETTINGS.schema,
      })
      return { list: [thread, ...threads.list], currentId: thread.id }
    }
    case 'thread-chosen':
      return { ...threads, currentId: action.id }
    case 'thread-named':
      return change(threads, action.id, { title: action.title })
    case 'settings-changed': {
      const thread = threads.list.find(({ id }) => id === action.id)
      return thread
        ? change(threads, action.id, { settings: { ...thread.settings, ...action.change } })
        : threads
    }
    default: {
      const unknown: never = action
      return unknown
    }
  }
}

function change(threads: Threads, id: string, changed: Partial<Thread>): Threads {
  return {
    ...threads,
    list: threads.list.map((thread) => (thread.id === id ? { ...thread, ...changed } : thread)),
  }
}
