// platform/ldap/index.ts — how we reach a directory, what it must prove first, and what can then be asked. The kinds of target that are directories use it.
export { filter, type LdapConnection, LdapError, type Modification, type Search } from './client.ts'
export { connectLdap, type Patience } from './connect.ts'
export { childOf, escapeValue, isBelow, parseDn, sameName } from './dn.ts'
export { LdapEntry } from './entry.ts'
export type { LdapFailure, LdapRefusal } from './failures.ts'
export { identifyLdap, type LdapServer } from './secure.ts'
