import { type BodyOf, inventory, type QueryOf } from '@claviger/api'
import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

export const pageSize = 50
type TargetFilter = Omit<QueryOf<typeof inventory.targets>, 'limit'>
type AccountFilter = Omit<QueryOf<typeof inventory.accounts>, 'limit'>

/** A page of targets; the page before stays on the screen until the next one is there. */
export const useTargets = (filter: TargetFilter) =>
  useQuery({
    queryKey: ['targets', filter],
    queryFn: () => ask(inventory.targets, { query: { ...filter, limit: pageSize } }),
    placeholderData: keepPreviousData,
    refetchInterval: keepAsking(30_000),
  })

export const useTarget = (id: string) =>
  useQuery({ queryKey: ['target', id], queryFn: () => ask(inventory.getTarget, { params: { id } }), refetchInterval: keepAsking(30_000) })

export const useAccounts = (filter: AccountFilter, enabled = true) =>
  useQuery({
    queryKey: ['accounts', filter],
    queryFn: () => ask(inventory.accounts, { query: { ...filter, limit: pageSize } }),
    placeholderData: keepPreviousData,
    refetchInterval: keepAsking(30_000),
    enabled,
  })

export const useAccount = (id: string) =>
  useQuery({ queryKey: ['account', id], queryFn: () => ask(inventory.getAccount, { params: { id } }), refetchInterval: keepAsking(15_000) })

export const useVersions = (id: string) =>
  useQuery({ queryKey: ['account', id, 'versions'], queryFn: () => ask(inventory.accountVersions, { params: { id } }) })

export const useRotations = (account: string) =>
  useQuery({
    queryKey: ['account', account, 'rotations'],
    queryFn: () => ask(inventory.rotations, { query: { account, limit: 20 } }),
    refetchInterval: keepAsking((data: { rotations: inventory.Rotation[] } | undefined) =>
      data?.rotations.some((r) => !['done', 'failed'].includes(r.state)) ? 2000 : 15_000,
    ),
  })

export const standingQuery = queryOptions({ queryKey: ['standing'], queryFn: () => ask(inventory.standing) })
export const useStanding = () => useQuery({ ...standingQuery, refetchInterval: keepAsking(30_000) })

export const useKinds = () =>
  useQuery({ queryKey: ['kinds'], queryFn: async () => (await ask(inventory.targetKinds)).kinds, staleTime: Number.POSITIVE_INFINITY })

/** Whatever changes a target or an account: what is shown of either is asked again. */
function useInventoryAct<V, T>(act: (variables: V) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSettled: () =>
      Promise.all(
        ['targets', 'target', 'accounts', 'account', 'standing', 'about'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      ),
  })
}

export const useIdentify = () =>
  useMutation({
    mutationFn: async (body: BodyOf<typeof inventory.identifyTarget>) => (await ask(inventory.identifyTarget, { body })).identity,
  })
export const useAddTarget = () => useInventoryAct((body: BodyOf<typeof inventory.addTarget>) => ask(inventory.addTarget, { body }))
export const useChangeTarget = (id: string) =>
  useInventoryAct((body: BodyOf<typeof inventory.changeTarget>) => ask(inventory.changeTarget, { params: { id }, body }))
export const useDiscover = (id: string) => useInventoryAct(() => ask(inventory.discoverTarget, { params: { id } }))
export const useRotate = (id: string) =>
  useInventoryAct(
    async (body: { reason: string; compromised: boolean }) => (await ask(inventory.rotateAccount, { params: { id }, body })).rotations,
  )
