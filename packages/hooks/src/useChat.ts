import { useEffect, useId, useState, useSyncExternalStore } from 'react'

import type { ChatHandle } from './ChatHandle.ts'
import type { ChatOptions, ToolLoopOptions } from './ChatOptions.ts'
import type { ChatStorage } from './ChatStorage.ts'
import { createChat, type ChatController } from './createChat.ts'
import { createHandleSource, type HandleSource } from './createHandleSource.ts'
import { preloadTurns } from './createTurnRunner.ts'
import { useRequestClient } from './useRequestClient.ts'

/** The conversation of this component: created once for each id, stopped when the component goes. */
export function useChat(options: ChatOptions | ToolLoopOptions): ChatHandle {
  const ownId = useId()
  const id = options.id ?? ownId
  if (options.storage !== undefined && options.id === undefined) {
    throw new Error('A chat with a `storage` needs an `id`: it is kept, and found again, under that.')
  }
  const queryClient = useRequestClient()
  const create = (): { chat: ChatController; source: HandleSource } => {
    const chat = createChat({ ...options, id }, queryClient)
    return { chat, source: createHandleSource(chat) }
  }
  const [held, setHeld] = useState(create)
  let { chat, source } = held
  if (chat.id !== id) {
    const next = create()
    setHeld(next)
    ;({ chat, source } = next)
  }

  useEffect(() => chat.setOptions(options))
  useEffect(() => () => chat.actions.stop(), [chat])
  const hasTools = 'tools' in options
  useEffect(() => preloadTurns(hasTools), [hasTools])
  const { storage } = options
  useEffect(() => (storage === undefined ? undefined : keep(chat, storage)), [chat, storage])

  return useSyncExternalStore(chat.store.subscribe, source.getHandle, source.getHandle)
}

/** Keeps a chat in a storage; what does that is loaded first, and what is sent meanwhile waits. */
function keep(chat: ChatController, storage: ChatStorage): () => void {
  let stop: (() => void) | undefined
  let isOver = false
  const start = async (): Promise<void> => {
    const { persistChat } = await import('./persistChat.ts')
    if (!isOver) stop = persistChat(chat, storage)
  }
  chat.hold(start())
  return () => {
    isOver = true
    stop?.()
  }
}
