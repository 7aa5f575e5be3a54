import { filter, type LdapConnection, type LdapEntry, LdapError } from '../../platform/ldap/index.ts'
import { type Dial, type FoundAccount, type Login, type PinnedIdentity, TargetError } from '../contract.ts'
import { accountAttributes, baseOf, changesItself, control, isGroupManaged } from './account.ts'
import { asTargetFailure } from './failures.ts'
import { logIn } from './login.ts'
import { privilegedNames, privilegedSids } from './privileged-groups.ts'
import type { ActiveDirectorySettings } from './settings.ts'
import { ridOf, sidText } from './sid.ts'
import { canLogIn, remarksOn } from './standing.ts'

const patience = { patience: 60_000, lifetime: 600_000 }
const most = 100_000
/** Names in one question. */
const atOnce = 50

/** LDAP_MATCHING_RULE_IN_CHAIN, [MS-ADTS] 3.1.1.3.4.4.3: the server follows members of members. */
const inChain = 'memberOf:1.2.840.113556.1.4.1941:'
/** LDAP_MATCHING_RULE_BIT_OR: any of these flags. */
const anyFlag = 'userAccountControl:1.2.840.113556.1.4.804:'
const people = '(objectClass=user)(!(objectClass=computer))'

/**
 * The accounts of a domain that rule it or run something: members, by however many steps, of the privileged groups (also those who have one as
 * primary group, which no list of members shows); whoever may impersonate others; service accounts; what the domain once marked with
 * adminCount; and the login itself. Rights that were given to somebody in an access list are not seen.
 */
export async function* discover(
  settings: ActiveDirectorySettings,
  identity: PinnedIdentity,
  as: Login,
  dial: Dial,
): AsyncGenerator<FoundAccount> {
  const there = await logIn(settings, identity, as, dial, patience)
  if (!there.ok) throw new TargetError(there.error)
  try {
    const base = await baseOf(there.value)
    if (!base.ok) throw new TargetError(base.error)
    const now = new Date()
    const found = new Map<string, { entry: LdapEntry; privileges: Set<string> }>()
    for await (const [entry, privilege] of privileged(there.value, base.value, as.account)) {
      const known = found.get(entry.dn) ?? { entry, privileges: new Set() }
      known.privileges.add(privilege)
      found.set(entry.dn, known)
    }
    for (const { entry, privileges } of found.values()) {
      const account = toAccount(entry, privileges, now)
      if (account) yield account
    }
  } catch (error) {
    if (error instanceof LdapError) throw new TargetError(asTargetFailure(error.failure))
    throw error
  } finally {
    await there.value.close()
  }
}

type Ask = (wanted: string) => AsyncGenerator<LdapEntry>

/** One line for each reason; who has several comes several times. */
async function* privileged(connection: LdapConnection, base: string, login: string): AsyncGenerator<[LdapEntry, string]> {
  const ask: Ask = (wanted) =>
    connection.search({ base, scope: 'sub', filter: wanted, attributes: [...accountAttributes, 'cn'], binary: ['objectSid'], most })
  const because = async function* (wanted: string, privilege: string): AsyncGenerator<[LdapEntry, string]> {
    for await (const entry of ask(wanted)) yield [entry, privilege]
  }
  for await (const group of privilegedGroups(connection, base, ask)) {
    const privilege = `member of ${group.first('sAMAccountName') ?? group.first('cn') ?? group.dn}`
    for (const members of await membershipsOf(ask, group)) yield* because(`(&(objectClass=user)${members})`, privilege)
  }
  yield* because(`(&${people}(${anyFlag}=${control.trustedForDelegation}))`, 'may impersonate anybody (unconstrained delegation)')
  yield* because(`(&${people}(${anyFlag}=${control.trustedToDelegate}))`, 'may impersonate anybody to some services (delegation)')
  yield* because(`(&${people}(servicePrincipalName=*))`, 'service principal name')
  yield* because('(objectClass=msDS-GroupManagedServiceAccount)', 'group managed service account')
  yield* because(`(&${people}(adminCount=1))`, 'adminCount 1')
  yield* because(filter`(&(objectClass=user)(sAMAccountName=${login}))`, 'manages this domain for Claviger')
}

async function* privilegedGroups(connection: LdapConnection, base: string, ask: Ask): AsyncGenerator<LdapEntry> {
  const wanted = { base, scope: 'base', filter: '(objectClass=*)', attributes: ['objectSid'], binary: ['objectSid'], most: 1 } as const
  const domain = await connection.find(wanted)
  if (!domain.ok) throw new LdapError(domain.error)
  const bytes = domain.value[0]?.bytes('objectSid')[0]
  const sid = bytes && sidText(bytes)
  if (!sid) throw new TargetError({ code: 'target.protocol', detail: 'it does not say the number of its domain' })
  const any = [
    ...privilegedSids(sid).map((one) => filter`(objectSid=${one})`),
    ...privilegedNames.map((one) => filter`(sAMAccountName=${one})`),
  ]
  yield* ask(`(&(objectClass=group)(|${any.join('')}))`)
}

/** Filters for all who are in a group: by being listed, in it or in a group that is, and by having any of these as primary group. */
async function membershipsOf(ask: Ask, group: LdapEntry): Promise<string[]> {
  const rids: number[] = []
  const listed = filter`(${inChain}=${group.dn})`
  const add = (entry: LdapEntry): void => {
    const bytes = entry.bytes('objectSid')[0]
    const sid = bytes && sidText(bytes)
    // only groups of the domain can be primary
    if (sid?.startsWith('S-1-5-21-')) rids.push(ridOf(sid))
  }
  add(group)
  for await (const nested of ask(`(&(objectClass=group)${listed})`)) add(nested)
  const filters = [listed]
  for (let from = 0; from < rids.length; from += atOnce) {
    const any = rids.slice(from, from + atOnce).map((rid) => `(primaryGroupID=${rid})`)
    filters.push(`(|${any.join('')})`)
  }
  return filters
}

function toAccount(entry: LdapEntry, privileges: ReadonlySet<string>, now: Date): FoundAccount | undefined {
  const name = entry.first('sAMAccountName')
  if (!name) return undefined // somebody of another domain, who is found there
  const isService = isGroupManaged(entry) || entry.all('servicePrincipalName').length > 0
  const itself = changesItself(entry)
  return {
    name,
    category: isService ? 'service' : 'domain-admin',
    privileges: [...privileges, ...remarksOn(entry, now)],
    credentials: itself ? [] : ['password'],
    canLogIn: canLogIn(entry, now),
  }
}
