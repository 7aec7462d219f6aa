'use client'
import { QueryClient, QueryClientContext } from '@tanstack/react-query'
import { useContext } from 'react'

let pageClient: QueryClient | undefined

/**
 * Where requests run: the app's own `QueryClient`, else one that the page shares. A server renders many visitors' pages
 * and must not share one.
 */
export function useRequestClient(): QueryClient {
  const provided = useContext(QueryClientContext)
  if (provided !== undefined) return provided
  if (typeof document === 'undefined') return new QueryClient()
  pageClient ??= new QueryClient()
  return pageClient
}
