import { fail } from '../../kernel/result.ts'
import type { LdapFailure, LdapRefusal } from '../../platform/ldap/index.ts'
import type { TargetFailure } from '../contract.ts'

export type No = { ok: false; error: TargetFailure }

export const notPermitted = (detail: string): No => fail({ code: 'target.not_permitted', detail })
export const accountGone = (account: string): No => fail({ code: 'target.account_gone', account })

/** The Win32 error behind `data` of a refused bind ([MS-ERREF] 2.2), where it says something about the account and not about the password. */
const blocked: Record<string, string> = {
  '530': 'may not log in at this hour',
  '531': 'may not log in from here',
  '532': 'has a password that is too old',
  '533': 'is disabled',
  '701': 'has expired',
  '773': 'must choose another password at its next login',
  '775': 'is locked',
}

/** RFC 4511 appendix A.2. The server's own text is never shown: it may repeat what it was sent. */
const meanings: Record<number, string> = {
  1: 'something went wrong inside',
  3: 'its time limit is over',
  4: 'its limit for the number of entries is reached',
  8: 'it wants a stronger login',
  10: 'that is in another domain, and no referral is followed',
  11: 'its limit for administrators is reached',
  13: 'it wants encryption',
  19: 'a rule of the directory is against it',
  32: 'there is nothing of that name',
  34: 'a name is not one that it knows',
  50: 'the login may not do that',
  51: 'it is busy',
  52: 'it is not available',
  53: 'it will not do that',
  66: 'there is something below the entry',
}

export const said = ({ result, windows }: LdapRefusal): string => {
  const number = windows ? `${result}, ${windows}` : `${result}`
  return meanings[result] ? `the domain controller says: ${meanings[result]} (${number})` : `the domain controller says ${number}`
}

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
  if (failure.result === 50 || failure.windows === accessDenied) return { code: 'target.not_permitted', detail: said(failure) }
  if (failure.result === 4 || failure.result === 11) return { code: 'target.not_permitted', detail: said(failure) }
  if (failure.result === 51 || failure.result === 52) return { code: 'target.unreachable', detail: said(failure) }
  if (failure.result === 3) return { code: 'target.timeout', detail: said(failure) }
  return { code: 'target.protocol', detail: said(failure) }
}

/** What a refused bind means: `data` tells a wrong password or an unknown name (52e, 525) from an account that is locked, disabled or expired. */
export function loginFailure(failure: LdapFailure, account: string): TargetFailure {
  if (failure.code !== 'ldap.refused' || failure.result !== 49) return asTargetFailure(failure)
  const why = blocked[failure.data ?? '']
  return why ? { code: 'target.account_locked', account, why } : { code: 'target.login_refused', account }
}

/** Win32 errors at the beginning of a refusal, [MS-ERREF] 2.2. */
const accessDenied = '00000005'
const wrongPassword = '00000056'
const passwordRestriction = '0000052d'

/** What a refused change of a password means. */
export function changeFailure(failure: LdapFailure, account: string): TargetFailure {
  if (failure.code !== 'ldap.refused') return asTargetFailure(failure)
  if (failure.windows === passwordRestriction)
    return { code: 'target.password_refused', detail: 'it is too short or too simple, was used before, or the last change is too recent' }
  if (failure.windows === wrongPassword) return { code: 'target.login_refused', account }
  if (failure.result === 32) return { code: 'target.account_gone', account }
  return asTargetFailure(failure)
}
