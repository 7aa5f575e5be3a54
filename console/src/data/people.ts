import { type BodyOf, identity, people, type QueryOf } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'
import { type Pages, usePages } from './pages.ts'

export type PeopleFilter = Pick<QueryOf<typeof people.people>, 'search' | 'state'>

export const usePeople = (filter: PeopleFilter): Pages<people.PersonSummary> =>
  usePages({
    key: ['people', 'list', filter],
    page: async (query) => (await ask(people.people, { query: { ...filter, ...query } })).people,
    cursor: (last) => last.name,
    every: 15_000,
  })

export const usePerson = (id: string) =>
  useQuery({ queryKey: ['person', id], queryFn: () => ask(people.getPerson, { params: { id } }), refetchInterval: keepAsking(10_000) })

/** Every act on a person: the page and the lists follow. */
function usePersonAct<V, A>(act: (variables: V) => Promise<A>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ['people'] }), client.invalidateQueries({ queryKey: ['person'] })]),
  })
}
const of = (id: string) => ({ params: { id } })
export const useInvite = () => usePersonAct((body: BodyOf<typeof identity.invitePerson>) => ask(identity.invitePerson, { body }))
export const useDisable = (id: string) =>
  usePersonAct((body: BodyOf<typeof people.disablePerson>) => ask(people.disablePerson, { ...of(id), body }))
export const useEnable = (id: string) => usePersonAct((body: { code: string }) => ask(people.enablePerson, { ...of(id), body }))
export const useConfirm = (id: string) => usePersonAct((body: { code: string }) => ask(people.confirmPerson, { ...of(id), body }))
export const useReset = (id: string) =>
  usePersonAct((body: BodyOf<typeof people.resetPerson>) => ask(people.resetPerson, { ...of(id), body }))
export const useJoinGroups = (id: string) =>
  usePersonAct((body: BodyOf<typeof people.joinGroups>) => ask(people.joinGroups, { ...of(id), body }))
export const useLeaveGroups = (id: string) =>
  usePersonAct((body: BodyOf<typeof people.leaveGroups>) => ask(people.leaveGroups, { ...of(id), body }))
export const useRemoveKeyOf = (id: string) =>
  usePersonAct((body: BodyOf<typeof people.removeKeyOf>) => ask(people.removeKeyOf, { ...of(id), body }))
export const useRemoveAuthenticator = (id: string) =>
  usePersonAct((body: BodyOf<typeof people.removeAuthenticator>) => ask(people.removeAuthenticator, { ...of(id), body }))
// a wrong password is answered as at the door, and signs nobody out
export const useReplaceAuthenticator = () =>
  useMutation({
    meta: { atTheDoor: true },
    gcTime: 0,
    mutationFn: (body: BodyOf<typeof people.replaceAuthenticator>) => ask(people.replaceAuthenticator, { body }),
  })
export const useConfirmAuthenticator = () =>
  useMutation({
    meta: { atTheDoor: true },
    mutationFn: (body: BodyOf<typeof people.confirmAuthenticator>) => ask(people.confirmAuthenticator, { body }),
  })
export const useAddKey = () => usePersonAct((body: BodyOf<typeof identity.addSshKey>) => ask(identity.addSshKey, { body }))
export const useRemoveKey = () => usePersonAct((id: string) => ask(identity.removeSshKey, of(id)))
export const useEndSignIn = () => usePersonAct((id: string) => ask(people.endMySignIn, of(id)))
export const useSignOutOthers = () => usePersonAct(() => ask(people.signOutOthers))
