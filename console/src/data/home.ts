import { access, audit } from '@claviger/api'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

/** Grants that run now: mine, and for who may see them everyone's. */
export const useActiveGrants = () =>
  useQuery({
    queryKey: ['grants', 'active'],
    queryFn: async () => (await ask(access.grants, { query: { state: 'active', limit: 500 } })).grants,
    refetchInterval: keepAsking(5000),
  })

export const useAlarms = () =>
  useQuery({
    queryKey: ['alarms'],
    queryFn: () => ask(audit.alarms, { query: { limit: 5 } }),
    refetchInterval: keepAsking(15_000),
  })
