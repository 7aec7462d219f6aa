import { useEffect, useEffectEvent, useReducer, useState } from 'react'

import { ConnectionPanel } from './ConnectionPanel.tsx'
import { connectionView, listModelIds } from './connection.ts'
import { Drawer } from './Drawer.tsx'
import { Sidebar } from './Sidebar.tsx'
import { ThreadWorkspace } from './ThreadWorkspace.tsx'
import { initialThreads, threadsReducer } from './threads.ts'
import { useConnection } from './useConnection.ts'
import { useMediaQuery } from './useMediaQuery.ts'

/** The demo: threads, the one on screen with its inspector, and what it all talks to. */
export function App() {
  const [threads, dispatch] = useReducer(threadsReducer, undefined, initialThreads)
  const [open, setOpen] = useState<'threads' | 'connection' | undefined>(undefined)
  const [timesBegun, setTimesBegun] = useState(0)
  const connection = useConnection()
  const hasRoomForThreads = useMediaQuery('(min-width: 900px)')

  function begin() {
    dispatch({ type: 'thread-added' })
    setOpen(undefined)
    setTimesBegun((times) => times + 1)
  }
  const beginByKey = useEffectEvent(begin)

  useEffect(focusComposer, [timesBegun])

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey) return
      event.preventDefault()
      beginByKey()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])

  const sidebar = (
    <Sidebar
      threads={threads}
      connection={connectionView(connection.own, connection.endpoint)}
      onNew={begin}
      onChoose={(id) => {
        dispatch({ type: 'thread-chosen', id })
        setOpen(undefined)
      }}
      onConnection={() => setOpen('connection')}
      onClose={hasRoomForThreads ? undefined : () => setOpen(undefined)}
    />
  )

  return (
    <div className="demo">
      {hasRoomForThreads ? (
        sidebar
      ) : (
        <Drawer label="Threads" side="start" open={open === 'threads'} onClose={() => setOpen(undefined)}>
          {sidebar}
        </Drawer>
      )}
      {/* Every thread stays mounted: its answer goes on, and what is typed there stays, while another is on screen. */}
      {threads.list.map((thread) => (
        <ThreadWorkspace
          key={thread.id}
          thread={thread}
          current={thread.id === threads.currentId}
          connection={connection}
          onNamed={(title) => dispatch({ type: 'thread-named', id: thread.id, title })}
          onSettings={(change) => dispatch({ type: 'settings-changed', id: thread.id, change })}
          onThreads={hasRoomForThreads ? undefined : () => setOpen('threads')}
          onConnection={() => setOpen('connection')}
        />
      ))}
      <ConnectionPanel
        open={open === 'connection'}
        own={connection.own}
        draft={connection.draft}
        usesEndpoint={connection.endpoint !== undefined}
        listModelIds={listModelIds}
        onDraft={connection.changeDraft}
        onUseOwn={() => connection.choose(undefined)}
        onUseEndpoint={connection.choose}
        onStart={connection.start}
        onStop={connection.stop}
        onClose={() => setOpen(undefined)}
      />
    </div>
  )
}

/** So that typing right away works. A touch screen would raise its keyboard over what is to be read first. */
function focusComposer(): void {
  if (!matchMedia('(hover: hover) and (pointer: fine)').matches) return
  document.querySelector<HTMLElement>('.workspace:not([hidden]) .candor-composer-input')?.focus()
}
