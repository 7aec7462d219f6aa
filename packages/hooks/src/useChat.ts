'use client'
import { useContext, useEffect, useId, useState, useSyncExternalStore } from 'react'

import { ChatRegistryContext } from './CandorProvider.tsx'
import type { ChatHandle } from './ChatHandle.ts'
import type { ChatOptions, ToolLoopOptions } from './ChatOptions.ts'
import { createChat, type ChatController } from './createChat.ts'
import { createHandleSource, type HandleSource } from './createHandleSource.ts'
import { keepChat } from './keepChat.ts'
import { useRequestClient } from './useRequestClient.ts'

/**
 * The conversation of this component: created once for each id, stopped when the component goes; or, with an id below a
 * provider that keeps chats, the provider's, which goes on.
 */
export function useChat(options: ChatOptions | ToolLoopOptions): ChatHandle {
  const { storage } = options
  const ownId = useId()
  const id = options.id ?? ownId
  if (storage !== undefined && options.id === undefined) {
    throw new Error('A chat with a `storage` needs an `id`: it is kept, and found again, under that.')
  }
  const keptChats = useContext(ChatRegistryContext)
  const registry = options.id === undefined ? null : keptChats
  const queryClient = useRequestClient()
  const hold = (): { chat: ChatController; source: HandleSource } => {
    const create = (): ChatController => createChat({ ...options, id }, queryClient)
    const chat = registry === null ? create() : registry.obtain(id, create)
    return { chat, source: createHandleSource(chat) }
  }
  const [held, setHeld] = useState(hold)
  let { chat, source } = held
  if (chat.id !== id) {
    const next = hold()
    setHeld(next)
    ;({ chat, source } = next)
  }

  useEffect(() => chat.setOptions(options))
  const hasTools = 'tools' in options
  useEffect(() => chat.preload(), [chat, hasTools])
  useEffect(() => (registry === null ? () => chat.actions.stop() : undefined), [registry, chat])
  useEffect(() => {
    if (storage === undefined) return undefined
    return registry === null ? keepChat(chat, storage) : registry.keep(chat, storage)
  }, [registry, chat, storage])

  return useSyncExternalStore(chat.store.subscribe, source.getHandle, source.getHandle)
}
