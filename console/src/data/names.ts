import { inventory, people } from '@claviger/api'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'

const rarely = { staleTime: 600_000, refetchOnWindowFocus: false } as const

/** Who an id is, where one may know people by name; the id itself otherwise. The ledger knows people by id alone. */
export function useNames(): (id: string) => string {
  const known = useQuery({
    queryKey: ['people', 'names'],
    queryFn: async () => new Map((await ask(people.people, { query: { limit: 500 } })).people.map((p) => [p.id as string, p.displayName])),
    staleTime: 60_000,
  })
  return (id) => known.data?.get(id) ?? id
}

/** How to learn what a target or an account is called. */
const askName: Record<string, (id: string) => Promise<string>> = {
  tgt: async (id) => (await ask(inventory.getTarget, { params: { id } })).name,
  acc: async (id) => {
    const { name, target } = await ask(inventory.getAccount, { params: { id } })
    return `${name}@${target.name}`
  },
}

/** What an id is called by people; the id itself where it has no other name. Asked once, however often it stands on a page. */
export function useNameOf(id: string): string {
  const nameOf = useNames()
  const named = /^(tgt|acc)_[a-z0-9]{10}$/.test(id)
  const found = useQuery({
    queryKey: ['name', id],
    queryFn: async () => (await askName[id.slice(0, 3)]?.(id)) ?? id,
    enabled: named,
    ...rarely,
  })
  return found.data ?? nameOf(id)
}
