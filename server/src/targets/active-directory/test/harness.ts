import { randomBytes } from 'node:crypto'
import { Secret } from '../../../kernel/secret.ts'
import type { Credential } from '../../contract.ts'
import type { KindHarness, RunningTarget } from '../../test/harness.ts'
import { impostorsOf } from '../../test/ldap-impostors.ts'
import { selfSigned } from '../../test/self-signed.ts'
import { activeDirectory } from '../index.ts'
import { addUser, asAdministrator, inUsers, setFlags } from './administrator.ts'
import { administrator, domain, startSamba } from './samba.ts'

const password = (text: string): Credential => ({ kind: 'password', secret: Secret.fromText(text) })

export const activeDirectoryHarness: KindHarness = { kind: activeDirectory, start }

/** A domain controller of its own, and changes by the administrator of its domain. */
async function start(): Promise<RunningTarget> {
  const samba = await startSamba()
  const trustedToo = selfSigned('127.0.0.1')
  const join = (name: string) => ({ operation: 'add', attribute: 'member', values: [inUsers(name)] }) as const
  await asAdministrator(samba, (there) => addUser(there, 'powerless', 'N0 rights at all'))
  return {
    settings: {
      ...{ host: '127.0.0.1', port: samba.port.ldaps, ca: samba.authority + trustedToo.certificate },
      ...{ serverName: domain.controller, domain: domain.short },
    },
    identity: samba.identity,
    wrongIdentity: { proof: 'tls-certificate', certificate: trustedToo.fingerprint },
    manager: () => ({ account: administrator.account, credential: password(administrator.password) }),
    powerless: () => ({ account: 'powerless', credential: password('N0 rights at all') }),
    addAccount: (name, credential) =>
      asAdministrator(samba, async (there) => [
        ...(await addUser(there, name, await credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString()))),
        await there.modify(inUsers('Domain Admins'), [join(name)]),
      ]),
    removeAccount: (name) => asAdministrator(samba, async (there) => [await there.remove(inUsers(name))]),
    lock: (name) => asAdministrator(samba, async (there) => [await setFlags(there, name, 514)]),
    unlock: (name) => asAdministrator(samba, async (there) => [await setFlags(there, name, 512)]),
    fresh() {
      const text = `${randomBytes(15).toString('base64url')}~!%7aB`
      return () => password(text)
    },
    refused: async () => ({ next: password('simple') }),
    impostors: impostorsOf(trustedToo, 0),
    stop: samba.stop,
  }
}
