import { fail, type Result } from '../../kernel/result.ts'
import type { SshFailure } from '../../platform/ssh/index.ts'
import type { TargetFailure } from '../contract.ts'

export type Answer<T> = Result<T, TargetFailure>

/** A device repeats what it was given: what it said is never shown, only what we make of it. */
export const notPermitted = (detail: string) => fail({ code: 'target.not_permitted', detail } as const)
export const protocol = (detail: string) => fail({ code: 'target.protocol', detail } as const)
export const timedOut = (detail: string) => fail({ code: 'target.timeout', detail } as const)
export const unreachable = (detail: string) => fail({ code: 'target.unreachable', detail } as const)
export const accountGone = (account: string) => fail({ code: 'target.account_gone', account } as const)
export const credentialRefused = (detail: string) => fail({ code: 'target.credential_refused', detail } as const)
export const passwordRefused = (detail: string) => fail({ code: 'target.password_refused', detail } as const)

export function fromSsh(failure: SshFailure, account: string): { ok: false; error: TargetFailure } {
  switch (failure.code) {
    case 'ssh.unreachable':
      return unreachable(failure.detail)
    case 'ssh.impostor':
      return fail({ code: 'target.impostor', expected: failure.expected, presented: failure.presented })
    case 'ssh.login_refused':
      return fail({ code: 'target.login_refused', account })
    case 'ssh.timeout':
      return timedOut(failure.detail)
    case 'ssh.protocol':
      return protocol(failure.detail)
  }
}
