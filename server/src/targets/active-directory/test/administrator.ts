import { Secret } from '../../../kernel/secret.ts'
import { createDialer } from '../../../platform/dialer/index.ts'
import { connectLdap, type LdapConnection, type LdapFailure } from '../../../platform/ldap/index.ts'
import { administrator, domain, type Samba } from './samba.ts'

type Done = { ok: true } | { ok: false; error: LdapFailure }

const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })

/** What the administrator of the domain does by hand; throws at the first thing that is refused. */
export async function asAdministrator(samba: Samba, work: (there: LdapConnection) => Promise<Done[]>): Promise<void> {
  const server = { host: '127.0.0.1', port: samba.port.ldaps, tls: 'ldaps', ca: samba.authority, serverName: domain.controller } as const
  const connected = await connectLdap(dial, server, samba.identity, { patience: 60_000, lifetime: 120_000 })
  if (!connected.ok) throw new Error(JSON.stringify(connected.error))
  const bound = await connected.value.bind(`${domain.short}\\${administrator.account}`, Secret.fromText(administrator.password))
  const done = bound.ok ? await work(connected.value) : [bound]
  await connected.value.close()
  for (const one of done) if (!one.ok) throw new Error(JSON.stringify(one.error))
}

export const inUsers = (name: string): string => `CN=${name},CN=Users,${domain.base}`

export async function addUser(there: LdapConnection, name: string, password: string): Promise<Done[]> {
  const made = { objectClass: ['user'], sAMAccountName: [name], userAccountControl: ['514'] }
  const value = Buffer.from(`"${password}"`, 'utf16le')
  return [
    await there.add(inUsers(name), made),
    await there.modify(inUsers(name), [{ operation: 'replace', attribute: 'unicodePwd', values: [value] }]),
    await setFlags(there, name, 512),
  ]
}

export const setFlags = (there: LdapConnection, name: string, flags: number): Promise<Done> =>
  there.modify(inUsers(name), [{ operation: 'replace', attribute: 'userAccountControl', values: [String(flags)] }])
