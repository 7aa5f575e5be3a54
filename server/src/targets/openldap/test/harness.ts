import { randomBytes } from 'node:crypto'
import { Secret } from '../../../kernel/secret.ts'
import { createDialer } from '../../../platform/dialer/index.ts'
import { connectLdap, type LdapConnection, type LdapFailure } from '../../../platform/ldap/index.ts'
import { startTlsRequest } from '../../../protocols/ldap/index.ts'
import type { Credential } from '../../contract.ts'
import type { KindHarness, RunningTarget } from '../../test/harness.ts'
import { impostorsOf } from '../../test/ldap-impostors.ts'
import { selfSigned } from '../../test/self-signed.ts'
import { openldap } from '../index.ts'
import { discard, passwords, startSlapd, suffix } from './slapd.ts'

const password = (text: string): Credential => ({ kind: 'password', secret: Secret.fromText(text) })
const patience = { patience: 60_000, lifetime: 120_000 }

export const openldapHarness = (tls: 'ldaps' | 'starttls'): KindHarness => ({ kind: openldap, start: () => start(tls) })

/** A slapd with a password policy, and changes by its rootdn. */
async function start(tls: 'ldaps' | 'starttls'): Promise<RunningTarget> {
  const slapd = await startSlapd()
  const trustedToo = selfSigned('127.0.0.1')
  const port = tls === 'ldaps' ? slapd.port.ldaps : slapd.port.ldap
  const settings = {
    ...{ host: '127.0.0.1', port, tls, ca: slapd.authority + trustedToo.certificate },
    ...{ baseDn: suffix, accountsDn: `ou=people,${suffix}` },
  }
  const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })
  const asRoot = async (work: (there: LdapConnection) => Promise<{ ok: true } | { ok: false; error: LdapFailure }>): Promise<void> => {
    const connected = await connectLdap(dial, settings, slapd.identity, patience)
    if (!connected.ok) throw new Error(JSON.stringify(connected.error))
    const bound = await connected.value.bind(`cn=admin,${suffix}`, Secret.fromText(passwords.admin))
    const done = bound.ok ? await work(connected.value) : bound
    await connected.value.close()
    if (!done.ok) throw new Error(JSON.stringify(done.error))
  }
  const entry = (name: string) => `uid=${name},ou=people,${suffix}`
  const setLock = (name: string, ...values: string[]) =>
    asRoot((there) => there.modify(entry(name), [{ operation: 'replace', attribute: 'pwdAccountLockedTime', values }]))
  return {
    settings,
    identity: slapd.identity,
    wrongIdentity: { proof: 'tls-certificate', certificate: trustedToo.fingerprint },
    manager: () => ({ account: 'claviger', credential: password(passwords.claviger) }),
    powerless: () => ({ account: 'ordinary', credential: password(passwords.anybody) }),
    addAccount: (name, credential) =>
      asRoot(async (there) => {
        const added = await there.add(entry(name), { objectClass: ['inetOrgPerson'], uid: [name], cn: [name], sn: [name] })
        if (!added.ok) return added
        const set = await there.changePassword(entry(name), credential.secret)
        if (!set.ok) return set
        return await there.modify(`cn=admins,ou=groups,${suffix}`, [{ operation: 'add', attribute: 'member', values: [entry(name)] }])
      }),
    removeAccount: (name) => asRoot((there) => there.remove(entry(name))),
    lock: (name) => setLock(name, '000001010000Z'),
    unlock: (name) => setLock(name),
    fresh() {
      const text = `${randomBytes(15).toString('base64url')}~!%7`
      return () => password(text)
    },
    refused: async () => ({ next: password('too short') }),
    impostors: impostorsOf(trustedToo, tls === 'starttls' ? startTlsRequest.length : 0),
    async restart() {
      await slapd.stop()
      await slapd.start()
    },
    logs: slapd.logs,
    async stop() {
      await slapd.stop()
      discard(slapd)
    },
  }
}
