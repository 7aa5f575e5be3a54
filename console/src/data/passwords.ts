import { type BodyOf, inventory, passwords, versions } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'

export const usePasswordPolicies = () =>
  useQuery({ queryKey: ['password-policies'], queryFn: () => ask(passwords.passwordPolicies), staleTime: 30_000 })

function usePolicyAct<V, T>(act: (variables: V) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: ['password-policies'] }) })
}

export const useAddPasswordPolicy = () =>
  usePolicyAct((body: BodyOf<typeof passwords.addPasswordPolicy>) => ask(passwords.addPasswordPolicy, { body }))
export const useRetirePasswordPolicy = (id: string) =>
  usePolicyAct((code: string) => ask(passwords.changePasswordPolicy, { params: { id }, body: { state: 'retired', code } }))

/** The first targets by name, to choose one of. */
export const useTargetChoices = (enabled: boolean) =>
  useQuery({
    queryKey: ['targets', 'choices'],
    queryFn: async () => (await ask(inventory.targets, { query: { limit: 500 } })).targets.map((t) => ({ value: t.id, label: t.name })),
    enabled,
  })

export const useVersionPolicy = () =>
  useQuery({ queryKey: ['version-policy'], queryFn: () => ask(versions.versionPolicy), staleTime: 30_000 })
export function useChangeVersionPolicy() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof versions.changeVersionPolicy>) => ask(versions.changeVersionPolicy, { body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['version-policy'] }),
  })
}
export function useDestroyVersions(account: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof versions.destroyVersions>) => ask(versions.destroyVersions, { params: { id: account }, body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['account', account] }),
  })
}
