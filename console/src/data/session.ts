import { type BodyOf, live, replay, session } from '@claviger/api'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'
import { type Pages, usePages } from './pages.ts'

export interface SessionsFilter {
  state?: 'running' | 'ended' | undefined
  search?: string | undefined
}

/** Sessions that the viewer made or may see, newest first. */
export const useSessions = ({ state, search }: SessionsFilter): Pages<session.Session> =>
  usePages({
    key: ['sessions', state ?? 'all', search],
    page: async (query) =>
      (await ask(session.sessions, { query: { ...query, ...(state && { state }), ...(search && { search }) } })).sessions,
    every: 5000,
  })

/** The sessions that were opened under one request; the newest hundred. */
export const useSessionsOf = (request: string, enabled: boolean) =>
  useQuery({
    queryKey: ['sessions', 'of', request],
    queryFn: async () => (await ask(session.sessions, { query: { request, limit: 100 } })).sessions,
    refetchInterval: keepAsking(5000),
    enabled,
  })

export const useSession = (id: string) =>
  useQuery({
    queryKey: ['session', id],
    queryFn: () => ask(session.getSession, { params: { id } }),
    refetchInterval: keepAsking((data: session.Session | undefined) =>
      data?.state === 'opening' || data?.state === 'running' ? 3000 : false,
    ),
  })

// Each fetch of a recording is an entry in the audit log: ask once per visit, and again only when the person asks.
const once = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnWindowFocus: false } as const

/** A recording of a terminal, opened to be replayed. */
export const useReplay = (id: string) =>
  useQuery({ queryKey: ['replay', id], queryFn: () => ask(replay.openReplay, { params: { id } }), retry: false, ...once })

/** What verification of the whole file says, which goes on meanwhile. */
export const useReplayVerified = (id: string, opened: replay.OpenReplay | undefined) =>
  useQuery({
    queryKey: ['replay-verified', opened?.replay],
    queryFn: () => ask(replay.replayVerified, { params: { id, replay: opened?.replay ?? '' } }),
    enabled: opened !== undefined && opened.verified === null,
    refetchInterval: ({ state }) => (state.data?.verified || state.error ? false : 500),
    ...once,
  })

export const replayPart = (id: string, opened: string, n: number): Promise<replay.ReplayPart> =>
  ask(replay.replayPart, { params: { id, replay: opened, n } })

const statementsAtOnce = 500

/** The statements of an SQL session from `first` on (counted from 1), a page at a time. Each page that is fetched is a viewing. */
export const useStatements = (id: string, first: number) =>
  useInfiniteQuery({
    queryKey: ['statements', id, first],
    queryFn: ({ pageParam }) => ask(session.sessionStatements, { params: { id }, query: { after: pageParam, limit: statementsAtOnce } }),
    initialPageParam: Math.floor((first - 1) / statementsAtOnce) * statementsAtOnce,
    getNextPageParam: (last) => last.next,
    ...once,
  })

/** What a transfer of files did, a page at a time. Each page that is fetched is a viewing. */
export const useFiles = (id: string) =>
  useInfiniteQuery({
    queryKey: ['files', id],
    queryFn: ({ pageParam }) => ask(session.sessionFiles, { params: { id }, query: { after: pageParam, limit: 500 } }),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
    ...once,
  })

/** The connections that a session carried, a page at a time; asked again while it runs. */
export const useForwards = (id: string, live: boolean) =>
  useInfiniteQuery({
    queryKey: ['forwards', id],
    queryFn: ({ pageParam }) => ask(session.sessionForwards, { params: { id }, query: { after: pageParam, limit: 500 } }),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
    refetchInterval: live ? 3000 : false,
  })

export function useEndSession(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (reason: string) => ask(session.endSession, { params: { id }, body: { reason } }),
    onSettled: () =>
      Promise.all([client.invalidateQueries({ queryKey: ['session', id] }), client.invalidateQueries({ queryKey: ['sessions'] })]),
  })
}

/** More time in a running session of one's own. */
export function useRenewSession(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof session.renewSession>) => ask(session.renewSession, { params: { id }, body }),
    onSettled: () => Promise.all([['session', id], ['requests'], ['grants']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}

/** Whatever somebody has open. */
export function useEndSessionsOf(person: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (reason: string) => ask(live.endSessionsOf, { params: { id: person }, body: { reason } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  })
}

/** A message to the person of a running session, or holding it. */
export function useOrder(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ what, words }: { what: 'message' | 'suspend' | 'resume'; words: string }) =>
      what === 'message'
        ? ask(live.messageSession, { params: { id }, body: { message: words } })
        : ask(what === 'suspend' ? live.suspendSession : live.resumeSession, { params: { id }, body: { reason: words } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['session', id] }),
  })
}
