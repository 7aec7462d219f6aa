import type { ReactElement } from 'react'

/** A message that is there from the beginning, whatever shows it. */
export interface HistoryMessage {
  readonly role: 'user' | 'assistant'
  readonly text: string
}

export interface ContenderProps {
  readonly history: readonly HistoryMessage[]
  readonly fetch: typeof fetch
  /** Called with the way to ask a question. */
  readonly onReady: (send: () => void) => void
}

/** A chat as an app would write it with one library. */
export type Contender = (props: ContenderProps) => ReactElement
