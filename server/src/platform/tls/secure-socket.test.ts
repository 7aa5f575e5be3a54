import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import tls, { createSecureContext, type SecureVersion, TLSSocket } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { certified } from './certified.fixture.ts'
import { clientAuthority } from './client-authority.fixture.ts'
import { secureSocket } from './secure-socket.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) server.close()
})
const listening = async (server: Server) => {
  open.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

/** A server that asks for a certificate, and what passes on the way to it. */
async function asking(
  { certificate, key }: { certificate: string; key: string },
  maxVersion: SecureVersion = 'TLSv1.3',
  old: { minVersion?: SecureVersion; ciphers?: string } = {},
) {
  const heard: Buffer[] = []
  const seen: (string | undefined)[] = []
  const port = await listening(
    createServer((line) => {
      const secureContext = createSecureContext({ cert: certificate, key, maxVersion, ...old })
      const secured = new TLSSocket(line, { isServer: true, requestCert: true, rejectUnauthorized: false, secureContext })
      secured.on('error', () => {}).on('secure', () => seen.push(secured.getPeerX509Certificate()?.subject))
    }),
  )
  const onTheWay = await listening(
    createServer((line) => {
      const further = connect(port, '127.0.0.1')
      line.on('data', (bytes) => heard.push(bytes))
      line.pipe(further).pipe(line)
      for (const end of [line, further]) end.on('error', () => {})
    }),
  )
  return { port: onTheWay, seen, heard: () => recordsIn(Buffer.concat(heard)) }
}

/** The types of the records of TLS, RFC 8446 section 5.1: 22 what is said openly of the handshake, 23 what is encrypted, our certificate among it. */
function recordsIn(bytes: Buffer): number[] {
  const types: number[] = []
  for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) types.push(bytes[at] ?? -1)
  return types
}

const pem = () => Secret.fromText(clientAuthority('people').certify('app_admin'))
async function connected(port: number, ca: string, pinned: string) {
  const line = connect(port, '127.0.0.1').on('error', () => {})
  await once(line, 'connect')
  const secured = await secureSocket(line, { host: '127.0.0.1', ca }, { pem: pem(), pinned })
  // long enough for what would be sent: the far side answers, or the connection ends
  if (secured.ok) await once(secured.value.socket.on('error', () => {}).resume(), 'session')
  else if (!line.closed) await once(line, 'close')
  return { secured, line }
}

describe('with a certificate of ours', () => {
  const own = certified()

  test('the pinned server sees it', async () => {
    const server = await asking(own)
    const { secured } = await connected(server.port, own.authority, own.fingerprint)
    expect(secured).toMatchObject({ ok: true, value: { certificate: own.fingerprint } })
    expect(server.seen).toEqual(['CN=app_admin'])
    expect(server.heard()).toContain(23)
    if (secured.ok) secured.value.socket.destroy()
  })

  test('one with another certificate of the same authority, or of another one, gets our greeting alone', async () => {
    for (const [ca, why] of [
      [own.authority, { presented: own.fingerprint }],
      [certified().authority, { detail: expect.stringMatching(/VERIFY|ISSUER|SIGNATURE/) }],
    ] as const) {
      const server = await asking(own)
      const { secured } = await connected(server.port, ca, certified().fingerprint)
      expect(secured).toMatchObject({ ok: false, error: { code: 'tls.not_trusted', ...why } })
      expect(server.heard()).toEqual([22])
      expect(server.seen).toEqual([])
    }
  })

  test('one that has no TLS 1.3 gets none: there we would have to show it first', async () => {
    const server = await asking(own, 'TLSv1.2')
    const { secured } = await connected(server.port, own.authority, own.fingerprint)
    expect(secured).toMatchObject({ ok: false })
    expect(server.heard()[0]).toBe(22)
    expect(server.heard().filter((type) => type === 22 || type === 23)).toEqual([22])
  })
})

describe('a peer of old', () => {
  const own = certified()
  const old = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  const before = { DEFAULT_MIN_VERSION: tls.DEFAULT_MIN_VERSION, DEFAULT_CIPHERS: tls.DEFAULT_CIPHERS }
  // as by `node --tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0`: what is not bounded by us takes it
  beforeEach(() => Object.assign(tls, { DEFAULT_MIN_VERSION: old.minVersion, DEFAULT_CIPHERS: old.ciphers }))
  afterEach(() => Object.assign(tls, before))

  test.each(['TLSv1', 'TLSv1.1'] as const)('that speaks %s at most is refused, where the process would take it', async (version) => {
    const server = await asking(own, version, old)
    const anybody = tls.connect({ port: server.port, host: '127.0.0.1', ca: own.authority })
    await once(anybody, 'secureConnect')
    expect(anybody.getProtocol()).toBe(version)
    anybody.on('error', () => {}).destroy()

    for (const client of [undefined, { pem: pem(), pinned: own.fingerprint }]) {
      const line = connect(server.port, '127.0.0.1').on('error', () => {})
      await once(line, 'connect')
      expect(await secureSocket(line, { host: '127.0.0.1', ca: own.authority }, client)).toMatchObject({
        error: { code: 'tls.not_trusted', detail: expect.stringMatching(/VERSION|PROTOCOL/) },
      })
    }
  })
})
