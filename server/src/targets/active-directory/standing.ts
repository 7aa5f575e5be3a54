import type { LdapEntry } from '../../platform/ldap/index.ts'
import { control, controlOf } from './account.ts'

const dayMs = 24 * 60 * 60_000
/** lastLogonTimestamp is written every 9 to 14 days only ([MS-ADA1] 2.351), so that less than this would say nothing. */
const silentDays = 90
const oldDays = 365

/** What is worth knowing of an account that is privileged already: flags that weaken it, and signs that nobody needs it. None makes privileged by itself. */
export function remarksOn(entry: LdapEntry, now: Date): string[] {
  const flags = controlOf(entry)
  const set = (flag: number, remark: string): string[] => ((flags & flag) !== 0 ? [remark] : [])
  const lastLogin = fileTime(entry.first('lastLogonTimestamp'))
  const lastSet = fileTime(entry.first('pwdLastSet'))
  const isOlder = (at: Date, days: number): boolean => now.getTime() - at.getTime() > days * dayMs
  return [
    ...set(control.passwordNeverExpires, 'password never expires'),
    ...set(control.passwordNotRequired, 'password not required'),
    ...set(control.noPreAuthentication, 'no Kerberos pre-authentication'),
    ...(lastLogin === undefined ? ['never logged in'] : isOlder(lastLogin, silentDays) ? [`no login for ${silentDays} days`] : []),
    ...(lastSet !== undefined && isOlder(lastSet, oldDays) ? [`password older than ${oldDays} days`] : []),
  ]
}

export function canLogIn(entry: LdapEntry, now: Date): boolean {
  const ends = fileTime(entry.first('accountExpires'))
  return (controlOf(entry) & control.disabled) === 0 && (ends === undefined || ends > now)
}

/** 100 ns since 1601, [MS-DTYP] 2.3.3; 0 and the largest number mean never. */
export function fileTime(text: string | undefined): Date | undefined {
  if (text === undefined || !/^\d{1,19}$/.test(text)) return undefined
  const ms = Number(BigInt(text) / 10_000n) - 11_644_473_600_000
  return text === '0' || ms > 8e15 ? undefined : new Date(ms)
}
