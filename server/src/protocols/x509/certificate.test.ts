import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { buildCertificate, toPem } from './index.ts'

function pair() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    spki: publicKey.export({ format: 'der', type: 'spki' }),
    sign: (bytes: Uint8Array) => sign('sha256', bytes, privateKey),
    publicKey,
  }
}
const [authority, server] = [pair(), pair()]
const [notBefore, notAfter] = [new Date(Date.now() - 60_000), new Date('2060-01-01')]
const validity = { issuer: 'Our authority', notBefore, notAfter, issuerKey: authority.spki }
const root = buildCertificate(
  { ...validity, serial: Buffer.from([0x00, 0x81]), subject: 'Our authority', publicKey: authority.spki, use: 'authority' },
  authority.sign,
)
const names = [{ dns: 'localhost' }, { ip: Buffer.from([127, 0, 0, 1]) }, { ip: Buffer.from([...Array(15).fill(0), 1]) }]
const leaf = buildCertificate(
  { ...validity, serial: Buffer.from([7]), subject: 'A door', publicKey: server.spki, use: { names } },
  authority.sign,
)

test('a certificate is what was asked for', () => {
  const read = new X509Certificate(leaf)
  expect(read.subject).toBe('CN=A door')
  expect(read.issuer).toBe('CN=Our authority')
  expect(read.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1')
  expect(read.verify(authority.publicKey)).toBe(true)
  expect(read.ca).toBe(false)
  expect(new Date(read.validTo)).toEqual(notAfter)
  expect(read.checkIssued(new X509Certificate(root))).toBe(true)
  expect(new X509Certificate(root).ca).toBe(true)
  expect(new X509Certificate(root).serialNumber).toBe('81')
})

test('OpenSSL follows the chain at its strictest, for a server of that name and for no other purpose', () => {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-x509-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'ca.pem'), toPem(root))
  writeFileSync(join(folder, 'leaf.pem'), toPem(leaf))
  const verify = (...more: string[]) =>
    execFileSync('openssl', ['verify', '-x509_strict', '-CAfile', join(folder, 'ca.pem'), ...more, join(folder, 'leaf.pem')], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  expect(verify('-purpose', 'sslserver', '-verify_hostname', 'localhost')).toMatch(/OK/)
  expect(verify('-purpose', 'sslserver', '-verify_ip', '127.0.0.1')).toMatch(/OK/)
  expect(() => verify('-purpose', 'sslclient')).toThrow()
  expect(() => verify('-verify_hostname', 'elsewhere')).toThrow()
})
