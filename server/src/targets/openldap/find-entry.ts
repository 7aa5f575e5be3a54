import { fail, ok, type Result } from '../../kernel/result.ts'
import { childOf, filter, type LdapConnection, type LdapEntry, parseDn } from '../../platform/ldap/index.ts'
import type { TargetFailure } from '../contract.ts'
import { accountGone, asTargetFailure, notPermitted } from './failures.ts'
import type { OpenldapSettings } from './settings.ts'

/** What of an entry is read: never its password. */
export const readAttributes = ['objectClass', 'uid', 'cn', 'uidNumber', 'gidNumber', 'pwdAccountLockedTime', 'pwdEndTime', 'pwdReset']

/** What people type, and `account@target` can hold. */
const nameIsPlain = /^[A-Za-z0-9._$-]{1,64}$/

/** Entries that log in and are no person: their name is their cn. */
const services = ['simpleSecurityObject', 'applicationProcess', 'organizationalRole']

/** The name under which we know an entry: the value of the setting's attribute, or for an entry without one the first part of its name. */
export const nameOf = (entry: LdapEntry, { nameAttribute }: OpenldapSettings): string | undefined =>
  entry.first(nameAttribute) ?? parseDn(entry.dn)?.[0]?.value

export const isService = (entry: LdapEntry): boolean => ['simpleSecurityObject', 'applicationProcess'].some((name) => entry.isA(name))

/** As the password policy overlay has it: locked for good or for a time, or past its last day. */
export const isDisabled = (entry: LdapEntry): boolean =>
  entry.first('pwdAccountLockedTime') !== undefined || (entry.first('pwdEndTime') ?? '9') < toGeneralizedTime(new Date())

/** RFC 4517 section 3.3.13. */
export const toGeneralizedTime = (at: Date): string => `${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`

/** The one entry with this name below the base. Two of them are none: which one was meant cannot be known. */
export async function findEntry(
  connection: LdapConnection,
  settings: OpenldapSettings,
  name: string,
): Promise<Result<LdapEntry, TargetFailure>> {
  const found = await lookUp(connection, settings, name)
  if (!found.ok) return found
  return found.value ? ok(found.value) : accountGone(name)
}

async function lookUp(
  connection: LdapConnection,
  { baseDn, nameAttribute }: OpenldapSettings,
  name: string,
): Promise<Result<LdapEntry | undefined, TargetFailure>> {
  if (!nameIsPlain.test(name)) return accountGone(name)
  const ofService = `(|${services.map((service) => `(objectClass=${service})`).join('')})`
  const found = await connection.find({
    base: baseDn,
    scope: 'sub',
    filter: `(|${filter`(${nameAttribute}=${name})`}(&${filter`(cn=${name})(!(${nameAttribute}=*))`}${ofService}))`,
    attributes: [nameAttribute, ...readAttributes],
    most: 20,
  })
  if (!found.ok) return fail(asTargetFailure(found.error))
  if (found.value.length > 1) return fail({ code: 'target.protocol', detail: `${found.value.length} entries have the name ${name}` })
  return ok(found.value[0])
}

/**
 * The DN with which an account logs in, before anybody is logged in: the rootdn by its name, else what a search without a login finds,
 * else a name below `accountsDn`. A search sends no credential, and the server has proven itself already.
 */
export async function loginDn(
  connection: LdapConnection,
  settings: OpenldapSettings,
  account: string,
): Promise<Result<string, TargetFailure>> {
  if (isRoot(settings, account)) return ok(settings.rootDn as string)
  if (!nameIsPlain.test(account)) return accountGone(account)
  const found = await lookUp(connection, settings, account)
  if (found.ok && found.value) return ok(found.value.dn)
  if (!found.ok && found.error.code !== 'target.not_permitted') return found
  if (settings.accountsDn) return ok(childOf(settings.accountsDn, settings.nameAttribute, account))
  return (await seesBase(connection, settings))
    ? accountGone(account)
    : notPermitted('nobody may search it without a login; set accountsDn, below which accounts log in')
}

export const isRoot = ({ rootDn }: OpenldapSettings, account: string): boolean =>
  rootDn !== undefined && parseDn(rootDn)?.[0]?.value === account

async function seesBase(connection: LdapConnection, { baseDn }: OpenldapSettings): Promise<boolean> {
  const base = await connection.find({ base: baseDn, scope: 'base', filter: '(objectClass=*)', attributes: ['objectClass'], most: 1 })
  return base.ok && base.value.length > 0
}
