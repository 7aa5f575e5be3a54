import { fail, ok, type Result } from '../../kernel/result.ts'
import { childOf, type LdapConnection, type LdapEntry, type LdapFailure } from '../../platform/ldap/index.ts'
import type { Credential, Dial, Lifecycle, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { baseOf, changesItself, control, controlOf, findAccount, isKrbtgt } from './account.ts'
import { accountGone, asTargetFailure, notPermitted } from './failures.ts'
import { logIn, whileIn } from './login.ts'
import { forPassword, resetPassword } from './rotate.ts'
import type { ActiveDirectorySettings } from './settings.ts'

type Done = Promise<Result<void, TargetFailure>>
type Act = (settings: ActiveDirectorySettings, identity: PinnedIdentity, as: Login, account: string, dial: Dial) => Done

const disable: Act = (settings, identity, as, account, dial) =>
  whileIn(logIn(settings, identity, as, dial), (connection) => setControl(connection, account, (flags) => flags | control.disabled))

const enable: Act = (settings, identity, as, account, dial) =>
  whileIn(logIn(settings, identity, as, dial), (connection) => setControl(connection, account, (flags) => flags & ~control.disabled))

/** The flags as they were go with the change: whoever changed another of them meanwhile is not overwritten. */
async function setControl(connection: LdapConnection, account: string, change: (flags: number) => number): Done {
  const entry = await findAccount(connection, account)
  if (!entry.ok) return entry
  if (isKrbtgt(entry.value)) return notPermitted('krbtgt is disabled always, and the domain works by it all the same')
  return await setFlags(connection, entry.value, account, change(controlOf(entry.value)))
}

async function setFlags(connection: LdapConnection, entry: LdapEntry, account: string, flags: number): Done {
  const before = controlOf(entry)
  if (before === flags) return ok(undefined)
  const changed = await connection.modify(entry.dn, [
    { operation: 'delete', attribute: 'userAccountControl', values: [String(before)] },
    { operation: 'add', attribute: 'userAccountControl', values: [String(flags)] },
  ])
  if (changed.ok) return changed
  if (refusedWith(changed.error, 32)) return accountGone(account)
  return fail(asTargetFailure(changed.error))
}

/** Made disabled, given its password, and only then opened: there is no moment in which it opens to nothing. */
async function create(
  settings: ActiveDirectorySettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  credential: Credential,
  dial: Dial,
): Done {
  return await forPassword(credential, () =>
    whileIn(logIn(settings, identity, as, dial), async (connection) => {
      const known = await findAccount(connection, account)
      if (!known.ok && known.error.code !== 'target.account_gone') return known
      const added = known.ok ? ok(undefined) : await addDisabled(connection, settings, account)
      if (!added.ok) return added
      const entry = await findAccount(connection, account)
      if (!entry.ok) return entry
      const itself = changesItself(entry.value)
      if (itself) return notPermitted(itself)
      const set = await resetPassword(connection, entry.value, account, credential)
      if (!set.ok) return set
      return await setFlags(connection, entry.value, account, controlOf(entry.value) & ~control.disabled & ~control.passwordNotRequired)
    }),
  )
}

async function addDisabled(connection: LdapConnection, settings: ActiveDirectorySettings, account: string): Done {
  const base = await baseOf(connection)
  if (!base.ok) return base
  const added = await connection.add(childOf(settings.newAccountsIn ?? `CN=Users,${base.value}`, 'CN', account), {
    objectClass: ['user'],
    sAMAccountName: [account],
    userAccountControl: [String(control.normalAccount | control.disabled)],
    description: ['made by Claviger'],
  })
  return added.ok ? added : fail(asTargetFailure(added.error))
}

async function remove(settings: ActiveDirectorySettings, identity: PinnedIdentity, as: Login, account: string, dial: Dial): Done {
  if (as.account.toLowerCase() === account.toLowerCase()) return notPermitted('it is the login with which Claviger manages the domain')
  return await whileIn(logIn(settings, identity, as, dial), async (connection) => {
    const entry = await findAccount(connection, account)
    if (!entry.ok) return entry.error.code === 'target.account_gone' ? ok(undefined) : entry
    const itself = changesItself(entry.value)
    if (itself) return notPermitted(itself)
    const removed = await connection.remove(entry.value.dn)
    if (removed.ok || refusedWith(removed.error, 32)) return ok(undefined)
    if (refusedWith(removed.error, 66)) return notPermitted('there are entries below it, which would go with it')
    if (refusedWith(removed.error, 53)) return notPermitted('the domain keeps its own accounts')
    return fail(asTargetFailure(removed.error))
  })
}

const refusedWith = (failure: LdapFailure, result: number): boolean => failure.code === 'ldap.refused' && failure.result === result

/** What is done to accounts. Kerberos tickets that were handed out stay good until they end (ten hours): only the hosts themselves can close sessions. */
export const lifecycle: Lifecycle<ActiveDirectorySettings> = { disable, enable, create, remove }
