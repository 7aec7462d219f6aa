'use client'
import {
  serializeRequest,
  type ChatClient,
  type ChatCompletionParams,
  type CompletionError,
  type CompletionSnapshot,
  type EndpointProfile,
} from '@candor/core'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useCallback } from 'react'

import { numberOf } from './numberOf.ts'
import { useRequestClient } from './useRequestClient.ts'

/** How a completion is asked for, beside the request itself. */
export interface CompletionQueryOptions {
  /** The server, from `createClient`. */
  client: ChatClient
  /** What the server accepts and refuses. @default what every server accepts */
  profile?: EndpointProfile
  /** Whether to ask at all, for a request that is still being made up. @default true */
  enabled?: boolean
  /** Milliseconds for which an answer counts as fresh. @default Infinity */
  staleTime?: number
  /** Milliseconds for which an answer is kept that nobody shows. @default 5 minutes */
  gcTime?: number
}

/** A TanStack query whose data grows while it is fetched. */
export type CompletionQuery = UseQueryResult<CompletionSnapshot, CompletionError> & {
  /** Stops the answer and keeps what arrived, with `ending: 'stopped'`. */
  readonly stop: () => void
}

/**
 * One completion as a TanStack query: the same request is asked once and kept, by all who show it; its data is the
 * answer so far. It is stopped when nobody shows it any more, and asked again when somebody does.
 *
 * @example
 * const { data, stop } = useCompletionQuery({ model, messages: [{ role: 'user', content: 'A haiku.' }] }, { client })
 * data?.completion.choices[0]?.message.content
 */
export function useCompletionQuery(
  request: ChatCompletionParams,
  { client, profile, enabled = true, staleTime = Infinity, gcTime }: CompletionQueryOptions,
): CompletionQuery {
  const queryClient = useRequestClient()
  // As text, since a seed may be a bigint, of which a key cannot be made.
  const body = serializeRequest({ ...request, stream: true })
  const server = numberOf(client)
  const query = useQuery<CompletionSnapshot, CompletionError>(
    {
      queryKey: ['candor', 'completion', client.baseURL, server, body],
      queryFn: async ({ signal, queryKey }) => {
        // What is left of an answer that was cut off is not a fresh answer.
        signal.addEventListener('abort', () => {
          void queryClient.invalidateQueries({ queryKey, exact: true, refetchType: 'none' })
        })
        const { streamQuery } = await import('./streamQuery.ts')
        return streamQuery({
          client,
          request,
          profile,
          signal,
          publish: (snapshot) => queryClient.setQueryData(queryKey, snapshot),
        })
      },
      networkMode: 'always',
      retry: false,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      enabled,
      staleTime,
      ...(gcTime !== undefined && { gcTime }),
    },
    queryClient,
  )
  const stop = useCallback(() => {
    const queryKey = ['candor', 'completion', client.baseURL, server, body]
    // Takes the query back to what was shown last, and says that it is no fresh answer; here, it is what was wanted.
    void queryClient.cancelQueries({ queryKey, exact: true })
    queryClient.setQueryData<CompletionSnapshot>(queryKey, (snapshot) =>
      snapshot?.ending === 'open' ? { ...snapshot, ending: 'stopped' } : snapshot,
    )
  }, [queryClient, client, server, body])
  // Passed on rather than copied, since who reads a field follows it.
  const fields = Object.keys(query).map((field): [string, PropertyDescriptor] => [
    field,
    { get: () => Reflect.get(query, field) as unknown, enumerable: true },
  ])
  const completionQuery: CompletionQuery = Object.create(query, Object.fromEntries(fields))
  return Object.defineProperty(completionQuery, 'stop', { value: stop, enumerable: true })
}
