import { X509Certificate } from 'node:crypto'

/** How a certificate in PEM is pinned: `SHA256:` and the hash of it in small hexadecimal digits. Throws when it is none. */
export const certificateFingerprint = (pem: string): string =>
  `SHA256:${new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()}`
