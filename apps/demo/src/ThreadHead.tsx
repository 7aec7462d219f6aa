import { Icon } from './Icon.tsx'
import type { Settings } from './settings.ts'

export interface ThreadHeadProps {
  title: string
  settings: Settings
  /** How many tools there are to switch on. */
  toolCount: number
  /** What switching the tools on means with this connection. */
  toolsNote: string
  onSettings: (change: Partial<Settings>) => void
  /** Present where the list of threads is a drawer. */
  onThreads?: (() => void) | undefined
  /** Present where the inspector is a drawer. */
  onInspector?: (() => void) | undefined
}

/** The thread's name, and what its next request asks for. */
export function ThreadHead({
  title,
  settings,
  toolCount,
  toolsNote,
  onSettings,
  onThreads,
  onInspector,
}: ThreadHeadProps) {
  const n = settings.figures.n ?? 1
  return (
    <header className="thread-head">
      {onThreads && (
        <button
          type="button"
          className="icon-button"
          aria-label="Threads"
          aria-haspopup="dialog"
          onClick={onThreads}
        >
          <Icon name="menu" />
        </button>
      )}
      <h1>{title === '' ? 'New thread' : title}</h1>
      <fieldset className="chips" aria-label="Asked for">
        <button
          type="button"
          className="chip"
          aria-pressed={settings.logprobs}
          title="Ask for the probability of each token and its alternatives"
          onClick={() => onSettings({ logprobs: !settings.logprobs })}
        >
          Logprobs
        </button>
        <button
          type="button"
          className="chip"
          aria-pressed={n > 1}
          title={n > 1 ? 'Ask for one answer' : 'Ask for three answers at once, side by side'}
          onClick={() => onSettings({ figures: { ...settings.figures, n: n > 1 ? null : 3 } })}
        >
          n {n}
        </button>
        <button
          type="button"
          className="chip"
          aria-pressed={settings.tools}
          title={toolsNote}
          onClick={() => onSettings({ tools: !settings.tools })}
        >
          {toolCount} tools
        </button>
      </fieldset>
      {onInspector && (
        <button
          type="button"
          className="icon-button"
          aria-label="Inspector"
          aria-haspopup="dialog"
          onClick={onInspector}
        >
          <Icon name="panel" />
        </button>
      )}
    </header>
  )
}
