import { access, type BodyOf, inventory, itsmTicket } from '@claviger/api'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { useKinds } from './inventory.ts'
import { keepAsking } from './keep-asking.ts'
import { type Pages, usePages } from './pages.ts'

type Request = access.AccessRequest

/** What waits for the viewer's decision. `every` milliseconds, and whenever the window gets focus. */
export const useInbox = (every: number, enabled = true): Pages<Request> =>
  usePages({
    key: ['requests', 'inbox'],
    page: async (query) => (await ask(access.requests, { query: { view: 'inbox', ...query } })).requests,
    every,
    enabled,
  })

/** What was decided, or what was decided under one ITSM ticket. What cannot be a ticket names none: nothing is asked. */
export const useDecided = (ticket?: string): Pages<Request> =>
  usePages({
    key: ['requests', 'decided', ticket],
    page: async (query) => {
      if (ticket !== undefined && !itsmTicket.safeParse(ticket).success) return []
      return (await ask(access.requests, { query: { view: 'decided', ...query, ...(ticket !== undefined && { ticket }) } })).requests
    },
    every: 5000,
  })

export const useMine = (): Pages<Request> =>
  usePages({
    key: ['requests', 'mine'],
    page: async (query) => (await ask(access.requests, { query: { view: 'mine', ...query } })).requests,
    every: 3000,
  })

/** One request, asked again while something can still happen to it. */
export const useRequest = (id: string) =>
  useQuery({
    queryKey: ['request', id],
    queryFn: () => ask(access.getRequest, { params: { id } }),
    refetchInterval: keepAsking((data: access.AccessRequest | undefined) =>
      !data || data.state === 'waiting' || data.state === 'queued' ? 3000 : data.grant?.state === 'active' ? 5000 : 30_000,
    ),
  })

/** What policy would say; asked only with a whole account and duration. */
export const usePreview = (body: BodyOf<typeof access.previewRequest> | undefined) =>
  useQuery({
    queryKey: ['preview', body],
    queryFn: () => ask(access.previewRequest, { body: body ?? { account: '', duration: '' } }),
    enabled: body !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

/** Accounts that the viewer may know of. Empty for who may not list them: the field takes free text. */
function useKnown<T>(select: (accounts: inventory.Account[]) => T) {
  return useQuery({
    queryKey: ['accounts', 'names'],
    queryFn: async () => (await ask(inventory.accounts, { query: { limit: 500 } })).accounts,
    staleTime: 60_000,
    select,
  })
}

const nameOf = (a: inventory.Account) => `${a.name}@${a.target.name}`

/** As `account@target`. */
export const useAccountNames = () => useKnown((accounts) => accounts.map(nameOf))

/** Whether a gateway leads to this account (`deploy@web01`); undefined while that is not known. Where none does, its credential can be seen. */
export function useConnects(name: string): boolean | undefined {
  const kinds = useKinds()
  const known = useKnown((accounts) => accounts.find((a) => nameOf(a) === name.trim())?.target.kind)
  return kinds.data?.find((kind) => kind.name === known.data)?.capabilities.includes('connect')
}

/** Every act on a request answers the request as it is now: it is shown at once, and the lists follow. */
function useRequestAct<V>(act: (variables: V) => Promise<Request>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: (request) => client.setQueryData(['request', request.id], request),
    onSettled: () =>
      Promise.all([client.invalidateQueries({ queryKey: ['requests'] }), client.invalidateQueries({ queryKey: ['request'] })]),
  })
}

export const useFile = () => useRequestAct((body: BodyOf<typeof access.fileRequest>) => ask(access.fileRequest, { body }))
/** `digest` is that of the request which was on the screen, never of a newer one. */
export const useApprove = (id: string) =>
  useRequestAct((body: BodyOf<typeof access.approveRequest>) => ask(access.approveRequest, { params: { id }, body }))
export const useDeny = (id: string) => useRequestAct((reason: string) => ask(access.denyRequest, { params: { id }, body: { reason } }))
export const useWithdraw = (id: string) => useRequestAct(() => ask(access.withdrawRequest, { params: { id } }))

/** Ends a grant; answers the request that became it. What holds the account and who waits for it changes with it. */
export function useEndGrant({ id, request }: Pick<access.Grant, 'id' | 'request'>) {
  const client = useQueryClient()
  return useRequestAct(async (reason: string) => {
    await ask(access.endGrant, { params: { id }, body: { reason } })
    void Promise.all(['grants', 'account'].map((key) => client.invalidateQueries({ queryKey: [key] })))
    return ask(access.getRequest, { params: { id: request } })
  })
}

/** Grants of one person that run; of other people only for who may see them. */
export const usePersonGrants = (person: string) =>
  useQuery({
    queryKey: ['grants', 'of', person],
    queryFn: async () => (await ask(access.grants, { query: { state: 'active', person, limit: 100 } })).grants,
    refetchInterval: keepAsking(10_000),
  })
