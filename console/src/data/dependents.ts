import { type BodyOf, dependents, inventory } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

/** What else uses the credentials of an account. */
export const useDependents = (account: string) =>
  useQuery({
    queryKey: ['dependents', account],
    queryFn: () => ask(dependents.dependents, { query: { account, limit: 100 } }),
    refetchInterval: keepAsking(5_000),
  })

function useDependentAct<V, T>(act: (variables: V) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: ['dependents'] }) })
}

export const useAddDependent = (account: string) =>
  useDependentAct((body: BodyOf<typeof dependents.addDependent>) => ask(dependents.addDependent, { params: { id: account }, body }))
export const useConfirmDependent = () =>
  useDependentAct(({ id, code }: { id: string; code: string }) => ask(dependents.confirmDependent, { params: { id }, body: { code } }))
export const useRemoveDependent = () =>
  useDependentAct(({ id, code }: { id: string; code: string }) => ask(dependents.removeDependent, { params: { id }, body: { code } }))
export const useLookAtDependent = () => useDependentAct((id: string) => ask(dependents.lookAtDependent, { params: { id } }))
export const useTellDependent = () => useDependentAct((id: string) => ask(dependents.tellDependent, { params: { id } }))

/** Whether nothing of an account is replaced until what uses it is known. */
export function useObserve(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof inventory.observeAccount>) => ask(inventory.observeAccount, { params: { id }, body }),
    onSettled: () => Promise.all(['accounts', 'account', 'about'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  })
}
