import { fail, ok, type Result } from '../../kernel/result.ts'
import { childOf, type LdapConnection, type LdapFailure, type Modification } from '../../platform/ldap/index.ts'
import type { Credential, Dial, Lifecycle, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { asTargetFailure, notPermitted, notSupported } from './failures.ts'
import { findEntry, isRoot, toGeneralizedTime } from './find-entry.ts'
import { type LoggedIn, logIn, whileIn } from './login.ts'
import { refusedForm, setPassword } from './rotate.ts'
import type { OpenldapSettings } from './settings.ts'

type Done = Promise<Result<void, TargetFailure>>

/** Locked until somebody takes it away, draft-behera-ldap-password-policy section 5.3.3. */
const forGood = '000001010000Z'

const noPolicy = 'this directory has no password policy overlay (ppolicy), by which accounts are disabled'

async function disable(settings: OpenldapSettings, identity: PinnedIdentity, as: Login, account: string, dial: Dial): Done {
  return await whileIn(logIn(settings, identity, as, dial), (there) => lock(there, settings, account))
}

/**
 * Both marks of the policy overlay: `pwdEndTime` is obeyed by slapd 2.5 and newer whatever the policy, `pwdAccountLockedTime` by every one,
 * but only where the policy of the account has `pwdLockout`.
 */
async function lock({ connection }: LoggedIn, settings: OpenldapSettings, account: string): Done {
  const ended = [mark('pwdAccountLockedTime', forGood), mark('pwdEndTime', toGeneralizedTime(new Date(Date.now() - 60_000)))]
  const marked = await change(connection, settings, account, ended)
  if (marked.ok || marked.error.code !== 'target.not_supported') return marked
  return await change(connection, settings, account, [mark('pwdAccountLockedTime', forGood)])
}

async function enable(settings: OpenldapSettings, identity: PinnedIdentity, as: Login, account: string, dial: Dial): Done {
  return await whileIn(logIn(settings, identity, as, dial), async ({ connection }) => {
    const taken = await change(connection, settings, account, [unmark('pwdAccountLockedTime'), unmark('pwdEndTime')])
    if (taken.ok || taken.error.code !== 'target.not_supported') return taken
    return await change(connection, settings, account, [unmark('pwdAccountLockedTime')])
  })
}

/** A person's entry below `accountsDn`, that nobody can log in to until the password is set. */
async function create(
  settings: OpenldapSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  credential: Credential,
  dial: Dial,
): Done {
  const unfit = await refusedForm(credential)
  if (unfit) return fail(unfit)
  if (!settings.accountsDn) return notSupported('its settings do not say where accounts are (accountsDn)')
  const dn = childOf(settings.accountsDn, settings.nameAttribute, account)
  return await whileIn(logIn(settings, identity, as, dial), async (there) => {
    const known = await findEntry(there.connection, settings, account)
    if (!known.ok && known.error.code !== 'target.account_gone') return known
    if (!known.ok) {
      const added = await there.connection.add(dn, {
        objectClass: ['inetOrgPerson'],
        cn: [account],
        sn: [account],
        [settings.nameAttribute]: [account],
        description: ['made by Claviger'],
      })
      if (!added.ok) return fail(asTargetFailure(added.error))
    }
    return await setPassword(there, settings, as, account, credential)
  })
}

async function remove(settings: OpenldapSettings, identity: PinnedIdentity, as: Login, account: string, dial: Dial): Done {
  if (isRoot(settings, account)) return notPermitted('the rootdn is no entry that could be removed')
  return await whileIn(logIn(settings, identity, as, dial), async ({ connection, dn }) => {
    const entry = await findEntry(connection, settings, account)
    if (!entry.ok) return entry.error.code === 'target.account_gone' ? ok(undefined) : entry
    if (entry.value.dn === dn) return notPermitted('it is the login with which Claviger manages the directory')
    const removed = await connection.remove(entry.value.dn)
    if (removed.ok || refusedWith(removed.error, 32)) return ok(undefined)
    return refusedWith(removed.error, 66)
      ? notPermitted('there are entries below it, which would go with it')
      : fail(asTargetFailure(removed.error))
  })
}

const mark = (attribute: string, value: string): Modification => ({ operation: 'replace', attribute, values: [value] })
const unmark = (attribute: string): Modification => ({ operation: 'replace', attribute, values: [] })
const refusedWith = (failure: LdapFailure, result: number): boolean => failure.code === 'ldap.refused' && failure.result === result

async function change(connection: LdapConnection, settings: OpenldapSettings, account: string, changes: readonly Modification[]): Done {
  if (isRoot(settings, account)) return notPermitted('the rootdn obeys no policy; only the configuration of slapd takes it away')
  const entry = await findEntry(connection, settings, account)
  if (!entry.ok) return entry
  const changed = await connection.modify(entry.value.dn, changes)
  if (changed.ok) return changed
  // 17: an attribute that it does not know; 65: one that no overlay adds to the entry
  return refusedWith(changed.error, 17) || refusedWith(changed.error, 65) ? notSupported(noPolicy) : fail(asTargetFailure(changed.error))
}

/** What is done to entries. A connection that is bound already stays so until it is closed: LDAP has no way to end another's. */
export const lifecycle: Lifecycle<OpenldapSettings> = { disable, enable, create, remove }
