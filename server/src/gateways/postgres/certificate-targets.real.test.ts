import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { reload } from '../../platform/postgres-server/reload.fixture.ts'
import { clientAuthority } from '../../platform/tls/client-authority.fixture.ts'
import { sslRequest } from '../../protocols/postgres/index.ts'
import type { Login, OpenTarget } from '../../targets/contract.ts'
import { postgres } from '../../targets/postgres/index.ts'
import { type DoorCertificate, secureContextOf } from '../door/start-tls.ts'
import { until } from '../ssh/test/until.ts'
import { begun } from './test/begun.ts'
import { connectionOf } from './test/connection.ts'
import { accountPassword, authorityNamed, type Door, openDoor } from './test/open-door.ts'
import { run } from './test/psql.ts'

/* A target that lets its account in by a client certificate alone (pg_hba.conf: cert), through the door and by its kind. */

const authority = authorityNamed('databases of the house')
const clients = clientAuthority('people of the house')
const own = authority.issue()
const fingerprintOf = ({ certificate }: DoorCertificate) =>
  `SHA256:${new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase()}`
const identity = { proof: 'tls-certificate', certificate: fingerprintOf(own) }
const pem = clients.certify('app_admin')

let door: Door
let port: number
let hba: string
const fallback = 'host all postgres all scram-sha-256\n'
const lets = async (line: string) => {
  writeFileSync(hba, `${line}\n${fallback}`)
  await reload(door.sql)
}
const byCertificate = 'hostssl all app_admin all cert'

beforeAll(async () => {
  door = await openDoor()
  port = door.server.connection.port
  hba = String((await door.sql<{ hba: string }>(`select current_setting('hba_file') as hba`))[0]?.hba)
  const { uid, gid } = statSync(hba)
  for (const [name, content] of Object.entries({ cert: own.certificate, key: own.privateKey, ca: clients.ca })) {
    const file = join(dirname(hba), `own.${name}`)
    writeFileSync(file, content, { mode: 0o600 })
    chownSync(file, uid, gid)
    await door.sql(`alter system set ssl_${name}_file = '${file}'`)
  }
  await door.sql('alter system set ssl = on')
})
beforeEach(() => lets(byCertificate))
afterAll(() => door?.[Symbol.asyncDispose]())

type Proof = { kind: 'tls' | 'password'; text: string }
const loginWith = ({ kind, text }: Proof): Login => ({ account: 'app_admin', credential: { kind, secret: Secret.fromText(text) } })
let targets = 0
const psql = (proof: Proof, sql: string, over: object = {}) => {
  const name = `by-certificate-${targets++}`
  door.host.grant('alice', `app_admin@${name}`)
  door.host.targets.set(name, {
    ...{ host: '127.0.0.1', port, settings: { tls: 'verify', ca: authority.ca }, identity, scrub: '' },
    ...{ login: () => loginWith(proof), ...over },
  } as never)
  return run('psql', ['-X', '-q', '-A', '-t', '-c', sql], { ...connectionOf(door), PGUSER: `alice@app_admin@${name}` })
}
const shown = (text = pem): Proof => ({ kind: 'tls', text })
const whoIsSeen = `select usename, client_dn, version from pg_stat_ssl join pg_stat_activity using (pid) where pid = pg_backend_pid()`
const reason = async () => {
  await until(() => door.session().outcomes.length > 0)
  return door.session().outcomes[0]?.reason
}

describe('an account with a certificate', () => {
  test('is let in by it alone, over TLS 1.3, and a statement of its session is cancelled', async () => {
    expect(await psql(shown(), whoIsSeen)).toMatchObject({ code: 0, out: 'app_admin|/CN=app_admin|TLSv1.3\n' })
    const sleeping = psql(shown(), 'select pg_sleep(60)')
    await begun(door.sql, 'select pg_sleep(60)')
    sleeping.kill('SIGINT')
    expect((await sleeping).err).toMatch(/canceling statement due to user request/)
  })

  test('is refused with a certificate of another authority, of another role, or without one: the sentence says what to do', async () => {
    for (const text of [clientAuthority('somebody else').certify('app_admin'), clients.certify('somebody')]) {
      const ran = await psql(shown(text), 'select 1')
      expect(ran).toMatchObject({ code: 2, out: '' })
      expect(ran.err).toMatch(/refused the certificate from the vault\. Ask an administrator to bring in the next one/)
      expect(await reason()).toBe('target_failed')
    }
    const withPassword = await psql({ kind: 'password', text: accountPassword }, 'select 1')
    expect(withPassword.err).toMatch(/before it asked for a password: its pg_hba\.conf lets this account in otherwise/)
  })

  test('sends no password to a server that asks for one after it saw the certificate, in whatever way', async () => {
    await door.sql(`set password_encryption = 'md5'; create role of_old login password '${accountPassword}'`)
    for (const [method, role, asks] of [
      ['scram-sha-256', 'app_admin', /asks for a password \(SCRAM\)/],
      ['password', 'app_admin', /asks for the password in clear text/],
      ['md5', 'of_old', /asks for the password as MD5/],
    ] as const) {
      await lets(`hostssl all ${role} all ${method}`)
      const login = () => ({ ...loginWith(shown()), account: role })
      expect((await psql(shown(), 'select 1', { login })).err).toMatch(asks)
      expect(door.session().statements).toEqual([])
    }
    await door.sql('drop role of_old')
  })

  test('that is over, or has no TLS to be shown under, is not shown to anybody', async () => {
    const heard: Buffer[] = []
    const listening = createServer((line) => void line.on('error', () => {}).on('data', (bytes) => heard.push(bytes)))
    await once(listening.listen(0, '127.0.0.1'), 'listening')
    const at = { port: (listening.address() as AddressInfo).port }
    const over = await psql(shown(clients.certify('app_admin', -60_000)), 'select 1', at)
    expect(over.err).toMatch(/cannot be used: it was good until .* UTC\. Ask an administrator to bring in the next one/)
    const clear = { ...at, settings: { tls: 'off-scram' }, identity: { proof: 'scram-server-signature' } }
    expect((await psql(shown(), 'select 1', clear)).err).toMatch(/shown under TLS alone/)
    expect(heard).toEqual([])
    listening.close()
  })
})

describe('by its kind', () => {
  const open = (at = port): OpenTarget => {
    const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })
    const opened = postgres.open({ host: '127.0.0.1', port: at, tls: 'verify', ca: authority.ca }, dial)
    if (!opened.ok) throw new Error(opened.error.code)
    return opened.value
  }
  test('a certificate logs in, finds accounts, and sets a password of another', async () => {
    expect(await open().verify(identity, loginWith(shown()))).toEqual({ ok: true, value: undefined })
    const found = []
    for await (const one of open().discover?.(identity, loginWith(shown())) ?? []) found.push(one.name)
    expect(found).toEqual(['app_admin', 'postgres'])
    const next = { kind: 'password' as const, secret: Secret.fromText('another one') }
    expect(await open().rotate?.(identity, loginWith(shown()), 'app_admin', next)).toMatchObject({ ok: true })
    await door.sql(`alter role app_admin password '${accountPassword}'`)
  })
  test('what the target says no to is told apart', async () => {
    const verify = (text: string) => open().verify(identity, loginWith(shown(text)))
    const refused = { ok: false, error: { code: 'target.login_refused', account: 'app_admin' } }
    expect(await verify(clientAuthority('somebody else').certify('app_admin'))).toMatchObject(refused)
    expect(await verify(clients.certify('somebody'))).toMatchObject(refused)
    expect(await verify(clients.certify('app_admin', -1_000))).toMatchObject({ error: { code: 'target.certificate_unusable' } })
    expect(await verify('no certificate at all')).toMatchObject({
      error: { code: 'target.certificate_unusable', why: 'it cannot be read' },
    })
    await lets('hostssl all app_admin all scram-sha-256')
    expect(await verify(pem)).toMatchObject({ error: { code: 'target.asks_otherwise' } })
  })
})

test('whoever shows another certificate than the pinned one hears nothing of ours: the handshake ends before our answer', async () => {
  for (const impostor of [authority.issue(), authorityNamed('somebody else').issue()]) {
    const heard: Buffer[] = []
    const seen: unknown[] = []
    const listening = createServer((line) => {
      line
        .on('error', () => {})
        .once('data', () => {
          line.write('S')
          const how = { isServer: true, requestCert: true, rejectUnauthorized: false, secureContext: secureContextOf(impostor) }
          const secured = new TLSSocket(line, how)
          secured.on('error', () => {}).on('secure', () => seen.push(secured.getPeerX509Certificate()?.subject))
        })
    })
    await once(listening.listen(0, '127.0.0.1'), 'listening')
    // TLS reads below Node's streams: what comes is heard on the way
    const onTheWay = createServer((line) => {
      const further = connect((listening.address() as AddressInfo).port, '127.0.0.1')
      line.on('data', (bytes) => heard.push(bytes))
      line.pipe(further).pipe(line)
      for (const end of [line, further]) end.on('error', () => {})
    })
    await once(onTheWay.listen(0, '127.0.0.1'), 'listening')
    const ran = await psql(shown(), 'select 1', { port: (onTheWay.address() as AddressInfo).port })
    expect(ran.err).toMatch(/did not prove that it is the one that is pinned\. It got no credential/)
    expect(await reason()).toBe('target_impostor')
    for (const server of [onTheWay, listening]) server.close()
    // the request for TLS, and one record: the greeting of TLS (type 22), with which nobody proves anything
    const all = Buffer.concat(heard)
    expect(all.subarray(0, sslRequest.length)).toEqual(sslRequest)
    expect(recordsIn(all.subarray(sslRequest.length))).toEqual([22])
    expect(seen).toEqual([])
  }
})

/** The types of the records of TLS, RFC 8446 section 5.1: 22 what is said openly of the handshake, 23 what is encrypted, our certificate among it. */
function recordsIn(bytes: Buffer): number[] {
  const types: number[] = []
  for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) types.push(bytes[at] ?? -1)
  return types
}
