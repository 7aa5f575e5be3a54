import { type BodyOf, live, replay, session } from '@claviger/api'
import {
  infiniteQueryOptions,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useEffect } from 'react'
import { ask, Refused } from '../api.ts'
import { again, keepAsking, passes, untilAnswered } from './keep-asking.ts'
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
const once = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnWindowFocus: false, refetchInterval: untilAnswered } as const

/** A recording of a terminal, opened to be replayed. */
export const useReplay = (id: string) =>
  useQuery({ queryKey: ['replay', id], queryFn: () => ask(replay.openReplay, { params: { id } }), retry: false, ...once })

/** What verification of the whole file says, which goes on meanwhile. `known`: what was answered when it was opened. */
const useVerified = (of: string | undefined, known: session.Checked['verified'] | undefined, check: () => Promise<session.Checked>) =>
  useQuery({
    queryKey: ['verified', of],
    queryFn: check,
    enabled: of !== undefined && known === null,
    ...once,
    refetchInterval: ({ state }) => (state.data?.verified || state.error ? false : 500),
  })

export const useReplayVerified = (id: string, opened: replay.OpenReplay | undefined) =>
  useVerified(opened?.replay, opened?.verified, () => ask(replay.replayVerified, { params: { id, replay: opened?.replay ?? '' } }))

export const replayPart = (id: string, opened: string, n: number): Promise<replay.ReplayPart> =>
  ask(replay.replayPart, { params: { id, replay: opened, n } })

export const listedAtOnce = 500

/** Behind which number a page begins, and the viewing that it is part of. */
interface From {
  after: number
  view?: string
}
interface Listed {
  total: number
  next: number | null
  view: string
  verified: session.Checked['verified']
}

/** The question for a list, as far as it does not depend on what is listed. */
export type Listing = Pick<
  UseInfiniteQueryResult,
  | 'error'
  | 'errorUpdatedAt'
  | 'hasNextPage'
  | 'fetchNextPage'
  | 'isFetchingNextPage'
  | 'isFetchNextPageError'
  | 'isRefetching'
  | 'isRefetchError'
  | 'refetch'
>

/** What a recording lists, a page at a time. All pages are one viewing; where that is over, the next one begins another. */
export const listed = <P extends Listed>(key: unknown[], after: number, page: (query: From & { limit: number }) => Promise<P>) =>
  infiniteQueryOptions({
    queryKey: key,
    queryFn: async ({ pageParam: from }) => {
      try {
        return await page({ ...from, limit: listedAtOnce })
      } catch (error) {
        if (from.view === undefined || !(error instanceof Refused) || error.body.code !== 'session.view_over') throw error
        return await page({ after: from.after, limit: listedAtOnce })
      }
    },
    initialPageParam: { after } as From,
    getNextPageParam: (last): From | null => (last.next === null ? null : { after: last.next, view: last.view }),
    retry: false,
    ...once,
  })

/** A page that did not come while the server is away is asked for again by itself, and no other: all of them anew would be another viewing. */
export function useNextAgain({ isFetchNextPageError: failed, error, errorUpdatedAt: at, fetchNextPage }: Listing): void {
  const passing = failed && passes(error) ? at : undefined
  useEffect(() => {
    if (passing === undefined) return
    const timer = setTimeout(() => void fetchNextPage(), again)
    return () => clearTimeout(timer)
  }, [passing, fetchNextPage])
}

/** The statements of an SQL session from `first` on (counted from 1). */
export const useStatements = (id: string, first: number) =>
  useInfiniteQuery(
    listed(['statements', id, first], Math.floor((first - 1) / listedAtOnce) * listedAtOnce, (query) =>
      ask(session.sessionStatements, { params: { id }, query }),
    ),
  )
export const useStatementsVerified = (id: string, opened: Listed | undefined) =>
  useVerified(opened?.view, opened?.verified, () => ask(session.statementsVerified, { params: { id, view: opened?.view ?? '' } }))

/** What a transfer did to files. */
export const useFiles = (id: string) =>
  useInfiniteQuery(listed(['files', id], 0, (query) => ask(session.sessionFiles, { params: { id }, query })))
export const useFilesVerified = (id: string, opened: Listed | undefined) =>
  useVerified(opened?.view, opened?.verified, () => ask(session.filesVerified, { params: { id, view: opened?.view ?? '' } }))

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
