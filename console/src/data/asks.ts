import { asks } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'
import { type Pages, usePages } from './pages.ts'

/** Acts that are held until somebody else decides, in one session. They may wait for ten seconds only. */
export const useHeldActs = (session: string, enabled: boolean) => useHeld('waiting', session, enabled)

/** Those in any session on which the viewer may decide. */
export const useActsToDecide = (enabled: boolean) => useHeld('inbox', undefined, enabled)

/** All that the viewer may see: first those on which they may decide, however much else waits. */
export function useAllHeldActs(decides: boolean): Pages<asks.SessionAsk> {
  const mine = useActsToDecide(decides)
  const all = useHeld('waiting', undefined, true)
  const others = all.data?.filter(({ mayDecide }) => !mayDecide) ?? []
  const complete = all.data && (mine.data || !decides)
  return {
    ...all,
    ...{ data: complete ? [...(mine.data ?? []), ...others] : undefined, error: mine.error ?? all.error },
    refetch: () => Promise.all([mine.refetch(), all.refetch()]),
    ...{ more: mine.more ?? all.more, loadingMore: mine.loadingMore || all.loadingMore },
  }
}

const useHeld = (view: 'inbox' | 'waiting', session: string | undefined, enabled: boolean): Pages<asks.SessionAsk> =>
  usePages({
    key: ['asks', view, session ?? 'all'],
    page: async (query) => (await ask(asks.sessionAsks, { query: { view, ...query, ...(session && { session }) } })).asks,
    every: 3000,
    enabled,
  })

/** What became of one that is not held any more; undefined while it is not known. */
export const useDecidedAct = ({ id }: asks.SessionAsk) =>
  useQuery({
    queryKey: ['asks', 'decided', id],
    queryFn: async () => (await ask(asks.sessionAsks, { query: { view: 'all', id } })).asks[0] ?? null,
    refetchInterval: keepAsking((found: asks.SessionAsk | null | undefined) =>
      found && (found.state === 'waiting' || found.state === 'allowed') ? 2000 : false,
    ),
  })

/** One as it was asked, which never changes; null: not for the viewer, or none. */
export const useAsk = (id: string) =>
  useQuery({
    queryKey: ['asks', 'one', id],
    queryFn: async () => (await ask(asks.sessionAsks, { query: { view: 'all', id } })).asks[0] ?? null,
  })

function useDecide<V>(decide: (given: V) => Promise<asks.SessionAsk>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: decide, onSettled: () => client.invalidateQueries({ queryKey: ['asks'] }) })
}
export const useAllowAct = (id: string) =>
  useDecide((body: { digest: string; code: string; comment?: string }) => ask(asks.allowSessionAsk, { params: { id }, body }))
export const useRefuseAct = (id: string) => useDecide((reason: string) => ask(asks.refuseSessionAsk, { params: { id }, body: { reason } }))
