import type { DoorCertificate } from '../gateways/postgres/index.ts'
import { newP256Key, p256Signer, privateKeyPem } from '../platform/crypto/ecdsa.ts'
import { randomSecretBytes } from '../platform/crypto/random.ts'
import { buildCertificate, toPem } from '../protocols/x509/index.ts'

const dayMs = 24 * 60 * 60_000

/**
 * What the PostgreSQL door shows while the authority's key is sealed and this process never had a certificate of it: one that nobody signed but
 * itself, and which says so. It proves nothing; it lets clients that check no certificate hear the sentence.
 */
export function standInCertificate(): DoorCertificate {
  const { privateKey, publicKey } = newP256Key()
  const { sign } = p256Signer(privateKey)
  const name = 'Claviger is sealed'
  const now = Date.now()
  const certificate = buildCertificate(
    {
      ...{ serial: Buffer.concat([Buffer.from([1]), randomSecretBytes(15)]), issuer: name, subject: name, publicKey, issuerKey: publicKey },
      ...{ notBefore: new Date(now - 60_000), notAfter: new Date(now + 365 * dayMs), use: { names: [{ dns: 'localhost' }] } },
    },
    sign,
  )
  const pem = privateKeyPem(privateKey)
  privateKey.fill(0)
  return { certificate: toPem(certificate), privateKey: pem }
}
