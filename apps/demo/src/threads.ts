/** A thread that was opened in this tab. Its messages live in its chat; here is what the list of threads needs. */
export interface OpenThread {
  id: string
  /** The first words of the conversation; `''` while there are none, or they are not read yet. */
  title: string
  /** Whether it began in this visit, with nothing in it. */
  isNew: boolean
}

/** The threads opened in this tab, newest first, and which one is on screen. */
export interface Threads {
  open: readonly OpenThread[]
  currentId: string
}

export type ThreadsAction =
  | { type: 'thread-added'; id: string }
  | { type: 'thread-shown'; id: string }
  | { type: 'thread-named'; id: string; title: string }
  /** Deleted: what is shown in its place comes along. */
  | { type: 'thread-closed'; id: string; nextId: string }

/** The thread of the page's address, else a new one. */
export function initialThreads(addressedId: string): Threads {
  const id = addressedId === '' ? crypto.randomUUID() : addressedId
  return { open: [{ id, title: '', isNew: addressedId === '' }], currentId: id }
}

/** The new thread in which nothing was said yet: one is enough, a second would only be a second way to the same screen. */
export function emptyThread({ open }: Threads): OpenThread | undefined {
  return open.find(({ isNew, title }) => isNew && title === '')
}

export function threadsReducer(threads: Threads, action: ThreadsAction): Threads {
  switch (action.type) {
    case 'thread-added':
      return {
        open: [{ id: action.id, title: '', isNew: true }, ...threads.open],
        currentId: action.id,
      }
    case 'thread-shown':
      return show(threads, action.id)
    case 'thread-named':
      return {
        ...threads,
        open: threads.open.map((thread) =>
          thread.id === action.id ? { ...thread, title: action.title } : thread,
        ),
      }
    case 'thread-closed': {
      const open = threads.open.filter(({ id }) => id !== action.id)
      return threads.currentId === action.id
        ? show({ ...threads, open }, action.nextId)
        : { ...threads, open }
    }
    default: {
      const unknown: never = action
      return unknown
    }
  }
}

function show(threads: Threads, id: string): Threads {
  const isOpen = threads.open.some((thread) => thread.id === id)
  return {
    open: isOpen ? threads.open : [{ id, title: '', isNew: false }, ...threads.open],
    currentId: id,
  }
}
