import { policy } from '@claviger/api'
import { useQuery } from '@tanstack/react-query'
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
