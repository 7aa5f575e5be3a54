import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

/** A certificate as it is shown: nothing of it is secret. */
interface CertificateFacts {
  subject: string
  issuer: string
  /** Names that it is for, as OpenSSL writes them: `DNS:shop.example.com`. */
  names: string[]
  notBefore: Date
  notAfter: Date
  /** SHA-256 of the certificate, `SHA256:` and small hexadecimal digits. */
  fingerprint: string
  /** SHA-256 of its public key (SubjectPublicKeyInfo), hex: the same in each certificate for one key. */
  key: string
  /** Of security, NIST SP 800-57. */
  bits: number
}

export type ChainTrouble = 'no certificate' | 'no key' | 'not of this key' | 'not one chain'

/**
 * Puts certificates into the order in which they rest on each other, the one of `key` first, each signed by the next; that all do is part of it. What the
 * parser says of what it cannot read is not passed on: it could repeat it.
 */
export function readChain(pems: readonly string[], key: string): { facts: CertificateFacts; order: number[] } | { trouble: ChainTrouble } {
  const certificates = parsed(() => pems.map((pem) => new X509Certificate(pem)))
  if (!certificates || certificates.length === 0) return { trouble: 'no certificate' }
  const own = parsed(() => createPrivateKey(key))
  if (!own) return { trouble: 'no key' }
  const first = certificates.findIndex((c) => parsed(() => c.checkPrivateKey(own)) === true)
  const leaf = certificates[first]
  if (!leaf) return { trouble: 'not of this key' }
  const order = [first]
  for (let last = leaf; order.length < certificates.length; ) {
    const next = certificates.findIndex((c, at) => !order.includes(at) && last.checkIssued(c) && last.verify(c.publicKey))
    const issuer = certificates[next]
    if (!issuer) return { trouble: 'not one chain' }
    order.push(next)
    last = issuer
  }
  return { facts: factsOf(leaf), order }
}

function parsed<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** `CN=…\nO=…` on one line, harmless and short. */
const nameOf = (text: string | undefined): string => (text ?? '').replace(/\n/g, ', ').replace(/\p{C}/gu, '?').slice(0, 256)

const factsOf = (c: X509Certificate): CertificateFacts => ({
  ...{ subject: nameOf(c.subject), issuer: nameOf(c.issuer) },
  names: (c.subjectAltName ?? '')
    .split(', ')
    .filter((name) => name !== '')
    .map(nameOf)
    .slice(0, 50),
  ...{ notBefore: new Date(c.validFrom), notAfter: new Date(c.validTo) },
  fingerprint: `SHA256:${c.fingerprint256.replaceAll(':', '').toLowerCase()}`,
  key: createHash('sha256')
    .update(c.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex'),
  bits: bitsOf(c.publicKey),
})

function bitsOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): number {
  if (type === 'rsa' || type === 'rsa-pss') {
    const size = details?.modulusLength ?? 0
    return size >= 3072 ? 128 : size >= 2048 ? 112 : 80
  }
  if (type === 'ec') return details?.namedCurve === 'secp384r1' ? 192 : details?.namedCurve === 'secp521r1' ? 256 : 128
  return type === 'ed25519' ? 128 : type === 'ed448' ? 224 : 0
}
