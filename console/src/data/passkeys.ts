import { type BodyOf, passkeys } from '@claviger/api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { makePasskey } from '../passkeys/browser.ts'
import { meQuery } from './identity.ts'

/** Every change of passkeys: the page of the person follows, and what can be said yes with. */
function usePasskeyAct<V, A>(act: (variables: V) => Promise<A>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSettled: () => Promise.all([['people'], ['person'], meQuery.queryKey].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}

/** Asks the server what for, and the browser to have one made. */
export const useMakePasskey = () => useMutation({ mutationFn: async () => await makePasskey((await ask(passkeys.beginPasskey)).options) })
export const useAddPasskey = () => usePasskeyAct((body: BodyOf<typeof passkeys.addPasskey>) => ask(passkeys.addPasskey, { body }))
export const useRemovePasskey = () =>
  usePasskeyAct(({ id, code }: { id: string; code: string }) => ask(passkeys.removePasskey, { params: { id }, body: { code } }))
export const useRemovePasskeyOf = (person: string) =>
  usePasskeyAct((body: BodyOf<typeof passkeys.removePasskeyOf>) => ask(passkeys.removePasskeyOf, { params: { id: person }, body }))
