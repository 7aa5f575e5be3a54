import { type BodyOf, policy } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'

export const usePolicies = () => useQuery({ queryKey: ['policies'], queryFn: () => ask(policy.policies), staleTime: 30_000 })

export const useWhy = (asked: { person: string; account: string; action: 'connect' | 'reveal' } | undefined) =>
  useQuery({
    queryKey: ['policies', 'why', asked],
    queryFn: () => ask(policy.whyPolicy, { body: asked ?? { account: '' } }),
    enabled: asked !== undefined,
  })

export const useWhoCan = (account: string | undefined, action: 'connect' | 'reveal') =>
  useQuery({
    queryKey: ['policies', 'who-can', account, action],
    queryFn: () => ask(policy.whoCan, { query: { account: account ?? '', action } }),
    enabled: account !== undefined,
  })

export type Wanted = BodyOf<typeof policy.previewPolicies>['policies']

export const usePolicyChanges = (enabled: boolean) =>
  useQuery({ queryKey: ['policies', 'changes'], queryFn: () => ask(policy.policyChanges), enabled })

/** What would become different for whom; not asked while there is nothing to ask about. */
export const usePolicyPreview = (policies: Wanted | undefined) =>
  useQuery({
    queryKey: ['policies', 'preview', policies],
    queryFn: () => ask(policy.previewPolicies, { body: { policies: policies ?? [] } }),
    enabled: policies !== undefined,
    retry: false,
  })

function useAct<V, T>(act: (given: V) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: ['policies'] }) })
}
export const useProposePolicies = () => useAct((body: BodyOf<typeof policy.proposePolicies>) => ask(policy.proposePolicies, { body }))
export const useDecideOnPolicies = (id: string, verdict: 'approve' | 'withdraw') =>
  useAct((body: BodyOf<typeof policy.approvePolicies>) =>
    ask(verdict === 'approve' ? policy.approvePolicies : policy.withdrawPolicies, { params: { id }, body }),
  )
