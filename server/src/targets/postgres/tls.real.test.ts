import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { freePort } from '../../platform/postgres-server/free-port.fixture.ts'
import { type RunningPostgres, startPostgres } from '../../platform/postgres-server/index.ts'
import type { Login, OpenTarget, PinnedIdentity } from '../contract.ts'
import { postgres } from './index.ts'

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const ecdsaWithSha256 = der(0x30, der(0x06, hex('2a8648ce3d040302')))
const name = der(0x30, der(0x31, der(0x30, der(0x06, hex('550403')), der(0x0c, Buffer.from('orders-db')))))
const time = (date: Date): Buffer =>
  der(
    0x17,
    Buffer.from(
      `${date
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`,
    ),
  )
const day = 86_400_000

/** A self-signed server certificate for an IPv4 address (X.509 v3, RFC 5280), valid from yesterday until tomorrow. */
function selfSigned(address: string): { certificate: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const alternativeName = der(0x30, der(0x87, Buffer.from(address.split('.').map(Number))))
  const extensions = der(0xa3, der(0x30, der(0x30, der(0x06, hex('551d11')), der(0x04, alternativeName))))
  const body = der(
    0x30,
    ...[der(0xa0, der(0x02, hex('02'))), der(0x02, Buffer.concat([hex('01'), randomBytes(8)])), ecdsaWithSha256, name],
    ...[der(0x30, time(new Date(Date.now() - day)), time(new Date(Date.now() + day))), name],
    ...[publicKey.export({ type: 'spki', format: 'der' }), extensions],
  )
  const signed = der(0x30, body, ecdsaWithSha256, der(0x03, hex('00'), sign('sha256', body, privateKey)))
  const lines = signed.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

const folder = mkdtempSync(join(tmpdir(), 'claviger-pg-'))
const owner = process.getuid?.() === 0 ? { uid: 64820, gid: 64820 } : undefined
const own = selfSigned('127.0.0.1')
const elsewhere = selfSigned('127.0.0.9')
let port: number
let server: RunningPostgres

beforeAll(async () => {
  chmodSync(folder, 0o711)
  port = await freePort()
  server = await start(own)
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function start({ certificate, key }: { certificate: string; key: string }): Promise<RunningPostgres> {
  const files = { ssl_cert_file: join(folder, 'cert.pem'), ssl_key_file: join(folder, 'key.pem') }
  writeFileSync(files.ssl_cert_file, certificate)
  rmSync(files.ssl_key_file, { force: true })
  writeFileSync(files.ssl_key_file, key, { mode: 0o600 })
  if (owner) for (const file of Object.values(files)) chownSync(file, owner.uid, owner.gid)
  const listen = { host: '127.0.0.1', port } as const
  const superuserPassword = Secret.fromText('only for this test')
  const started = await startPostgres({
    folder: join(folder, 'db'),
    listen,
    ...owner,
    superuserPassword,
    log: () => {},
    settings: { ssl: 'on', ...files },
  })
  if (!started.ok) throw new Error(started.error.code)
  return started.value
}

function open(ca: string, host = '127.0.0.1'): OpenTarget {
  const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })
  const opened = postgres.open({ host, port, tls: 'verify', ca }, dial)
  if (!opened.ok) throw new Error(opened.error.code)
  return opened.value
}

const superuser = (): Login => ({ account: 'postgres', credential: { kind: 'password', secret: Secret.fromText('only for this test') } })

async function identityOf(target: OpenTarget): Promise<PinnedIdentity> {
  const identity = await target.identify()
  if (!identity.ok) throw new Error(JSON.stringify(identity.error))
  return identity.value
}

describe('a target with TLS', () => {
  test('shows its certificate to whoever asks, and takes a login once that is pinned', async () => {
    const target = open(own.certificate)
    const identity = await identityOf(target)
    expect(identity).toEqual({ proof: 'tls-certificate', certificate: expect.stringMatching(/^SHA256:[0-9a-f]{64}$/) })
    expect(await target.verify(identity, superuser())).toEqual({ ok: true, value: undefined })
    const found = []
    for await (const account of target.discover?.(identity, superuser()) ?? []) found.push(account.name)
    expect(found).toEqual(['postgres'])
    const wrong: Login = { account: 'postgres', credential: { kind: 'password', secret: Secret.fromText('wrong') } }
    expect(await target.verify(identity, wrong)).toMatchObject({ error: { code: 'target.login_refused' } })
  })

  test('is an impostor when its certificate is not the pinned one, even if the authority is right', async () => {
    const target = open(own.certificate)
    const pinned = { proof: 'tls-certificate', certificate: `SHA256:${'0'.repeat(64)}` }
    expect(await target.verify(pinned, superuser())).toMatchObject({
      ok: false,
      error: { code: 'target.impostor', expected: pinned.certificate, presented: (await identityOf(target)).certificate },
    })
  })

  test('is an impostor when its certificate comes from another authority', async () => {
    const identity = await identityOf(open(own.certificate))
    for (const refusal of [await open(elsewhere.certificate).identify(), await open(elsewhere.certificate).verify(identity, superuser())]) {
      expect(refusal).toMatchObject({ ok: false, error: { code: 'target.impostor', presented: expect.stringMatching(/SELF_SIGNED/) } })
    }
  })

  test('is an impostor when its certificate is for another host', async () => {
    await server.stop()
    server = await start(elsewhere)
    expect(await open(elsewhere.certificate).identify()).toMatchObject({
      ok: false,
      error: { code: 'target.impostor', presented: expect.stringMatching(/ERR_TLS_CERT_ALTNAME_INVALID/) },
    })
  })
})
