import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import type { Credential } from '../contract.ts'
import { postgres } from './index.ts'

const password = 'Xk3vQ9-only-for-this-test'
const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })
const credential = (): Credential => ({ kind: 'password', secret: Secret.fromText(password) })
const pinned = { proof: 'scram-server-signature' }

const message = (type: string, ...parts: (string | Buffer)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}
const authentication = (code: number, ...rest: (string | Buffer)[]): Buffer => message('R', Buffer.from([0, 0, 0, code]), ...rest)
const ready = message('Z', 'I')

/** A server that says `answers` one after the other, each when something new came, and keeps all that it heard. */
async function fakeServer(...answers: ((heard: string) => Buffer)[]) {
  const heard: Buffer[] = []
  const ends: Promise<unknown>[] = []
  const serve = (socket: Socket): void => {
    let at = 0
    ends.push(once(socket, 'close'))
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        heard.push(chunk)
        const answer = answers[at++]
        if (answer) socket.write(answer(chunk.toString('latin1')))
      })
  }
  const server = createServer(serve)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const opened = postgres.open({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: 'off-scram' }, dial)
  if (!opened.ok) throw new Error('the settings are good')
  return { target: opened.value, heard: () => Buffer.concat(heard).toString('latin1'), closed: () => Promise.all(ends) }
}

/** What a startup message holds: names, and nothing that proves an account. */
const startupOnly = (heard: string): boolean =>
  heard.length === heard.charCodeAt(2) * 256 + heard.charCodeAt(3) && heard.includes('user\0app_admin\0')

/** SCRAM up to the end by somebody who does not know the verifier. */
const scramFirst = (heard: string): Buffer => {
  const nonce = /r=([^,\0]+)$/.exec(heard)?.[1] ?? ''
  return authentication(11, `r=${nonce}impostor,s=${Buffer.from('sixteen bytes :)').toString('base64')},i=4096`)
}
const sasl = (): Buffer => authentication(10, 'SCRAM-SHA-256\0\0')
const wrongSignature = (): Buffer =>
  Buffer.concat([authentication(12, `v=${Buffer.alloc(32, 1).toString('base64')}`), authentication(0), ready])

describe('an impostor', () => {
  test.each([
    [
      'asks for the password in clear text',
      'the password in clear text',
      [() => authentication(3), () => Buffer.concat([authentication(0), ready])],
    ],
    [
      'asks for the password as MD5',
      'the password as MD5',
      [() => authentication(5, 'salt'), () => Buffer.concat([authentication(0), ready])],
    ],
    ['says yes to everything', 'a login without any proof', [() => Buffer.concat([authentication(0), ready]), () => ready, () => ready]],
    ['asks for Kerberos', 'GSSAPI', [() => authentication(7)]],
    ['offers another mechanism only', 'SASL with PLAIN', [() => authentication(10, 'PLAIN\0\0')]],
    ['offers no mechanism', 'SASL with ', [() => authentication(10, '\0')]],
  ] as const)('that %s gets nothing', async (_what, presented, answers) => {
    const { target, heard, closed } = await fakeServer(...answers)
    expect(await target.verify(pinned, { account: 'app_admin', credential: credential() })).toMatchObject({
      ok: false,
      error: { code: 'target.impostor', presented },
    })
    await closed()
    expect(startupOnly(heard())).toBe(true)
  })

  test.each([
    ['shows a wrong server signature', 'a wrong server signature', [sasl, scramFirst, wrongSignature]],
    [
      'lets us in without showing a signature',
      'a login without any proof',
      [sasl, scramFirst, () => Buffer.concat([authentication(0), ready])],
    ],
    ['lets us in before the exchange', 'a login without any proof', [sasl, () => Buffer.concat([authentication(0), ready])]],
    ['falls back to clear text in the middle', 'the password in clear text', [sasl, () => authentication(3)]],
    ['falls back to clear text after our proof', 'the password in clear text', [sasl, scramFirst, () => authentication(3)]],
    [
      'uses a nonce that is not ours',
      'a nonce that is not ours',
      [sasl, () => authentication(11, 'r=mine,s=c2l4dGVlbiBieXRlcyA6KQ==,i=4096')],
    ],
  ] as const)('that %s never hears the password and no statement', async (_what, presented, answers) => {
    const { target, heard } = await fakeServer(...answers)
    const next = { kind: 'password', secret: Secret.fromText('the next password') } as const
    const as = { account: 'app_admin', credential: credential() }
    expect(await target.verify(pinned, as)).toMatchObject({ ok: false, error: { code: 'target.impostor', presented } })
    expect(await target.rotate?.(pinned, as, 'app_admin', next)).toMatchObject({ ok: false, error: { code: 'target.impostor' } })
    const all = heard()
    expect(all).not.toContain(password)
    expect(all).not.toContain('alter role')
    expect(all).not.toContain('the next password')
  })

  test('that demands one round of SCRAM gets no proof to guess from', async () => {
    const { target, heard } = await fakeServer(sasl, (said) =>
      Buffer.from(scramFirst(said).toString('latin1').replace('i=4096', 'i=0001'), 'latin1'),
    )
    expect(await target.verify(pinned, { account: 'app_admin', credential: credential() })).toMatchObject({
      ok: false,
      error: { code: 'target.impostor' },
    })
    expect(heard()).not.toContain(',p=')
  })

  test('that offers no TLS, where TLS is pinned, hears not even a name', async () => {
    const server = await fakeServer(
      () => Buffer.from('N'),
      () => authentication(3),
    )
    const opened = postgres.open({ host: '127.0.0.1', port: server.target.address.port }, dial)
    if (!opened.ok) throw new Error('the settings are good')
    const identity = { proof: 'tls-certificate', certificate: 'SHA256:00' }
    expect(await opened.value.verify(identity, { account: 'app_admin', credential: credential() })).toMatchObject({
      ok: false,
      error: { code: 'target.impostor', presented: 'no TLS' },
    })
    expect(await opened.value.identify()).toMatchObject({ ok: false, error: { code: 'target.impostor' } })
    expect(server.heard()).not.toContain('app_admin')
  })

  test('that slips clear text behind its yes to TLS is found out', async () => {
    const server = await fakeServer(() => Buffer.concat([Buffer.from('S'), authentication(0), ready]))
    const opened = postgres.open({ host: '127.0.0.1', port: server.target.address.port }, dial)
    expect(opened.ok && (await opened.value.identify())).toMatchObject({
      error: { code: 'target.impostor', presented: 'clear text behind its answer' },
    })
  })

  test('cannot be met by a target whose pinned identity is for the other way of connecting', async () => {
    const { target, heard } = await fakeServer(sasl)
    for (const identity of [{ proof: 'tls-certificate', certificate: 'SHA256:00' }, {}, { proof: 'anything' }]) {
      expect(await target.verify(identity, { account: 'app_admin', credential: credential() })).toMatchObject({
        error: { code: 'target.impostor' },
      })
    }
    expect(heard()).toBe('')
  })
})

describe('a server that speaks nonsense', () => {
  test.each([
    ['a message without end', () => Buffer.concat([Buffer.from('R'), Buffer.from([0x7f, 0xff, 0xff, 0xff]), Buffer.alloc(4)])],
    ['a message shorter than its own length', () => Buffer.from([0x52, 0, 0, 0, 0])],
    ['another protocol', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['notices without end', () => Buffer.concat(Array.from({ length: 60 }, () => message('N', '\0')))],
  ])('with %s ends as a protocol failure', async (_what, answer) => {
    const { target } = await fakeServer(answer)
    const result = await target.verify(pinned, { account: 'app_admin', credential: credential() })
    expect(result).toMatchObject({ ok: false, error: { code: 'target.protocol' } })
  })

  test('is not answered when nothing listens', async () => {
    const opened = postgres.open({ host: '127.0.0.1', port: 1, tls: 'off-scram' }, dial)
    expect(opened.ok && (await opened.value.identify())).toMatchObject({ error: { code: 'target.unreachable' } })
  })
})

describe('settings', () => {
  test.each([
    ['a host that is none', { host: 'a b' }],
    ['a host that is a path', { host: '/var/run/postgresql' }],
    ['a port that is none', { host: 'db', port: 0 }],
    ['an unknown field', { host: 'db', sslmode: 'disable' }],
    ['a way without TLS and without SCRAM', { host: 'db', tls: 'off' }],
    ['an authority without TLS', { host: 'db', tls: 'off-scram', ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }],
    ['an authority that is no certificate', { host: 'db', ca: 'trust me' }],
  ])('refuse %s', (_what, settings) => {
    expect(postgres.open(settings, dial)).toMatchObject({ ok: false, error: { code: 'target.settings_invalid' } })
  })

  test('demand TLS unless told otherwise', () => {
    expect(postgres.open({ host: '::1' }, dial)).toMatchObject({ ok: true, value: { address: { host: '::1', port: 5432 } } })
  })
})
