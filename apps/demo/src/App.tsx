import { useEffect, useEffectEvent, useState } from 'react'

import { ConnectionPanel } from './ConnectionPanel.tsx'
import { connectionView, listModelIds } from './connection.ts'
import { Drawer } from './Drawer.tsx'
import { Sidebar } from './Sidebar.tsx'
import { ThreadWorkspace } from './ThreadWorkspace.tsx'
import { useConnection } from './useConnection.ts'
import { useMediaQuery } from './useMediaQuery.ts'
import { useThreadList } from './useThreadList.ts'

/** The demo: threads, the one on screen with its inspector, and what it all talks to. */
export function App() {
  const list = useThreadList()
  const [open, setOpen] = useState<'threads' | 'connection' | undefined>(undefined)
  const [timesBegun, setTimesBegun] = useState(0)
  const connection = useConnection()
  const hasRoomForThreads = useMediaQuery('(min-width: 900px)')

  function begin() {
    list.add()
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
      list={list}
      connection={connectionView(connection.own, connection.endpoint)}
      onNew={begin}
      onChoose={(id) => {
        list.show(id)
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
      {/* What was opened stays mounted: its answer goes on while another thread is on screen. */}
      {list.open.map(({ id, title }) => (
        <ThreadWorkspace
          key={id}
          id={id}
          title={list.rows.find((row) => row.id === id)?.title ?? title}
          settings={list.settingsOf(id)}
          current={id === list.currentId}
          connection={connection}
          onNamed={(words) => list.named(id, words)}
          onSettings={(change) => list.changeSettings(id, change)}
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
