import { chmodSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { fail, ok } from '../../../kernel/result.ts'
import { Secret } from '../../../kernel/secret.ts'
import { newP256Key, p256Signer, privateKeyPem } from '../../../platform/crypto/ecdsa.ts'
import { freePort } from '../../../platform/postgres-server/free-port.fixture.ts'
import { type RunningPostgres, startPostgres } from '../../../platform/postgres-server/index.ts'
import { buildCertificate, toPem } from '../../../protocols/x509/index.ts'
import type { Dial } from '../../../targets/contract.ts'
import type { DoorCertificate } from '../../door/start-tls.ts'
import { temporaryFolder } from '../../ssh/test/folder.ts'
import { MemoryHost, type Recorded } from '../../ssh/test/memory-host.ts'
import { openPostgresGateway, type PostgresGateway, type PostgresGatewayOptions } from '../index.ts'

export const accountPassword = 'Only-the-vault-knows-this-1'
const superuserPassword = 'superuser only for this test'

export interface Door {
  folder: string
  host: MemoryHost
  gateway: PostgresGateway
  server: RunningPostgres
  /** PEM file of the authority, for `sslrootcert`. */
  ca: string
  /** What the door had to log as an error. */
  errors: unknown[]
  /** The last session that was opened. */
  session(): Recorded
  /** Directly at the target, as its superuser. */
  sql<Row extends object = object>(text: string): Promise<Row[]>
  /** node-postgres through the door, as alice with her ticket; not connected yet. */
  client(config?: pg.ClientConfig): pg.Client
  [Symbol.asyncDispose](): Promise<void>
}

export const user = 'alice@app_admin@orders-db'
export const ticket = 'ticket-of-alice'

const dialLoopback: Dial = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true })
    socket.once('connect', () => resolve(ok(socket)))
    socket.on('error', (error) => resolve(fail({ code: 'target.unreachable', detail: error.message })))
  })

/** An authority made for the test, and what it issues for localhost and 127.0.0.1: each time another key, or for the key that is given. */
export interface TestAuthority {
  ca: string
  issue(lifeMs?: number): DoorCertificate
  certify(publicKey: Uint8Array, lifeMs?: number): string
}

export function authorityNamed(name: string): TestAuthority {
  const authority = newP256Key()
  const signer = p256Signer(authority.privateKey)
  let serial = 0
  const common = (lifeMs: number) => ({
    ...{ serial: Buffer.from([++serial]), issuer: name, issuerKey: authority.publicKey },
    ...{ notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + lifeMs) },
  })
  const hour = 3_600_000
  const own = { subject: name, publicKey: authority.publicKey, use: 'authority' } as const
  const ca = toPem(buildCertificate({ ...common(hour), ...own }, signer.sign))
  const names = [{ dns: 'localhost' }, { ip: Buffer.from([127, 0, 0, 1]) }]
  const certify: TestAuthority['certify'] = (publicKey, lifeMs = hour) =>
    toPem(buildCertificate({ ...common(lifeMs), subject: 'localhost', publicKey: Buffer.from(publicKey), use: { names } }, signer.sign))
  return {
    ...{ ca, certify },
    issue(lifeMs) {
      const { privateKey, publicKey } = newP256Key()
      return { certificate: certify(publicKey, lifeMs), privateKey: privateKeyPem(privateKey) }
    },
  }
}

/** A key and certificate for localhost, under an authority made for the test. */
export function certificateFor(name: string): DoorCertificate & { ca: string } {
  const { ca, issue } = authorityNamed(`${name} authority`)
  return { ...issue(), ca }
}

/** A door with a real PostgreSQL behind it as `orders-db`, and alice with a grant for app_admin and a ticket. */
export async function openDoor(options: Partial<Omit<PostgresGatewayOptions, 'host'>> = {}): Promise<Door> {
  const folder = temporaryFolder()
  chmodSync(folder.path, 0o711)
  const port = await freePort()
  const started = await startPostgres({
    folder: join(folder.path, 'db'),
    listen: { host: '127.0.0.1', port },
    ...(process.getuid?.() === 0 && { uid: 64820, gid: 64820 }),
    superuserPassword: Secret.fromText(superuserPassword),
    log: () => {},
  })
  if (!started.ok) throw new Error(started.error.code)
  const server = started.value
  const superuser = new pg.Client({ ...server.connection, password: superuserPassword })
  await superuser.connect()
  await superuser.query(`create role app_admin login superuser password '${accountPassword}'`)

  const host = new MemoryHost()
  host.tickets.set(ticket, 'alice')
  host.grant('alice', 'app_admin@orders-db')
  host.targets.set('orders-db', {
    ...{ host: '127.0.0.1', port, identity: { proof: 'scram-server-signature' }, settings: { tls: 'off-scram' }, scrub: accountPassword },
    login: () => ({ account: 'app_admin', credential: { kind: 'password', secret: Secret.fromText(accountPassword) } }),
  })
  const { ca, ...certificate } = certificateFor('localhost')
  writeFileSync(join(folder.path, 'ca.pem'), ca)
  const errors: unknown[] = []
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: quiet, error: (fields: object) => void errors.push(fields) }
  const gateway = await openPostgresGateway({
    ...{ host, listen: { host: '127.0.0.1', port: 0 }, certificate, dial: dialLoopback, log },
    ...options,
  })
  return {
    ...{ folder: folder.path, host, gateway, server, ca: join(folder.path, 'ca.pem'), errors },
    session() {
      const last = host.sessions.at(-1)
      if (!last) throw new Error('no session was opened')
      return last
    },
    sql: async <Row extends object>(text: string) => (await superuser.query<Row>(text)).rows,
    client: (config = {}) =>
      new pg.Client({
        ...{ host: 'localhost', port: gateway.port, user, password: ticket, database: 'postgres', ssl: { ca, rejectUnauthorized: true } },
        ...config,
      }),
    async [Symbol.asyncDispose]() {
      await gateway.close()
      await superuser.end().catch(() => {})
      await server.stop()
      folder[Symbol.dispose]()
    },
  }
}
