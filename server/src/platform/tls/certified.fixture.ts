import { isIP } from 'node:net'
import { buildCertificate, toPem } from '../../protocols/x509/index.ts'
import { certificateFingerprint } from '../crypto/certificate.ts'
import { newP256Key, p256Signer, privateKeyPem } from '../crypto/ecdsa.ts'
import { randomSecretBytes } from '../crypto/random.ts'

const dayMs = 24 * 60 * 60_000

/** For tests: an authority, and a server's certificate of it for one name or IPv4 address, good from yesterday until tomorrow. All in PEM, and its fingerprint as it is pinned. */
export function certified(host = '127.0.0.1'): { authority: string; certificate: string; key: string; fingerprint: string } {
  const issuer = newP256Key()
  const server = newP256Key()
  const { sign } = p256Signer(issuer.privateKey)
  const common = {
    ...{ issuer: 'authority of a test', issuerKey: issuer.publicKey },
    ...{ notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) },
  }
  const serial = () => Buffer.concat([Buffer.from([1]), randomSecretBytes(15)])
  const name = isIP(host) === 4 ? { ip: Buffer.from(host.split('.').map(Number)) } : { dns: host }
  const authority = { ...common, serial: serial(), subject: common.issuer, publicKey: issuer.publicKey, use: 'authority' } as const
  const certificate = toPem(
    buildCertificate({ ...common, serial: serial(), subject: 'a server', publicKey: server.publicKey, use: { names: [name] } }, sign),
  )
  return {
    authority: toPem(buildCertificate(authority, sign)),
    certificate,
    key: privateKeyPem(server.privateKey),
    fingerprint: certificateFingerprint(certificate),
  }
}
