import { useState } from 'react'

import type { ConnectionView } from './connection.ts'
import { DeletedNotice } from './DeletedNotice.tsx'
import { Icon } from './Icon.tsx'
import { Logo } from './Logo.tsx'
import { ThemeSwitch } from './ThemeSwitch.tsx'
import { ThreadItem } from './ThreadItem.tsx'
import { groupByAge } from './threadRows.ts'
import type { ThreadList } from './useThreadList.ts'

const ON_A_MAC = /Mac|iPhone|iPad/.test(navigator.platform)

/** With fewer threads than this, looking is quicker than searching. */
const MANY = 8

export interface SidebarProps {
  list: ThreadList
  connection: ConnectionView
  onNew: () => void
  onChoose: (id: string) => void
  onConnection: () => void
  /** Present where the list lies over the thread. */
  onClose?: (() => void) | undefined
}

/** The threads of this browser, and what the demo talks to. */
export function Sidebar({ list, connection, onNew, onChoose, onConnection, onClose }: SidebarProps) {
  const [sought, setSought] = useState('')
  // The time when the list was last looked at is near enough for its headings.
  const [now] = useState(Date.now)
  const { rows, currentId, deleted, problem } = list
  const canSearch = rows.length >= MANY || sought !== ''
  const words = sought.trim().toLowerCase()
  const found = words === '' ? rows : rows.filter(({ title }) => title.toLowerCase().includes(words))
  return (
    <nav className="sidebar" aria-label="Threads">
      <div className="sidebar-head">
        <Logo />
        <p className="brand">Candor</p>
        <ThemeSwitch />
        {onClose && (
          <button type="button" className="icon-button" aria-label="Close the threads" onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </div>
      <button type="button" className="button new-thread" onClick={onNew}>
        New thread
        <kbd>{ON_A_MAC ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      {canSearch && (
        <input
          className="input thread-search"
          type="search"
          aria-label="Search the threads"
          placeholder="Search"
          value={sought}
          onChange={(event) => setSought(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || sought === '') return
            event.preventDefault()
            event.stopPropagation()
            setSought('')
          }}
        />
      )}
      <div className="thread-list">
        {groupByAge(found, now).map(({ name, rows: rowsOfGroup }) => (
          <section key={name} aria-label={name}>
            <h2>{name}</h2>
            <ul>
              {rowsOfGroup.map((thread) => (
                <ThreadItem
                  key={thread.id}
                  thread={thread}
                  current={thread.id === currentId}
                  onChoose={() => onChoose(thread.id)}
                  onRename={(title) => list.rename(thread.id, title)}
                  onDelete={() => list.remove(thread.id)}
                />
              ))}
            </ul>
          </section>
        ))}
        {found.length === 0 && sought !== '' && (
          <p className="hint thread-none">No thread has “{sought.trim()}” in its name.</p>
        )}
        {problem !== undefined && (
          <p className="hint thread-none" data-level="warning" role="alert">
            Earlier threads cannot be read: this browser keeps nothing for this page ({problem}). The chat
            works all the same.
          </p>
        )}
      </div>
      {deleted !== undefined && (
        <DeletedNotice
          key={deleted.id}
          title={deleted.title}
          onUndo={() => list.undoRemove(deleted.id)}
          onOver={list.purge}
        />
      )}
      <div className="sidebar-foot">
        <button type="button" className="connection" aria-haspopup="dialog" onClick={onConnection}>
          <span className="dot" data-tone={connection.tone} />
          <strong>{connection.name}</strong>
          <small>{connection.detail}</small>
        </button>
      </div>
    </nav>
  )
}
