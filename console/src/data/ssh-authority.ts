import { sshAuthority } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { keepAsking } from './keep-asking.ts'

/** With what sessions log in to an account, and whether that could be a certificate. */
export const useAccountLogin = (account: string) =>
  useQuery({ queryKey: ['account', account, 'login'], queryFn: () => ask(sshAuthority.accountLogin, { params: { id: account } }) })

export function useChangeAccountLogin(account: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { login: 'certificate' | 'stored'; code: string }) =>
      ask(sshAuthority.changeAccountLogin, { params: { id: account }, body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['account', account] }),
  })
}

/** The authority, the hosts that trust it, and how far its replacement is; asked again while one runs. */
export const useSshAuthority = () =>
  useQuery({
    queryKey: ['ssh-authority'],
    queryFn: () => ask(sshAuthority.sshAuthority),
    refetchInterval: keepAsking((found) => (found?.rotation && found.rotation.step !== 'done' ? 2_000 : false)),
  })

export function useRotateSsh() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (code: string) => ask(sshAuthority.rotateSshAuthority, { body: { code } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['ssh-authority'] }),
  })
}

export function useLeaveHostOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { target: string; reason: string; code: string }) => ask(sshAuthority.leaveHostOut, { body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['ssh-authority'] }),
  })
}

/** What a host is told so that it trusts the SSH authority, and whether it does. */
export const useSshTrust = (target: string) =>
  useQuery({ queryKey: ['target', target, 'ssh-trust'], queryFn: () => ask(sshAuthority.sshTrust, { params: { id: target } }) })

export function useTrustSsh(target: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (act: 'trust' | 'by-hand' | 'distrust') =>
      act === 'distrust'
        ? ask(sshAuthority.distrustSshAuthority, { params: { id: target } })
        : ask(sshAuthority.trustSshAuthority, { params: { id: target }, body: { byHand: act === 'by-hand' } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['target', target] }),
  })
}
