import { fail, type Result } from '../../kernel/result.ts'
import type { SshFailure } from '../../platform/ssh/index.ts'
import type { TargetFailure } from '../contract.ts'

export type Answer<T> = Result<T, TargetFailure>

export const notPermitted = (detail: string) => fail({ code: 'target.not_permitted', detail: oneLine(detail) } as const)
export const protocol = (detail: string) => fail({ code: 'target.protocol', detail: oneLine(detail) } as const)
export const accountGone = (account: string) => fail({ code: 'target.account_gone', account } as const)
export const credentialRefused = (detail: string) => fail({ code: 'target.credential_refused', detail: oneLine(detail) } as const)

/** What a failure of the SSH client means for a target. */
export function fromSsh(failure: SshFailure, account: string): { ok: false; error: TargetFailure } {
  switch (failure.code) {
    case 'ssh.unreachable':
      return fail({ code: 'target.unreachable', detail: failure.detail })
    case 'ssh.impostor':
      return fail({ code: 'target.impostor', expected: failure.expected, presented: failure.presented })
    case 'ssh.login_refused':
      return fail({ code: 'target.login_refused', account })
    case 'ssh.timeout':
      return fail({ code: 'target.timeout', detail: failure.detail })
    case 'ssh.protocol':
      return fail({ code: 'target.protocol', detail: failure.detail })
  }
}

/** What a program on the target said, fit to be shown: its first line, printable, 160 characters. */
export const oneLine = (text: string): string => (text.trim().split('\n', 1)[0] ?? '').replace(/[^\x20-\x7e]+/g, ' ').slice(0, 160)
