import { createHash, type X509Certificate } from 'node:crypto'

/** By which hash the certificate was signed, as OpenSSL names algorithms. MD5 and SHA-1 count as SHA-256, RFC 5929 section 4.1. */
const signedBy = /^ecdsa-with-(SHA\d+)$|^(md5|sha\d+)WithRSAEncryption$/

/**
 * `tls-server-end-point` (RFC 5929 section 4): the hash of the server's certificate by the hash of its signature. Undefined where
 * the signature has no hash of its own (Ed25519) or says it elsewhere (RSA-PSS): then nothing can be tied to it.
 */
export function serverEndPoint(certificate: X509Certificate): Buffer | undefined {
  const [, ecdsa, rsa] = signedBy.exec(certificate.signatureAlgorithm ?? '') ?? []
  const hash = (ecdsa ?? rsa)?.toLowerCase()
  if (hash === undefined) return undefined
  return createHash(/^(md5|sha1)$/.test(hash) ? 'sha256' : hash)
    .update(certificate.raw)
    .digest()
}
