import { randomBytes } from 'node:crypto'
import mysqlDriver from 'mysql2/promise'
import { Secret } from '../../../kernel/secret.ts'
import { can, nativeHash, ourCapabilities, packet, writeGreeting } from '../../../protocols/mysql/index.ts'
import type { Credential, CredentialKind, Login } from '../../contract.ts'
import { startFake } from '../../test/fake-server.ts'
import type { Impostor, KindHarness, RunningTarget } from '../../test/harness.ts'
import { type SelfSigned, selfSigned } from '../../test/self-signed.ts'
import { mysql } from '../index.ts'
import { manager, startMariadb } from './start-mariadb.ts'

const password = (text: string): Credential => ({ kind: 'password', secret: Secret.fromText(text) })
const textOf = (credential: Credential): Promise<string> => credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString())

export const mysqlHarness: KindHarness = { kind: mysql, start }

async function start(): Promise<RunningTarget> {
  const server = await startMariadb()
  const trustedToo = selfSigned('127.0.0.1')
  await server.sql(`create user ${manager.account}@'127.0.0.1' identified via mysql_native_password using password(?)`, [manager.password])
  // what the README asks for; super is for a password as text while the general log is on
  await server.sql(`grant create user, connection admin, process, super on *.* to ${manager.account}@'127.0.0.1'`)
  await server.sql(`grant select on mysql.* to ${manager.account}@'127.0.0.1'`)
  // where accounts may have tables of their own, as long as they are logged in
  await server.sql('create database desk')
  await server.sql(`create user powerless@'%' identified via mysql_native_password using password('no rights')`)
  const settings = { host: '127.0.0.1', port: server.port, ca: server.tls.certificate + trustedToo.certificate }
  return {
    settings,
    identity: { certificate: server.tls.fingerprint },
    wrongIdentity: { certificate: trustedToo.fingerprint },
    manager: () => ({ account: manager.account, credential: password(manager.password) }),
    powerless: () => ({ account: 'powerless', credential: password('no rights') }),
    async addAccount(name, credential) {
      await server.sql(
        `create user ${name}@'127.0.0.1' identified via mysql_native_password using '${await credential.secret.use('recognise', nativeHash)}'`,
      )
      await server.sql(`grant file on *.* to ${name}@'127.0.0.1'`)
      await server.sql(`grant create temporary tables on desk.* to ${name}@'127.0.0.1'`)
    },
    removeAccount: async (name) => void (await server.sql(`drop user ${name}@'127.0.0.1'`)),
    lock: async (name) => void (await server.sql(`alter user ${name}@'127.0.0.1' account lock`)),
    unlock: async (name) => void (await server.sql(`alter user ${name}@'127.0.0.1' account unlock`)),
    fresh() {
      const text = `${randomBytes(15).toString('base64url')}~!%7`
      return () => password(text)
    },
    async refused() {
      await server.sql(`install soname 'simple_password_check'`)
      const end = () => server.sql(`uninstall soname 'simple_password_check'`)
      return { settings: { passwordAs: 'text' }, next: password('tooweak'), end }
    },
    impostors: impostors(trustedToo),
    openSession: (login) => openSession(server.port, server.tls, login),
    restart: server.restart,
    logs: server.logs,
    stop: server.stop,
  }
}

async function openSession(
  port: number,
  tls: SelfSigned,
  { account, credential }: Login<CredentialKind>,
): Promise<{ ended: Promise<void> }> {
  const connection = await mysqlDriver.createConnection({
    ...{ host: '127.0.0.1', port, user: account, password: await textOf(credential), ssl: { ca: tls.certificate } },
  })
  return {
    ended: new Promise((resolve) => {
      connection.on('error', () => resolve())
      connection.on('end' as never, () => resolve())
    }),
  }
}

const hello = (capabilities: number): Buffer =>
  packet(
    0,
    writeGreeting({
      version: '10.11.0-MariaDB',
      connection: 7,
      capabilities,
      challenge: Buffer.alloc(20, 65),
      plugin: 'mysql_native_password',
    }),
  )
const yes = packet(2, Buffer.from([0, 0, 0, 2, 0, 0, 0]))
const switchTo = (sequence: number, plugin: string): Buffer => packet(sequence, Buffer.from(`\xfe${plugin}\0${'B'.repeat(20)}\0`, 'latin1'))
const withTls = ourCapabilities | can.ssl

function impostors(trusted: SelfSigned): Impostor[] {
  const upgrade = (as: SelfSigned, ...answers: Buffer[]) => startFake({ first: hello(withTls), answers, tls: { as, behind: 36 } })
  return [
    { what: 'offers no TLS and says yes to everything', start: () => startFake({ first: hello(ourCapabilities), answers: [yes] }) },
    {
      what: 'asks for the password in clear text behind its greeting',
      start: () => startFake({ first: Buffer.concat([hello(withTls), switchTo(1, 'mysql_clear_password')]), answers: [yes] }),
    },
    {
      what: 'asks for the password in clear text in place of TLS',
      start: () => startFake({ first: hello(withTls), answers: [switchTo(2, 'mysql_clear_password')] }),
    },
    { what: 'has a certificate that nobody signed, and says yes to everything', start: () => upgrade(selfSigned('127.0.0.1'), yes) },
    {
      what: 'has a certificate of the right authority that is not the pinned one',
      start: () => upgrade(trusted, packet(3, Buffer.from([0, 0, 0, 2, 0, 0, 0]))),
    },
    { what: 'speaks another protocol', start: () => startFake({ first: Buffer.from('SSH-2.0-OpenSSH_9.2\r\n') }) },
  ]
}
