import { fail, ok, type Result } from '../../kernel/result.ts'
import type { LdapConnection, LdapEntry } from '../../platform/ldap/index.ts'
import type { Changed, Credential, Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { changesItself, findAccount } from './account.ts'
import { changeFailure, notPermitted } from './failures.ts'
import { logIn, whileIn } from './login.ts'
import type { ActiveDirectorySettings } from './settings.ts'
import { unfit, unicodePassword } from './unicode-password.ts'

/**
 * So long a domain controller may go on taking the old password: Samba at every login (`old password allowed period`), Windows where a client
 * still speaks NTLM (`OldPasswordAllowedPeriod`). Sixty minutes is what both come with; neither tells what it is set to.
 */
const oldWorksMs = 60 * 60_000

/** An administrator's reset: it needs no old password and obeys neither history nor the least age of a password. Twice with the same `next` is as good as once. */
export async function rotate(
  settings: ActiveDirectorySettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  next: Credential,
  dial: Dial,
): Promise<Result<Changed, TargetFailure>> {
  return await forPassword(next, () =>
    whileIn(logIn(settings, identity, as, dial), async (connection) => {
      const entry = await changeable(connection, account)
      return entry.ok ? await resetPassword(connection, entry.value, account, next) : entry
    }),
  )
}

/** The account's own change, which shows the old password and needs no right over anybody. The policy of the domain holds for it. */
export async function changeOwn(
  settings: ActiveDirectorySettings,
  identity: PinnedIdentity,
  current: Login,
  next: Credential,
  dial: Dial,
): Promise<Result<Changed, TargetFailure>> {
  const { account } = current
  return await forPassword(next, () =>
    whileIn(logIn(settings, identity, current, dial), async (connection) => {
      const entry = await changeable(connection, account)
      if (!entry.ok) return entry
      const old = await unicodePassword(current.credential.secret, 'log-in-to-target')
      const fresh = await unicodePassword(next.secret, 'set-on-target')
      // both in one request, or it would be a reset: [MS-ADTS] 3.1.1.3.1.5
      const changed = await connection.modify(entry.value.dn, [
        { operation: 'delete', attribute: 'unicodePwd', values: [old] },
        { operation: 'add', attribute: 'unicodePwd', values: [fresh] },
      ])
      old.fill(0)
      fresh.fill(0)
      return changed.ok ? ok(untilOldIsDead()) : fail(changeFailure(changed.error, account))
    }),
  )
}

export async function resetPassword(
  connection: LdapConnection,
  entry: LdapEntry,
  account: string,
  next: Credential,
): Promise<Result<Changed, TargetFailure>> {
  const value = await unicodePassword(next.secret, 'set-on-target')
  const changed = await connection.modify(entry.dn, [{ operation: 'replace', attribute: 'unicodePwd', values: [value] }])
  value.fill(0)
  return changed.ok ? ok(untilOldIsDead()) : fail(changeFailure(changed.error, account))
}

const untilOldIsDead = (): Changed => ({ oldValidUntil: new Date(Date.now() + oldWorksMs) })

async function changeable(connection: LdapConnection, account: string): Promise<Result<LdapEntry, TargetFailure>> {
  const entry = await findAccount(connection, account)
  if (!entry.ok) return entry
  const itself = changesItself(entry.value)
  return itself ? notPermitted(itself) : entry
}

export async function forPassword<T>(next: Credential, work: () => Promise<Result<T, TargetFailure>>): Promise<Result<T, TargetFailure>> {
  if (next.kind !== 'password') return fail({ code: 'target.credential_refused', detail: 'an account of a domain has a password' })
  const why = await unfit(next.secret)
  return why ? fail(why) : await work()
}
