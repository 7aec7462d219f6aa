'use client'
import { listModels, type ChatClient, type CompletionError, type Model } from '@candor/core'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'

import { numberOf } from './numberOf.ts'
import { useRequestClient } from './useRequestClient.ts'

/** How the list of models is asked for. */
export interface UseModelsOptions {
  /** Whether to ask at all, for an address that is still being typed. @default true */
  enabled?: boolean
  /** Milliseconds for which a list counts as fresh. @default 60_000 */
  staleTime?: number
}

/** The models that the server offers (`GET /v1/models`), as a TanStack query: shared by all who ask the same client. */
export function useModels(
  client: ChatClient,
  { enabled = true, staleTime = 60_000 }: UseModelsOptions = {},
): UseQueryResult<Model[], CompletionError> {
  return useQuery<Model[], CompletionError>(
    {
      queryKey: ['candor', 'models', client.baseURL, numberOf(client)],
      queryFn: ({ signal }) => listModels(client, { signal }),
      // `always`, because a server on this machine answers without a network; it repeats by itself what may help.
      networkMode: 'always',
      retry: false,
      enabled,
      staleTime,
    },
    useRequestClient(),
  )
}
