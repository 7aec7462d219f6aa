import { useMemo, useState, useSyncExternalStore } from 'react'

import { changeDraft, NOTHING_TYPED } from './changeDraft.ts'
import { targetOf, type EndpointDraft, type OwnModel, type Target } from './connection.ts'
import { createModelStatusSource } from './modelStatus.ts'

/** What the demo talks to, and how that can be changed. */
export interface Connection {
  /** How the model stands that the demo's server gives. */
  own: OwnModel
  /** The typed address, when messages go there. */
  endpoint: EndpointDraft | undefined
  /** What is typed in the panel, used or not. */
  draft: EndpointDraft
  target: Target
  /** Whether a message can be sent now. */
  ready: boolean
  changeDraft: (change: Partial<EndpointDraft>) => void
  /** Sends messages to a typed address; `undefined` goes back to the server's own model. */
  choose: (endpoint: EndpointDraft | undefined) => void
  start: () => void
  stop: () => void
}

const source = createModelStatusSource()

export function useConnection(): Connection {
  const own = useSyncExternalStore(source.subscribe, source.getSnapshot)
  const [typed, setTyped] = useState(NOTHING_TYPED)
  const [endpoint, setEndpoint] = useState<EndpointDraft | undefined>(undefined)
  // A model that died still has its name: the placeholder stays, and a retry is answered by the server, not refused here.
  const [ownModel, setOwnModel] = useState('')
  if (own.state === 'ready' && own.model !== ownModel) setOwnModel(own.model)
  const target = useMemo(() => targetOf(own, ownModel, endpoint), [own, ownModel, endpoint])
  return {
    own,
    endpoint,
    draft: typed.draft,
    target,
    ready: endpoint === undefined ? own.state === 'ready' : own.state !== 'unreachable',
    changeDraft: (change) => setTyped((before) => changeDraft(before, change)),
    choose: setEndpoint,
    start: () => tellServer('start'),
    stop: () => tellServer('stop'),
  }
}

/** What comes of it, or that the server is gone, is told by the status. */
function tellServer(action: 'start' | 'stop'): void {
  fetch(`/candor/${action}`, { method: 'POST' }).catch(() => {})
}
