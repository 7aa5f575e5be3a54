import { access, type BodyOf, type CredentialKind, checkOut } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

/** Who holds an account and who waits for it. */
export const useCheckOut = (account: string) =>
  useQuery({
    queryKey: ['account', account, 'check-out'],
    queryFn: () => ask(checkOut.getCheckOut, { params: { id: account } }),
    refetchInterval: keepAsking((data: checkOut.CheckOut | undefined) => (data?.state === 'free' ? 15_000 : 3000)),
  })

export const useReveals = (account: string) =>
  useQuery({
    queryKey: ['account', account, 'reveals'],
    queryFn: async () => (await ask(checkOut.reveals, { params: { id: account }, query: { limit: 20 } })).reveals,
    refetchInterval: keepAsking(15_000),
  })

export function useChangeCheckOut(account: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof checkOut.changeCheckOut>) => ask(checkOut.changeCheckOut, { params: { id: account }, body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['account', account] }),
  })
}

/** Shown once and kept nowhere: neither in the cache of queries nor in that of mutations. */
export const revealCredential = (grant: string, code: string, credential?: CredentialKind) =>
  ask(checkOut.revealCredential, { params: { id: grant }, body: { code, ...(credential && { credential }) } })

/** A ticket for programs, good from this machine's address. Kept nowhere here, either. */
export const issueReadTicket = (grant: string, code: string) => ask(checkOut.issueReadTicket, { params: { id: grant }, body: { code } })

export function useExtend(grant: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: BodyOf<typeof checkOut.extendGrant>) => ask(checkOut.extendGrant, { params: { id: grant }, body }),
    onSettled: () => Promise.all(['requests', 'request', 'grants'].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  })
}

/** The end of the grant under which somebody holds an account. */
export function useCheckIn(account: string, grant: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (reason: string) => ask(access.endGrant, { params: { id: grant }, body: { reason } }),
    onSettled: () =>
      Promise.all([['account', account], ['grants'], ['requests'], ['request']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}
