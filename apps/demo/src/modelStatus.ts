import type { OwnModel } from './connection.ts'

/** How the model of the demo's server stands, as that server tells it; one connection for the whole page. */
export interface ModelStatusSource {
  getSnapshot: () => OwnModel
  subscribe: (listener: () => void) => () => void
}

/** Follows `/candor/status`. A lost connection is `unreachable` until the browser, which keeps trying, has it back. */
export function createModelStatusSource(url = '/candor/status/events'): ModelStatusSource {
  let own: OwnModel = { state: 'connecting' }
  let events: EventSource | undefined
  const listeners = new Set<() => void>()

  function publish(next: OwnModel) {
    own = next
    for (const listener of listeners) listener()
  }

  function open() {
    events = new EventSource(url)
    events.addEventListener('message', (event: MessageEvent<string>) => {
      const status: OwnModel = JSON.parse(event.data)
      publish(status)
    })
    events.addEventListener('error', () => publish({ state: 'unreachable' }))
  }

  return {
    getSnapshot: () => own,
    subscribe(listener) {
      listeners.add(listener)
      if (listeners.size === 1) open()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) events?.close()
      }
    },
  }
}
