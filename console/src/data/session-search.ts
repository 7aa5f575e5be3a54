import { sessionSearch } from '@claviger/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { untilAnswered } from './keep-asking.ts'

/** What somebody asked for, as the form has it. */
export interface SessionSearch {
  words?: string | undefined
  person?: string | undefined
  account?: string | undefined
  ticket?: string | undefined
  since?: string | undefined
  until?: string | undefined
  exit?: 'failed' | undefined
  alerts?: string | undefined
}

/** What stands in recordings, a page at a time. Each search is an entry in the audit log: it is asked when the person says so, and not again by itself. */
export const useSessionSearch = (asked: SessionSearch | undefined, turn: number) =>
  useInfiniteQuery({
    queryKey: ['session-search', asked, turn],
    queryFn: ({ pageParam }) =>
      ask(sessionSearch.searchSessions, { body: { ...asked, limit: 10, ...(pageParam !== '' && { after: pageParam }) } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    enabled: asked !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    refetchInterval: untilAnswered,
    retry: false,
  })
