import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { Duplex, Transform } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { authenticate } from '../../platform/postgres-client/authenticate.ts'
import { secure } from '../../platform/postgres-client/secure.ts'
import { type DebianCluster, startDebianCluster } from '../../platform/postgres-server/debian-cluster.fixture.ts'
import { reload } from '../../platform/postgres-server/reload.fixture.ts'
import { sslRequest } from '../../protocols/postgres/index.ts'
import { type DoorCertificate, secureContextOf } from '../door/start-tls.ts'
import { until } from '../ssh/test/until.ts'
import { begun } from './test/begun.ts'
import { connectionOf } from './test/connection.ts'
import { accountPassword, authorityNamed, type Door, openDoor } from './test/open-door.ts'
import { run } from './test/psql.ts'

/*
 * Targets that let the account in over TLS only, Debian's PostgreSQL 15 and the embedded 18, through the door. Their certificates come from an
 * authority of their own, which the target's settings name, and each certificate is pinned.
 */

type Sql = (text: string) => Promise<Record<string, unknown>[]>
const authority = authorityNamed('databases of the house')
const fingerprint = ({ certificate }: DoorCertificate) =>
  `SHA256:${new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase()}`

let door: Door
let debian: DebianCluster
const servers: Record<string, { sql: Sql; port: number; own: DoorCertificate }> = {}

/** Another certificate for a running server; the account comes in with TLS or not at all. */
async function showCertificate(sql: Sql, { certificate, privateKey }: DoorCertificate): Promise<void> {
  const [at] = await sql(`select current_setting('hba_file') as hba`)
  const hba = String(at?.hba)
  const { uid, gid } = statSync(hba)
  const files = { cert: join(dirname(hba), 'own.crt'), key: join(dirname(hba), 'own.key') }
  writeFileSync(files.cert, certificate)
  writeFileSync(files.key, privateKey, { mode: 0o600 })
  writeFileSync(hba, 'hostssl all app_admin all scram-sha-256\nhost all app_admin all reject\nhost all postgres all scram-sha-256\n')
  for (const file of Object.values(files)) chownSync(file, uid, gid)
  await sql(`alter system set ssl_cert_file = '${files.cert}'`)
  await sql(`alter system set ssl_key_file = '${files.key}'`)
  await sql(`alter system set ssl = on`)
  await reload(sql)
}

const login = () => ({ account: 'app_admin', credential: { kind: 'password' as const, secret: Secret.fromText(accountPassword) } })
const target = (port: number, pinned: DoorCertificate) => ({
  ...{ host: '127.0.0.1', port, settings: { tls: 'verify', ca: authority.ca }, scrub: accountPassword, login },
  identity: { proof: 'tls-certificate', certificate: fingerprint(pinned) },
})
const offer = (name: string, as: ReturnType<typeof target>) => {
  door.host.grant('alice', `app_admin@${name}`)
  door.host.targets.set(name, as)
}

beforeAll(async () => {
  ;[door, debian] = await Promise.all([openDoor(), startDebianCluster()])
  await debian.sql(`create role app_admin login password '${accountPassword}'`)
  servers['fifteen-db'] = { sql: debian.sql, port: debian.port, own: authority.issue() }
  servers['eighteen-db'] = { sql: door.sql, port: door.server.connection.port, own: authority.issue() }
  for (const [name, { sql, port, own }] of Object.entries(servers)) {
    await showCertificate(sql, own)
    offer(name, target(port, own))
  }
})
afterAll(async () => {
  await debian?.close()
  await door?.[Symbol.asyncDispose]()
})

/** The same connection, on which nobody hears that the server could tie a login to it. */
function withoutOffer(socket: TLSSocket): Duplex {
  const seen = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const at = chunk.indexOf('SCRAM-SHA-256-PLUS\0')
      if (at < 0) return done(null, chunk)
      const without = Buffer.concat([chunk.subarray(0, at), chunk.subarray(at + 'SCRAM-SHA-256-PLUS\0'.length)])
      without.writeUInt32BE(without.length - 1, 1)
      done(null, without)
    },
  })
  return Duplex.from({ readable: socket.pipe(seen), writable: socket }).on('error', () => {})
}

const psqlTo = (name: string, sql: string) =>
  run('psql', ['-X', '-q', '-A', '-t', '-c', sql], { ...connectionOf(door), PGUSER: `alice@app_admin@${name}` })
const overTls = 'select ssl, version, usename from pg_stat_ssl join pg_stat_activity using (pid) where pid = pg_backend_pid()'
const impostor = /did not prove that it is the one that is pinned\. It got no credential/

describe.each(['fifteen-db', 'eighteen-db'])('a target that requires TLS, %s', (name) => {
  const server = () => servers[name] as (typeof servers)[string]

  test('is reached over TLS by psql and by node-postgres, and a statement on it is cancelled', async () => {
    expect(await psqlTo(name, overTls)).toMatchObject({ code: 0, out: 't|TLSv1.3|app_admin\n' })
    const client = door.client({ user: `alice@app_admin@${name}` })
    await client.connect()
    expect((await client.query(overTls)).rows).toEqual([{ ssl: true, version: 'TLSv1.3', usename: 'app_admin' }])
    await client.end()
    const sleeping = psqlTo(name, 'select pg_sleep(60)')
    await begun(server().sql, 'select pg_sleep(60)')
    // Ctrl-C: the key of the statement goes to the target under TLS, too
    sleeping.kill('SIGINT')
    expect((await sleeping).err).toMatch(/canceling statement due to user request/)
  })

  test('takes the login as proof on this connection alone: tied to another certificate it is refused, and so is that its offer is gone', async () => {
    const { port } = server()
    const logIn = async (tiedTo: (shown: Buffer) => Buffer, over = (socket: TLSSocket): Duplex => socket) => {
      const line = connect(port, '127.0.0.1')
      const secured = await secure(line, { host: '127.0.0.1', ca: authority.ca })
      if (!secured.ok) throw new Error(secured.error.code)
      const { socket, endPoint } = secured.value
      try {
        if (!endPoint) throw new Error('a certificate of ours has a hash')
        const as = { role: 'app_admin', password: Secret.fromText(accountPassword), database: 'postgres', parameters: {} }
        return await authenticate(over(socket), as, { endPoint: tiedTo(endPoint) })
      } finally {
        socket.destroy()
      }
    }
    expect(await logIn((shown) => shown)).toMatchObject({ ok: true })
    const refused = { ok: false, error: { code: 'postgres.refused', sqlState: expect.stringMatching(/^(28|08)/) } }
    expect(await logIn((shown) => shown.map((byte) => byte ^ 1) as Buffer)).toMatchObject(refused)
    // somebody on the way who hides what the server offers
    expect(await logIn((shown) => shown, withoutOffer)).toMatchObject(refused)
  })

  test('that stores MD5 gets its answer under pinned TLS, and nothing without', async () => {
    const { sql, port } = server()
    const hba = (await sql(`select current_setting('hba_file') as hba`))[0]?.hba as string
    const before = readFileSync(hba)
    await sql(`set password_encryption = 'md5'; create role legacy login password '${accountPassword}'`)
    writeFileSync(hba, `host all legacy all md5\n${before}`)
    await reload(sql)
    const clear = { ...target(port, server().own), settings: { tls: 'off-scram' }, identity: { proof: 'scram-server-signature' } }
    const as = (one: object) => ({ ...one, login: () => ({ ...login(), account: 'legacy' }) }) as ReturnType<typeof target>
    try {
      for (const [at, how] of [
        [`md5-${name}`, as(target(port, server().own))],
        [`md5-clear-${name}`, as(clear)],
      ] as const) {
        door.host.grant('alice', `legacy@${at}`)
        door.host.targets.set(at, how)
      }
      const ask = (at: string) =>
        run('psql', ['-X', '-q', '-A', '-t', '-c', overTls], { ...connectionOf(door), PGUSER: `alice@legacy@${at}` })
      expect((await ask(`md5-${name}`)).out).toMatch(/^t\|TLSv1\.[23]\|legacy$/m)
      expect(await ask(`md5-clear-${name}`)).toMatchObject({ code: 2, err: expect.stringMatching(impostor) })
    } finally {
      writeFileSync(hba, before)
      await sql('drop role legacy')
      await reload(sql)
    }
  })

  test('lets nobody in without TLS: the session says so and has not begun', async () => {
    const { port, own } = server()
    offer('in-the-clear', {
      ...target(port, own),
      settings: { tls: 'off-scram', ca: '' },
      identity: { proof: 'scram-server-signature', certificate: '' },
    })
    const ran = await psqlTo('in-the-clear', 'select 1')
    expect(ran.code).not.toBe(0)
    expect(ran.err).toMatch(/The target refused the credential/)
  })

  test('with another certificate than the pinned one is an impostor, though the same authority issued it', async () => {
    const { sql, own } = server()
    const other = authority.issue()
    await showCertificate(sql, other)
    const ran = await psqlTo(name, 'select 1')
    expect(ran.err).toMatch(impostor)
    await until(() => door.session().outcomes.length > 0)
    const detail = `expected ${fingerprint(own)}, presented ${fingerprint(other)}`
    expect(door.session()).toMatchObject({ outcomes: [{ reason: 'target_impostor', detail }], statements: [] })
    await showCertificate(sql, own)
    expect(await psqlTo(name, 'select 1')).toMatchObject({ code: 0 })
  })
})

test('whoever answers at the address with a certificate that is not pinned, or from another authority, hears nothing under TLS', async () => {
  const own = authority.issue()
  for (const shown of [authority.issue(), authorityNamed('somebody else').issue()]) {
    const heard: Buffer[] = []
    const listening = createServer((line) => {
      line
        .on('error', () => {})
        .once('data', (first) => {
          heard.push(first)
          line.write('S')
          const secured = new TLSSocket(line, { isServer: true, secureContext: secureContextOf(shown) })
          secured.on('error', () => {}).on('data', (bytes) => heard.push(bytes))
        })
    })
    await once(listening.listen(0, '127.0.0.1'), 'listening')
    offer('false-db', target((listening.address() as AddressInfo).port, own))
    expect((await psqlTo('false-db', 'select 1')).err).toMatch(impostor)
    expect(door.session().outcomes).toMatchObject([{ reason: 'target_impostor' }])
    expect(heard).toEqual([sslRequest])
    listening.close()
  }
})
