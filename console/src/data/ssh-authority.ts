import { sshAuthority } from '@claviger/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api.ts'

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
