import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  buildUserCertificate,
  ed25519Blob,
  ed25519CertificateType,
  fingerprint,
  formatPublicKeyLine,
  p256Blob,
  p256CertificateType,
  parsePublicKeyLine,
  parseUserCertificate,
  readPrivateKeyFace,
  writeEd25519PrivateKey,
} from './index.ts'
import { freshPair } from './keys.fixture.ts'

interface EcPair {
  publicKey: KeyObject
  privateKey: KeyObject
}

const folder = mkdtempSync(join(tmpdir(), 'claviger-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))
const keygen = (...args: string[]) =>
  execFileSync('ssh-keygen', args, { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH, TZ: 'UTC' } })
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content, { mode: 0o600 })
  return name
}
const get = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

describe('ssh-keygen agrees', () => {
  test.each([
    ['ed25519', []],
    ['rsa', ['-b', '2048']],
    ['ecdsa', ['-b', '384']],
  ])('on the fingerprint and the public half of its own %s keys', (type, more) => {
    keygen('-q', '-t', type, ...more, '-N', '', '-C', 'ann@laptop', '-f', type)
    const key = get(parsePublicKeyLine(readFileSync(join(folder, `${type}.pub`), 'utf8')))
    expect(key.comment).toBe('ann@laptop')
    expect(keygen('-l', '-f', `${type}.pub`)).toContain(` ${fingerprint(key.blob)} ann@laptop`)
    expect(formatPublicKeyLine(key)).toBe(readFileSync(join(folder, `${type}.pub`), 'utf8').trim())
    expect(get(readPrivateKeyFace(readFileSync(join(folder, type))))).toEqual({ type: key.type, publicBlob: key.blob, encrypted: false })
  })

  test('that a key with a passphrase is encrypted', () => {
    keygen('-q', '-t', 'ed25519', '-N', 'a passphrase', '-f', 'locked')
    expect(readPrivateKeyFace(readFileSync(join(folder, 'locked')))).toMatchObject({ ok: true, value: { encrypted: true } })
  })

  test.each(['', 'a', 'ab', 'abc', 'abcd', 'abcde', 'abcdef', 'abcdefg', 'deploy@web01, made by claviger'])(
    'on the public half of a private key that we wrote, with comment %j',
    (comment) => {
      const pair = freshPair()
      file('written', writeEd25519PrivateKey({ ...pair, comment, check: 4_000_000_000 }))
      expect(keygen('-y', '-f', 'written').trim()).toBe(
        formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(pair.publicKey), comment }),
      )
    },
  )

  test('on every field of a certificate that we built', async () => {
    const authority = freshPair()
    const certified = freshPair()
    const blob = await buildUserCertificate(
      {
        nonce: new Uint8Array(32).fill(3),
        publicKey: certified.publicKey,
        serial: 18_446_744_073_709_551_615n,
        keyId: 'alice after her code',
        principals: ['alice', 'alice@laptop'],
        validAfter: 1_767_225_600n,
        validBefore: 1_767_226_320n,
        criticalOptions: [
          { name: 'source-address', value: '127.0.0.1/32' },
          { name: 'force-command', value: 'true' },
        ],
        extensions: [{ name: 'permit-pty' }],
        authority: ed25519Blob(authority.publicKey),
      },
      authority.sign,
    )
    file('alice-cert.pub', `${formatPublicKeyLine({ type: ed25519CertificateType, blob })}\n`)
    const said = keygen('-L', '-f', 'alice-cert.pub')
    expect(said).toContain(`Public key: ED25519-CERT ${fingerprint(ed25519Blob(certified.publicKey))}`)
    expect(said).toContain(`Signing CA: ED25519 ${fingerprint(ed25519Blob(authority.publicKey))} (using ssh-ed25519)`)
    expect(said).toContain('Key ID: "alice after her code"')
    expect(said).toContain('Serial: 18446744073709551615')
    expect(said).toContain('Valid: from 2026-01-01T00:00:00 to 2026-01-01T00:12:00')
    expect(said).toMatch(
      /Principals: \s+alice\s+alice@laptop\s+Critical Options: \s+force-command true\s+source-address 127.0.0.1\/32\s+Extensions: \s+permit-pty/,
    )
  })

  test('on a certificate of a key on P-256, by an authority on P-256', async () => {
    const [ca, key] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' })) as [EcPair, EcPair]
    const blobOf = ({ publicKey }: EcPair) => p256Blob(publicKey.export({ format: 'der', type: 'spki' }).subarray(-65))
    const blob = await buildUserCertificate(
      {
        ...{ nonce: new Uint8Array(32).fill(3), publicKey: blobOf(key).subarray(-65), serial: 7n, keyId: 'k', principals: ['root'] },
        ...{ validAfter: 1_767_225_600n, validBefore: 1_767_226_320n, criticalOptions: [], extensions: [], authority: blobOf(ca) },
      },
      (bytes) => sign('sha256', bytes, { key: ca.privateKey, dsaEncoding: 'ieee-p1363' }),
    )
    file('p256-cert.pub', `${formatPublicKeyLine({ type: p256CertificateType, blob })}\n`)
    const said = keygen('-L', '-f', 'p256-cert.pub')
    expect(said).toContain(`Public key: ECDSA-CERT ${fingerprint(blobOf(key))}`)
    expect(said).toContain(`Signing CA: ECDSA ${fingerprint(blobOf(ca))} (using ecdsa-sha2-nistp256)`)
  })

  test('with us on every field of a certificate that it built', () => {
    keygen('-q', '-t', 'ed25519', '-N', '', '-f', 'ca')
    keygen('-q', '-t', 'ed25519', '-N', '', '-f', 'bob')
    keygen(
      '-q',
      '-s',
      'ca',
      '-I',
      'bob at night',
      '-n',
      'bob,root',
      '-z',
      '42',
      '-V',
      '20260101000000Z:20260101001200Z',
      '-O',
      'clear',
      '-O',
      'force-command=uptime',
      '-O',
      'permit-pty',
      'bob.pub',
    )
    const line = get(parsePublicKeyLine(readFileSync(join(folder, 'bob-cert.pub'), 'utf8')))
    expect(get(parseUserCertificate(line.blob))).toMatchObject({
      keyId: 'bob at night',
      serial: 42n,
      principals: ['bob', 'root'],
      validAfter: 1_767_225_600n,
      validBefore: 1_767_226_320n,
      criticalOptions: [{ name: 'force-command', value: 'uptime' }],
      extensions: [{ name: 'permit-pty' }],
      authority: get(parsePublicKeyLine(readFileSync(join(folder, 'ca.pub'), 'utf8'))).blob,
    })
  })
})
