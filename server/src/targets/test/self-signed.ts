import { certificateFingerprint } from '../../platform/crypto/certificate.ts'
import { newP256Key, p256Signer, privateKeyPem } from '../../platform/crypto/ecdsa.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { buildCertificate, toPem } from '../../protocols/x509/index.ts'

const day = 86_400_000
const subject = 'a target of a test'

export interface SelfSigned {
  certificate: string
  key: string
  /** As it is pinned: `SHA256:<hex>`. */
  fingerprint: string
}

/** A self-signed server certificate for an IPv4 address, valid from yesterday until tomorrow. */
export function selfSigned(address: string): SelfSigned {
  const { privateKey, publicKey } = newP256Key()
  const certificate = toPem(
    buildCertificate(
      {
        ...{ issuer: subject, issuerKey: publicKey, subject, publicKey },
        ...{ serial: Buffer.concat([Buffer.from([1]), randomSecretBytes(8)]) },
        ...{ notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) },
        use: { names: [{ ip: Buffer.from(address.split('.').map(Number)) }] },
      },
      p256Signer(privateKey).sign,
    ),
  )
  return { certificate, key: privateKeyPem(privateKey), fingerprint: certificateFingerprint(certificate) }
}
