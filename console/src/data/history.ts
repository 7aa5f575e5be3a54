import { access, audit, session } from '@claviger/api'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

const few = 20

/** What the ledger says about one thing, newest first, a page at a time. Only for who may read it. */
export const useAbout = (subject: string, enabled: boolean) =>
  useInfiniteQuery({
    queryKey: ['about', subject],
    queryFn: ({ pageParam }) => ask(audit.ledger, { query: { about: subject, limit: few, ...(pageParam && { after: pageParam }) } }),
    initialPageParam: '',
    getNextPageParam: ({ entries }) => (entries.length < few ? undefined : String(entries.at(-1)?.place)),
    enabled,
  })

/** Who asked for an account, newest first; of other people only for who may see them. */
export const useRequestsFor = (account: string) =>
  useQuery({
    queryKey: ['requests', 'for', account],
    queryFn: async () => (await ask(access.requests, { query: { account, limit: few } })).requests,
    refetchInterval: keepAsking(15_000),
  })

export const useSessionsOn = (account: string) =>
  useQuery({
    queryKey: ['sessions', 'on', account],
    queryFn: async () => (await ask(session.sessions, { query: { account, limit: few } })).sessions,
    refetchInterval: keepAsking(15_000),
  })
