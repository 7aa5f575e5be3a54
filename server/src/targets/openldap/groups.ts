import { type LdapEntry, sameName } from '../../platform/ldap/index.ts'

/** Who is in the privileged groups, by however many steps, each with the groups that make them privileged. */
export interface Privileged {
  /** By DN in one spelling (`sameName`), with the DN as it stands in the group. */
  byDn: Map<string, { dn: string; groups: Set<string> }>
  /** posixGroup lists names and no entries. */
  byUid: Map<string, Set<string>>
  /** Of posixGroups: who has it as primary group is listed nowhere else. */
  byGid: Map<string, Set<string>>
}

export const groupFilter =
  '(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=groupOfMembers)(objectClass=organizationalRole)(objectClass=posixGroup))'
export const groupAttributes = ['objectClass', 'cn', 'member', 'uniqueMember', 'roleOccupant', 'memberUid', 'gidNumber']

const isNamed = (group: LdapEntry, names: ReadonlySet<string>): boolean => group.all('cn').some((cn) => names.has(cn.toLowerCase()))

/** Follows members that are groups themselves, in circles too. `names`: lower-case `cn` of the groups that make privileged. */
export function privilegedMembers(groups: readonly LdapEntry[], names: ReadonlySet<string>): Privileged {
  // a role may be there to log in with: then it is an account
  const byName = new Map(groups.filter((group) => !group.isA('simpleSecurityObject')).map((group) => [sameName(group.dn), group]))
  const found: Privileged = { byDn: new Map(), byUid: new Map(), byGid: new Map() }
  for (const top of groups.filter((group) => isNamed(group, names))) {
    const called = top.first('cn') ?? top.dn
    const seen = new Set<string>()
    const waiting = [top]
    for (let group = waiting.pop(); group; group = waiting.pop()) {
      if (seen.has(group.dn)) continue
      seen.add(group.dn)
      for (const dn of membersOf(group)) {
        const name = sameName(dn)
        const nested = byName.get(name)
        if (nested) waiting.push(nested)
        else add(found.byDn, name, { dn, groups: new Set<string>() }).groups.add(called)
      }
      for (const uid of group.all('memberUid')) add(found.byUid, uid, new Set<string>()).add(called)
      if (group.isA('posixGroup')) for (const gid of group.all('gidNumber')) add(found.byGid, gid, new Set<string>()).add(called)
    }
  }
  return found
}

/** `uniqueMember` may have a number behind the name (RFC 4519 section 2.40). */
const membersOf = (group: LdapEntry): string[] => [
  ...group.all('member'),
  ...group.all('roleOccupant'),
  ...group.all('uniqueMember').map((name) => name.replace(/#'[01]+'B$/, '')),
]

function add<V>(map: Map<string, V>, key: string, fresh: V): V {
  const value = map.get(key) ?? fresh
  map.set(key, value)
  return value
}
