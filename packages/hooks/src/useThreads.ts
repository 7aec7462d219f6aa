'use client'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useEffect } from 'react'

import type { ChatStorage, ThreadSummary } from './ChatStorage.ts'
import { numberOf } from './numberOf.ts'
import { useRequestClient } from './useRequestClient.ts'

/**
 * The threads that a storage keeps, the last changed first, as a TanStack query: new when a chat of this page or of
 * another tab writes. `storage.removeThread(id)` forgets one.
 */
export function useThreads(storage: ChatStorage): UseQueryResult<readonly ThreadSummary[]> {
  const queryClient = useRequestClient()
  const number = numberOf(storage)
  useEffect(
    () =>
      storage.subscribe(
        () => void queryClient.invalidateQueries({ queryKey: ['candor', 'threads', number] }),
      ),
    [storage, queryClient, number],
  )
  return useQuery(
    {
      queryKey: ['candor', 'threads', number],
      queryFn: storage.listThreads,
      networkMode: 'always',
      retry: false,
    },
    queryClient,
  )
}
