import { createSecureContext, type SecureContext } from 'node:tls'
import type { Secret } from '../../kernel/secret.ts'
import { validityOf } from '../../protocols/x509/index.ts'

/** With what a client proves itself under TLS, and to which server alone. */
export interface ClientCertificate {
  /** A certificate, those that it rests on and its private key, in PEM. */
  pem: Secret
  /** SHA-256 of the server's certificate, as `SecuredSocket.certificate`: whoever shows another one hears nothing of ours. */
  pinned: string
}

/** Why a certificate is not used, as the end of a sentence; undefined while it is good. */
export async function whyUnusable(pem: Secret, now: Date): Promise<string | undefined> {
  const validity = await pem.lend('log-in-to-target', validityOf)
  if (!validity) return 'it cannot be read'
  const day = (at: Date) => `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
  if (validity.notAfter <= now) return `it was good until ${day(validity.notAfter)}`
  return validity.notBefore > now ? `it is not good before ${day(validity.notBefore)}` : undefined
}

/**
 * TLS 1.3 alone: there a client shows its certificate after it saw the server's, in the one flight that ends its part, so that a server which is
 * not the pinned one gets none of it (`secureSocket`), and nobody on the way reads who logs in. OpenSSL has the key from here on.
 */
export async function contextWith({ pem }: ClientCertificate, ca: string | undefined): Promise<SecureContext | undefined> {
  return await pem.lend('log-in-to-target', (bytes) => {
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    try {
      return createSecureContext({ cert: whole, key: whole, minVersion: 'TLSv1.3', ...(ca && { ca }) })
    } catch {
      return undefined // what OpenSSL says of it could repeat it
    }
  })
}
