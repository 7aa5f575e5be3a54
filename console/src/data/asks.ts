import { asks } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'
import { type Pages, usePages } from './pages.ts'

/** Acts that are held until somebody else decides: in one session, or in all that the viewer may see. They may wait for ten seconds only. */
export const useHeldActs = (session: string | undefined, enabled: boolean): Pages<asks.SessionAsk> =>
  usePages({
    key: ['asks', 'waiting', session ?? 'all'],
    page: async (query) => (await ask(asks.sessionAsks, { query: { view: 'waiting', ...query, ...(session && { session }) } })).asks,
    every: 3000,
    enabled,
  })

/** How many of them the viewer may decide on. */
export const mineToDecide = (held: readonly asks.SessionAsk[] | undefined): number =>
  held?.filter(({ blocked }) => blocked === null).length ?? 0

/** What became of one that is not held any more; undefined while it is not known. */
export const useDecidedAct = ({ id, session }: asks.SessionAsk) =>
  useQuery({
    queryKey: ['asks', 'decided', id],
    queryFn: async () =>
      (await ask(asks.sessionAsks, { query: { view: 'all', session, limit: 100 } })).asks.find((a) => a.id === id) ?? null,
    refetchInterval: keepAsking((found: asks.SessionAsk | null | undefined) =>
      found && (found.state === 'waiting' || found.state === 'allowed') ? 2000 : false,
    ),
  })

function useDecide<V>(decide: (given: V) => Promise<asks.SessionAsk>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: decide, onSettled: () => client.invalidateQueries({ queryKey: ['asks'] }) })
}
export const useAllowAct = (id: string) =>
  useDecide((body: { digest: string; code: string; comment?: string }) => ask(asks.allowSessionAsk, { params: { id }, body }))
export const useRefuseAct = (id: string) => useDecide((reason: string) => ask(asks.refuseSessionAsk, { params: { id }, body: { reason } }))
