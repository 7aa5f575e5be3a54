import { unproven } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

/** What officers asked to see of what was typed unseen: in one session, or in all. */
export const useOpenings = (session: string | undefined, enabled: boolean) =>
  useQuery({
    queryKey: ['openings', session ?? 'all'],
    queryFn: async () => (await ask(unproven.inputOpenings, { query: session === undefined ? {} : { session } })).openings,
    refetchInterval: keepAsking(10_000),
    enabled,
  })

function useAct<V, T>(act: (given: V) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: ['openings'] }) })
}
export const useAskForInput = (id: string) =>
  useAct((body: { code: string; reason: string }) => ask(unproven.askForInput, { params: { id }, body }))
export const useDecideOnOpening = (id: string, verdict: 'approve' | 'withdraw') =>
  useAct((body: { code: string }) => ask(verdict === 'approve' ? unproven.approveInput : unproven.withdrawInput, { params: { id }, body }))
/** Not kept in the cache of questions: what was seen is gone with the page. */
export const useShowInput = (id: string) => useAct((body: { code: string }) => ask(unproven.showInput, { params: { id }, body }))
