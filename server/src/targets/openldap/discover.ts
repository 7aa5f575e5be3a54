import { filter, type LdapConnection, type LdapEntry, LdapError, parseDn, type Search, sameName } from '../../platform/ldap/index.ts'
import { type Dial, type FoundAccount, type Login, type PinnedIdentity, TargetError } from '../contract.ts'
import { asTargetFailure } from './failures.ts'
import { isDisabled, isRoot, isService, nameOf, readAttributes } from './find-entry.ts'
import { groupAttributes, groupFilter, type Privileged, privilegedMembers } from './groups.ts'
import { type LoggedIn, logIn } from './login.ts'
import type { OpenldapSettings } from './settings.ts'

const patience = { patience: 60_000, lifetime: 600_000 }
const mostGroups = 20_000
const mostEntries = 100_000
/** Names in one question: a filter of a few kilobytes. */
const atOnce = 50

/**
 * The accounts that a directory shows to be privileged: members, by however many steps, of the groups that the settings name; `uidNumber` 0,
 * which is root on each host that believes this directory; entries made for services; the login itself; and the rootdn of the settings.
 * Who has rights by an access rule (`olcAccess`) alone stands in the configuration, which is not seen here.
 */
export async function* discover(settings: OpenldapSettings, identity: PinnedIdentity, as: Login, dial: Dial): AsyncGenerator<FoundAccount> {
  const there = await logIn(settings, identity, as, dial, patience)
  if (!there.ok) throw new TargetError(there.error)
  try {
    const found = await collect(there.value, settings, as.account)
    yield* accountsOf(found, settings)
  } catch (error) {
    if (error instanceof LdapError) throw new TargetError(asTargetFailure(error.failure))
    throw error
  } finally {
    await there.value.connection.close()
  }
}

/** Each entry once, with why it is privileged. */
type Found = Map<string, { entry: LdapEntry; privileges: Set<string> }>
type Ask = (base: string, wanted: string, scope?: 'base' | 'sub') => AsyncGenerator<LdapEntry>

async function collect({ connection, dn }: LoggedIn, settings: OpenldapSettings, login: string): Promise<Found> {
  const { baseDn, adminGroups, nameAttribute } = settings
  const found: Found = new Map()
  const note = (entry: LdapEntry, privileges: Iterable<string>): void => {
    const known = found.get(sameName(entry.dn)) ?? { entry, privileges: new Set() }
    for (const privilege of privileges) known.privileges.add(privilege)
    found.set(sameName(entry.dn), known)
  }
  const search: Ask = (base, wanted, scope = 'sub') =>
    entriesOf(connection, { base, scope, filter: wanted, attributes: [nameAttribute, ...readAttributes], most: mostEntries })

  const groups: LdapEntry[] = []
  const wanted = { base: baseDn, scope: 'sub', filter: groupFilter, attributes: groupAttributes, most: mostGroups } as const
  for await (const group of connection.search(wanted)) groups.push(group)
  const members = privilegedMembers(groups, new Set(adminGroups.split(',').map((name) => name.trim().toLowerCase())))

  // a member that is not there any more is a name in a group and no account
  for (const member of members.byDn.values())
    for await (const entry of search(member.dn, '(objectClass=*)', 'base')) note(entry, memberOf(member.groups))
  for await (const [entry, of] of namedInGroups(search, settings, members)) note(entry, memberOf(of))
  for await (const entry of search(baseDn, '(&(objectClass=posixAccount)(uidNumber=0))')) note(entry, ['uid 0'])
  for await (const entry of search(baseDn, '(|(objectClass=simpleSecurityObject)(objectClass=applicationProcess))'))
    note(entry, ['service login'])
  if (!isRoot(settings, login))
    for await (const entry of search(dn, '(objectClass=*)', 'base')) note(entry, ['manages this directory for Claviger'])
  return found
}

/** The entries of posixGroups, which name their members by uid, or by nothing: an account names its primary group itself. */
async function* namedInGroups(
  search: Ask,
  { baseDn, nameAttribute }: OpenldapSettings,
  { byUid, byGid }: Privileged,
): AsyncGenerator<[LdapEntry, ReadonlySet<string>]> {
  const ask = async function* (attribute: string, groups: ReadonlyMap<string, Set<string>>): AsyncGenerator<[LdapEntry, Set<string>]> {
    const values = [...groups.keys()]
    for (let from = 0; from < values.length; from += atOnce) {
      const any = values.slice(from, from + atOnce).map((value) => filter`(${attribute}=${value})`)
      for await (const entry of search(baseDn, `(|${any.join('')})`)) {
        if (!entry.isA('posixGroup')) for (const value of entry.all(attribute)) yield [entry, groups.get(value) ?? new Set()]
      }
    }
  }
  yield* ask(nameAttribute, byUid)
  yield* ask('gidNumber', byGid)
}

/** Answers nothing where there is no such entry. */
async function* entriesOf(connection: LdapConnection, what: Search): AsyncGenerator<LdapEntry> {
  try {
    yield* connection.search(what)
  } catch (error) {
    const isGone = error instanceof LdapError && error.failure.code === 'ldap.refused' && error.failure.result === 32
    if (!isGone) throw error
  }
}

const memberOf = (groups: ReadonlySet<string>): string[] => [...groups].map((group) => `member of ${group}`)

function* accountsOf(found: Found, settings: OpenldapSettings): Generator<FoundAccount> {
  const byName = new Map<string, { entry: LdapEntry; privileges: Set<string> }[]>()
  const root = settings.rootDn === undefined ? undefined : parseDn(settings.rootDn)?.[0]?.value
  for (const one of found.values()) {
    const name = nameOf(one.entry, settings)
    if (name) byName.set(name, [...(byName.get(name) ?? []), one])
  }
  if (root !== undefined) yield { name: root, category: 'domain-admin', privileges: ['rootdn'], credentials: [], canLogIn: true }
  for (const [name, same] of byName) {
    const { entry, privileges } = same[0] as (typeof same)[number]
    if (name === root) continue
    const isOne = same.length === 1
    yield {
      name,
      category: isService(entry) ? 'service' : privileges.size === 1 && privileges.has('uid 0') ? 'local-admin' : 'domain-admin',
      privileges: [...new Set(same.flatMap((one) => [...one.privileges])), ...(isOne ? [] : [`${same.length} entries have this name`])],
      // which of two is meant cannot be known, so neither is ever changed
      credentials: isOne ? ['password'] : [],
      canLogIn: !isDisabled(entry),
    }
  }
}
