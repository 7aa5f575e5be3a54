import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { Secret } from '../../../kernel/secret.ts'
import { freePort } from '../../../platform/postgres-server/free-port.fixture.ts'
import { type RunningPostgres, startPostgres } from '../../../platform/postgres-server/index.ts'
import { reload } from '../../../platform/postgres-server/reload.fixture.ts'
import { newSalt, scramVerifier } from '../../../protocols/scram/index.ts'
import type { Credential, Login } from '../../contract.ts'
import { startFake } from '../../test/fake-server.ts'
import type { Impostor, KindHarness, RunningTarget } from '../../test/harness.ts'
import { type SelfSigned, selfSigned } from '../../test/self-signed.ts'
import { postgres } from '../index.ts'

const owner = process.getuid?.() === 0 ? { uid: 64820, gid: 64820 } : undefined
const superuserPassword = 'superuser for this test only'
const password = (text: string): Credential => ({ kind: 'password', secret: Secret.fromText(text) })

export interface RunningPostgresTarget extends RunningTarget {
  /** From then on this role comes in by a certificate of that authority (PEM) and by nothing else. */
  letInByCertificate(role: string, authority: string): Promise<void>
}

export const postgresHarness = { kind: postgres, start } satisfies KindHarness

/** A cluster of its own with TLS, as talkative as one can be. */
async function start(): Promise<RunningPostgresTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-pg-'))
  chmodSync(folder, 0o711)
  const [own, trustedToo] = [selfSigned('127.0.0.1'), selfSigned('127.0.0.1')]
  const files = { ssl_cert_file: join(folder, 'cert.pem'), ssl_key_file: join(folder, 'key.pem') }
  writeFileSync(files.ssl_cert_file, own.certificate)
  writeFileSync(files.ssl_key_file, own.key, { mode: 0o600 })
  if (owner) for (const file of Object.values(files)) chownSync(file, owner.uid, owner.gid)
  const port = await freePort()
  const log: string[] = []
  const run = async (): Promise<RunningPostgres> => {
    const started = await startPostgres({
      ...{ folder: join(folder, 'db'), listen: { host: '127.0.0.1', port }, ...owner },
      superuserPassword: Secret.fromText(superuserPassword),
      log: (line) => log.push(line),
      settings: { ssl: 'on', ...files, log_statement: 'all', log_min_error_statement: 'debug5', log_connections: 'all' },
    })
    if (!started.ok) throw new Error(started.error.code)
    return started.value
  }
  let server = await run()
  const client = async (user: string, secret: string): Promise<pg.Client> => {
    const connected = new pg.Client({ ...server.connection, user, password: secret, ssl: { ca: own.certificate } })
    connected.on('error', () => {})
    await connected.connect()
    return connected
  }
  const sql = async (statement: string): Promise<void> => {
    const asRoot = await client('postgres', superuserPassword)
    await asRoot.query(statement).finally(() => asRoot.end())
  }
  // a bench adds thousands: not one login for each
  const adding = new pg.Pool({
    ...{ ...server.connection, user: 'postgres', password: superuserPassword, ssl: { ca: own.certificate } },
    ...{ max: 8, idleTimeoutMillis: 1_000 },
  })
  adding.on('error', () => {})
  const verifierOf = async (credential: Credential): Promise<string> => {
    const made = await credential.secret.use('recognise', (bytes) => scramVerifier(bytes, newSalt()))
    if (!made.ok) throw new Error(made.error.code)
    return made.value
  }
  await sql(`create role claviger login createrole bypassrls password '${await verifierOf(password('the manager'))}'`)
  await sql('grant pg_signal_backend to claviger')
  await sql(`create role powerless login password '${await verifierOf(password('no rights'))}'`)
  return {
    settings: { host: '127.0.0.1', port, tls: 'verify', ca: own.certificate + trustedToo.certificate },
    identity: { proof: 'tls-certificate', certificate: own.fingerprint },
    wrongIdentity: { proof: 'tls-certificate', certificate: trustedToo.fingerprint },
    manager: () => ({ account: 'claviger', credential: password('the manager') }),
    powerless: () => ({ account: 'powerless', credential: password('no rights') }),
    async addAccount(name, credential) {
      const create = `create role ${name} login bypassrls password '${await verifierOf(credential)}'`
      await adding.query(`${create}; grant ${name} to claviger with admin option`)
    },
    removeAccount: (name) => sql(`drop role ${name}`),
    async letInByCertificate(role, authority) {
      const file = join(folder, 'clients.pem')
      writeFileSync(file, authority)
      const { rows } = await adding.query<{ hba: string }>(`select current_setting('hba_file') as hba`)
      const hba = rows[0]?.hba ?? ''
      writeFileSync(hba, `hostssl all ${role} all cert\n${readFileSync(hba, 'utf8')}`)
      await sql(`alter system set ssl_ca_file = '${file}'`)
      // and its manager sees that no password opens it
      await sql(`alter role ${role} password null; grant select (oid, rolpassword) on pg_authid to claviger`)
      await reload(async (text) => (await adding.query(text)).rows)
    },
    lock: (name) => sql(`alter role ${name} nologin`),
    unlock: (name) => sql(`alter role ${name} login`),
    fresh() {
      const text = `${randomBytes(15).toString('base64url')}~!%7`
      return () => password(text)
    },
    refused: async () => ({ next: password('outside ASCII: ß') }), // no password check is installed, and none sees more than a verifier
    impostors: impostors(trustedToo),
    async openSession({ account, credential }: Login) {
      const session = await client(account, await credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString()))
      return { ended: new Promise((resolve) => void session.once('end', () => resolve())) }
    },
    async restart() {
      await server.stop()
      server = await run()
    },
    logs: () => log.join('\n'),
    async stop() {
      await adding.end()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const clearText = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])
const yes = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49])

function impostors(trusted: SelfSigned): Impostor[] {
  const withTls = (as: SelfSigned, answer: Buffer) => startFake({ answers: [answer], tls: { as, behind: 8, yes: 'S' } })
  return [
    { what: 'offers no TLS', start: () => startFake({ answers: [Buffer.from('N'), yes] }) },
    { what: 'says yes to everything at once', start: () => startFake({ answers: [Buffer.concat([Buffer.from('S'), yes])] }) },
    { what: 'asks for the password in clear text in place of TLS', start: () => startFake({ answers: [clearText] }) },
    { what: 'has a certificate that nobody signed', start: () => withTls(selfSigned('127.0.0.1'), clearText) },
    { what: 'has a certificate of the right authority that is not the pinned one', start: () => withTls(trusted, yes) },
  ]
}
