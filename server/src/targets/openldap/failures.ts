import { fail } from '../../kernel/result.ts'
import type { LdapFailure, LdapRefusal } from '../../platform/ldap/index.ts'
import type { TargetFailure } from '../contract.ts'

export type No = { ok: false; error: TargetFailure }

export const notPermitted = (detail: string): No => fail({ code: 'target.not_permitted', detail })
export const accountGone = (account: string): No => fail({ code: 'target.account_gone', account })
export const notSupported = (detail: string): No => fail({ code: 'target.not_supported', detail })

/** RFC 4511 appendix A.2. The server's own text is never shown: it may repeat what it was sent. */
const meanings: Record<number, string> = {
  1: 'something went wrong inside',
  3: 'its time limit is over',
  4: 'its limit for the number of entries is reached: raise it for the account that manages it (olcLimits)',
  8: 'it wants a stronger login',
  10: 'that is at another server, and no referral is followed',
  11: 'its limit for administrators is reached',
  13: 'it wants encryption',
  19: 'a rule of the directory is against it',
  32: 'there is nothing of that name',
  34: 'a name is not one that it knows',
  50: 'the login may not do that',
  51: 'it is busy',
  52: 'it is not available, perhaps read-only or shutting down',
  53: 'it will not do that',
  65: 'the entry would not fit its classes',
  66: 'there is something below the entry',
}

/** draft-behera-ldap-password-policy section 6.2. */
const policies: Record<number, string> = {
  3: 'its policy lets nobody change this password',
  4: 'its policy wants the old password with the new one',
  5: 'it is too simple',
  6: 'it is too short',
  7: 'the last change is too recent',
  8: 'it was used before',
}

export const said = ({ result }: LdapRefusal): string =>
  meanings[result] ? `the directory says: ${meanings[result]} (${result})` : `the directory says ${result}`

/** What a failure means that nobody expected at this place. */
export function asTargetFailure(failure: LdapFailure): TargetFailure {
  switch (failure.code) {
    case 'ldap.impostor':
      return { ...failure, code: 'target.impostor' }
    case 'ldap.unreachable':
      return { code: 'target.unreachable', detail: failure.detail }
    case 'ldap.timeout':
      return { code: 'target.timeout', detail: failure.detail }
    case 'ldap.protocol':
      return { code: 'target.protocol', detail: failure.detail }
  }
  if (failure.result === 50) return { code: 'target.not_permitted', detail: said(failure) }
  if (failure.result === 4 || failure.result === 11) return { code: 'target.not_permitted', detail: said(failure) }
  if (failure.result === 51 || failure.result === 52) return { code: 'target.unreachable', detail: said(failure) }
  if (failure.result === 3) return { code: 'target.timeout', detail: said(failure) }
  return { code: 'target.protocol', detail: said(failure) }
}

/** What a refused bind means. Without the policy's own word a locked account looks like a wrong password: RFC 4511 has one code for both. */
export function loginFailure(failure: LdapFailure, account: string): TargetFailure {
  if (failure.code !== 'ldap.refused') return asTargetFailure(failure)
  if (failure.result !== 49) return asTargetFailure(failure)
  // 0: the password is right and too old; 1: locked
  return failure.policy === 0 || failure.policy === 1
    ? { code: 'target.account_locked', account }
    : { code: 'target.login_refused', account }
}

/** What a refused change of a password means. */
export function changeFailure(failure: LdapFailure, account: string): TargetFailure {
  if (failure.code !== 'ldap.refused') return asTargetFailure(failure)
  const why = policies[failure.policy ?? -1]
  if (why) return { code: 'target.password_refused', detail: why }
  if (failure.result === 19) return { code: 'target.password_refused', detail: said(failure) }
  if (failure.result === 32) return { code: 'target.account_gone', account }
  return asTargetFailure(failure)
}
