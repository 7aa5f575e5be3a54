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

export const usePlan = (days: number) =>
  useQuery({
    queryKey: ['rotations', 'plan', days],
    queryFn: () => ask(rotation.rotationPlan, { query: { days } }),
    placeholderData: keepPreviousData,
    refetchInterval: keepAsking(60_000),
  })

/** The newest ten. */
export const useBatches = () =>
  useQuery({
    queryKey: ['rotations', 'batches'],
    queryFn: async () => (await ask(rotation.rotationBatches, { query: { limit: 10 } })).batches,
    refetchInterval: keepAsking(5_000),
  })

/** Asked often while it runs. */
export const useBatch = (id: string) =>
  useQuery({
    queryKey: ['rotations', 'batch', id],
    queryFn: () => ask(rotation.rotationBatch, { params: { id } }),
    refetchInterval: keepAsking((b: rotation.Batch | undefined) => (b && b.done === b.accounts ? 30_000 : 2_000)),
  })

/** How an account is looked after. */
export const useCare = (id: string) =>
  useQuery({
    queryKey: ['account', id, 'care'],
    queryFn: () => ask(rotation.accountCare, { params: { id } }),
    refetchInterval: keepAsking(15_000),
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

export const useRotateMany = () =>
  useRotationAct((body: Omit<BodyOf<typeof rotation.rotateMany>, 'compromised'> & { compromised: boolean }) =>
    ask(rotation.rotateMany, { body }),
  )
export const useVerify = (id: string) => useRotationAct(async () => (await ask(rotation.verifyAccount, { params: { id } })).results)
export const useChangePlan = (id: string) =>
  useRotationAct((maxAgeSeconds: number | null) => ask(rotation.changeRotationPlan, { params: { id }, body: { maxAgeSeconds } }))
