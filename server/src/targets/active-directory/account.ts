import { fail, ok, type Result } from '../../kernel/result.ts'
import { filter, type LdapConnection, type LdapEntry } from '../../platform/ldap/index.ts'
import type { TargetFailure } from '../contract.ts'
import { accountGone, asTargetFailure } from './failures.ts'
import { nameIsPlain } from './login.ts'
import { ridOf, sidText } from './sid.ts'

/** What of an account is read. */
export const accountAttributes = [
  'objectClass',
  'objectSid',
  'sAMAccountName',
  'userAccountControl',
  'adminCount',
  'accountExpires',
  'lastLogonTimestamp',
  'pwdLastSet',
  'servicePrincipalName',
]

/** userAccountControl, [MS-ADTS] 2.2.16. */
export const control = {
  disabled: 0x2,
  passwordNotRequired: 0x20,
  normalAccount: 0x200,
  passwordNeverExpires: 0x1_0000,
  trustedForDelegation: 0x8_0000,
  noPreAuthentication: 0x40_0000,
  trustedToDelegate: 0x100_0000,
}

export const controlOf = (entry: LdapEntry): number => Number(entry.first('userAccountControl') ?? 0)
export const isGroupManaged = (entry: LdapEntry): boolean => entry.isA('msDS-GroupManagedServiceAccount')

/** The account of the domain itself, whose password signs every ticket (RID 502). */
export const isKrbtgt = (entry: LdapEntry): boolean => {
  const [bytes] = entry.bytes('objectSid')
  const sid = bytes && sidText(bytes)
  return sid?.startsWith('S-1-5-21-') === true && ridOf(sid) === 502
}

/** Whose password nobody but the domain changes, and why; undefined for the accounts of people and services. */
export function changesItself(entry: LdapEntry): string | undefined {
  if (isKrbtgt(entry))
    return 'krbtgt signs every ticket of the domain: it is changed twice, with days between, by the procedure of its vendor'
  if (isGroupManaged(entry)) return 'it is a group managed service account, whose password the domain changes by itself'
  if (entry.isA('computer')) return 'it is a computer, which changes its password by itself'
  return undefined
}

/** Where the domain begins, from what the server says about itself. */
export async function baseOf(connection: LdapConnection): Promise<Result<string, TargetFailure>> {
  const wanted = { base: '', scope: 'base', filter: '(objectClass=*)', attributes: ['defaultNamingContext'], most: 1 } as const
  const root = await connection.find(wanted)
  if (!root.ok) return fail(asTargetFailure(root.error))
  const base = root.value[0]?.first('defaultNamingContext')
  return base ? ok(base) : fail({ code: 'target.protocol', detail: 'it does not say where its domain begins: is it a domain controller?' })
}

/** The account of this name: a domain has each sAMAccountName once. */
export async function findAccount(connection: LdapConnection, name: string): Promise<Result<LdapEntry, TargetFailure>> {
  if (!nameIsPlain.test(name)) return accountGone(name)
  const base = await baseOf(connection)
  if (!base.ok) return base
  const wanted = filter`(&(sAMAccountName=${name})(objectClass=user))`
  const attributes = accountAttributes
  const found = await connection.find({ base: base.value, scope: 'sub', filter: wanted, attributes, binary: ['objectSid'], most: 2 })
  if (!found.ok) return fail(asTargetFailure(found.error))
  return found.value[0] ? ok(found.value[0]) : accountGone(name)
}
