import { indexedDbChats, useThreads } from '@candor/hooks'
import { useEffect, useEffectEvent, useReducer, useState, useSyncExternalStore } from 'react'

import { INITIAL_SETTINGS, type Settings } from './settings.ts'
import {
  changeNote,
  draftIds,
  readDraft,
  removeNote,
  subscribeToNotes,
  threadNotes,
  writeDraft,
} from './threadNotes.ts'
import { emptyThread, initialThreads, threadsReducer, type OpenThread } from './threads.ts'
import { threadRows, type ThreadRow } from './threadRows.ts'

/** How long a deletion can be undone, in milliseconds. */
export const UNDO_MS = 10_000

/** For how long settings are remembered of a thread in which nothing was said, in milliseconds. */
const UNUSED_MS = 86_400_000

/** Where the conversations of the demo are kept: in this browser. */
export const storage = indexedDbChats('candor-demo')

/** The threads of this browser, and what can be done with them. */
export interface ThreadList {
  rows: readonly ThreadRow[]
  currentId: string
  /** The threads opened in this tab: their chats live on while another is on screen. */
  open: readonly OpenThread[]
  settingsOf: (threadId: string) => Settings
  /** The thread that was deleted last, while that can be undone. */
  deleted: { id: string; title: string } | undefined
  /** Why the threads of earlier visits cannot be read. */
  problem: string | undefined
  add: () => void
  show: (threadId: string) => void
  /** Tells the first words of a conversation. */
  named: (threadId: string, title: string) => void
  /** Gives it a name; `''` goes back to its first words. */
  rename: (threadId: string, name: string) => void
  changeSettings: (threadId: string, change: Partial<Settings>) => void
  /** Takes it off the list; until `purge` that can be undone. */
  remove: (threadId: string) => void
  undoRemove: (threadId: string) => void
  /** Forgets for good what is deleted. */
  purge: () => void
}

export function useThreadList(): ThreadList {
  const [threads, dispatch] = useReducer(threadsReducer, addressedId(), initialThreads)
  const notes = useSyncExternalStore(subscribeToNotes, threadNotes)
  const kept = useThreads(storage)
  const [draftsBefore] = useState(draftIds)
  const { currentId } = threads
  const keptThreads = kept.data ?? []

  // A thread has its address, so that a reload, a second tab and the way back find it.
  useEffect(() => {
    if (addressedId() === '') history.replaceState(null, '', `#${currentId}`)
    else if (addressedId() !== currentId) history.pushState(null, '', `#${currentId}`)
  }, [currentId])
  useEffect(() => {
    function onAddress() {
      if (addressedId() !== '') dispatch({ type: 'thread-shown', id: addressedId() })
    }
    addEventListener('popstate', onAddress)
    return () => removeEventListener('popstate', onAddress)
  }, [])

  const rows = threadRows({ threads, kept: keptThreads, notes, draftIds: draftsBefore, draftOf: readDraft })

  const deletedIds = Object.keys(notes).filter((id) => notes[id]?.deletedAt !== undefined)
  const undoableId = deletedIds
    .filter((id) => keptThreads.some((thread) => thread.id === id) || readDraft(id) !== '')
    .toSorted((one, other) => notes[other]!.deletedAt! - notes[one]!.deletedAt!)[0]

  // Whichever tab deleted it: what is gone is not on screen.
  const closedId = threads.open.find(({ id }) => deletedIds.includes(id))?.id
  if (closedId !== undefined) {
    dispatch({ type: 'thread-closed', id: closedId, nextId: rows[0]?.id ?? crypto.randomUUID() })
  }

  const forgetUnused = useEffectEvent(() => {
    const keptIds = new Set(keptThreads.map(({ id }) => id))
    for (const [id, { at, deletedAt }] of Object.entries(notes)) {
      const isKept = keptIds.has(id)
      if (deletedAt !== undefined && Date.now() - deletedAt > UNDO_MS) forget(id, isKept)
      else if (!isKept && readDraft(id) === '' && Date.now() - at > UNUSED_MS) removeNote(id)
    }
  })
  const isRead = kept.data !== undefined
  useEffect(() => {
    if (isRead) forgetUnused()
  }, [isRead])

  return {
    rows,
    currentId,
    open: threads.open,
    settingsOf: (id) => notes[id]?.settings ?? INITIAL_SETTINGS,
    deleted:
      undoableId === undefined
        ? undefined
        : {
            id: undoableId,
            title:
              notes[undoableId]?.name ??
              keptThreads.find(({ id }) => id === undoableId)?.title ??
              readDraft(undoableId),
          },
    problem: kept.error?.message,
    add() {
      const empty = emptyThread(threads)
      if (empty !== undefined) {
        dispatch({ type: 'thread-shown', id: empty.id })
        return
      }
      const id = crypto.randomUUID()
      const settings = notes[currentId]?.settings
      if (settings !== undefined) changeNote(id, { settings: forNewThread(settings) })
      dispatch({ type: 'thread-added', id })
    },
    show: (id) => dispatch({ type: 'thread-shown', id }),
    named: (id, title) => dispatch({ type: 'thread-named', id, title }),
    rename: (id, name) => changeNote(id, { name: name.trim() === '' ? undefined : name.trim() }),
    changeSettings: (id, change) =>
      changeNote(id, { settings: { ...(threadNotes()[id]?.settings ?? INITIAL_SETTINGS), ...change } }),
    remove: (id) => changeNote(id, { deletedAt: Date.now() }),
    undoRemove(id) {
      changeNote(id, { deletedAt: undefined })
      dispatch({ type: 'thread-shown', id })
    },
    purge() {
      for (const id of deletedIds) forget(id, true)
    },
  }
}

/** Figures carry over to the next thread; what changes the kind of answer starts afresh. */
function forNewThread(settings: Settings): Settings {
  const { n: _, ...figures } = settings.figures
  const { tools, format, schema } = INITIAL_SETTINGS
  return { ...settings, figures, tools, format, schema }
}

/** The note stays until the next visit, or the thread would be on the list again until that is read anew. */
function forget(threadId: string, isKept: boolean): void {
  writeDraft(threadId, '')
  // What cannot be removed now stays off the list, and is tried again at the next visit.
  if (isKept) storage.removeThread(threadId).catch(() => {})
  else removeNote(threadId)
}

/** The id of the thread in the page's address; `''` when there is none. */
function addressedId(): string {
  return location.hash.slice(1)
}
