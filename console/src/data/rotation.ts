import { type BodyOf, type QueryOf, rotation } from '@claviger/api'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

type Filter = Omit<QueryOf<typeof rotation.rotationOrders>, 'limit'>

/** What is to be rotated, or was. */
export const useOrders = (filter: Filter) =>
  useQuery({
    queryKey: ['rotations', filter],
    queryFn: () => ask(rotation.rotationOrders, { query: { ...filter, limit: 50 } }),
    placeholderData: keepPreviousData,
    refetchInterval: keepAsking(5_000),
  })

/** Whatever is decided about an account: its page, the lists and what is to be rotated are asked again. */
function useRotationAct<V, T>(act: (variables: V) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSettled: () =>
      Promise.all(['rotations', 'accounts', 'account', 'standing', 'about'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  })
}

export const useReconcile = (id: string) =>
  useRotationAct((reason: string) => ask(rotation.reconcileAccount, { params: { id }, body: { reason } }))
export const useHold = (id: string) => useRotationAct((reason: string) => ask(rotation.holdAccount, { params: { id }, body: { reason } }))
export const useRelease = (id: string) =>
  useRotationAct((body: BodyOf<typeof rotation.releaseAccount>) => ask(rotation.releaseAccount, { params: { id }, body }))
