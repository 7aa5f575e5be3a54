import { people } from '@claviger/api'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'

/** Who an id is, where one may know people by name; the id itself otherwise. The ledger knows people by id alone. */
export function useNames(): (id: string) => string {
  const known = useQuery({
    queryKey: ['people', 'names'],
    queryFn: async () => new Map((await ask(people.people, { query: { limit: 500 } })).people.map((p) => [p.id as string, p.displayName])),
    staleTime: 60_000,
  })
  return (id) => known.data?.get(id) ?? id
}
