import { Icon } from './Icon.tsx'
import { Logo } from './Logo.tsx'
import { ThemeSwitch } from './ThemeSwitch.tsx'
import type { Threads } from './threads.ts'
import type { ConnectionView } from './connection.ts'

const ON_A_MAC = /Mac|iPhone|iPad/.test(navigator.platform)

export interface SidebarProps {
  threads: Threads
  connection: ConnectionView
  onNew: () => void
  onChoose: (id: string) => void
  onConnection: () => void
  /** Present where the list lies over the thread. */
  onClose?: (() => void) | undefined
}

/** The threads of this visit, and what the demo talks to. */
export function Sidebar({ threads, connection, onNew, onChoose, onConnection, onClose }: SidebarProps) {
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
      <h2>This visit</h2>
      <ul className="thread-list">
        {threads.list.map((thread) => (
          <li key={thread.id}>
            <button
              type="button"
              aria-current={thread.id === threads.currentId}
              onClick={() => onChoose(thread.id)}
            >
              {thread.title === '' ? 'New thread' : thread.title}
            </button>
          </li>
        ))}
      </ul>
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
