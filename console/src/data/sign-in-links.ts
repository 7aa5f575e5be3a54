import { signInLinks as api } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

const key = (code: string) => ['sign-in-link', code]

/** A connection under the viewer's name that waits for them; asked again while it does, for it may be over any moment. */
export const useSignInLink = (code: string) =>
  useQuery({
    queryKey: key(code),
    queryFn: () => ask(api.signInLink, { params: { code } }),
    refetchInterval: keepAsking((link: api.SignInLink | undefined) => (link?.state === 'waiting' ? 2000 : false)),
  })

function useDecide<V>(code: string, decide: (given: V) => Promise<api.SignInLink>) {
  const client = useQueryClient()
  // also after a refusal: another number than that of the terminal ends it
  return useMutation({ mutationFn: decide, onSettled: () => client.invalidateQueries({ queryKey: key(code) }) })
}
export const useConfirmLink = (code: string) =>
  useDecide(code, (body: { number: string; code: string }) => ask(api.confirmSignInLink, { params: { code }, body }))
export const useRefuseLink = (code: string) => useDecide(code, () => ask(api.refuseSignInLink, { params: { code } }))
