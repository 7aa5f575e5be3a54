import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'

/** A P-256 key pair in DER: PKCS #8 and SubjectPublicKeyInfo. */
export function newP256Key(): { privateKey: Buffer; publicKey: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }), publicKey: publicKey.export({ format: 'der', type: 'spki' }) }
}

/** `sign`: ECDSA with SHA-256, as `SEQUENCE { r, s }`. */
export interface P256Signer {
  publicKey: Buffer
  sign(bytes: Uint8Array): Buffer
}

export function p256Signer(privateKey: Uint8Array): P256Signer {
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' })
  return { publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }), sign: (bytes) => sign('sha256', bytes, key) }
}

/** PKCS #8 as PEM, for TLS. */
export const privateKeyPem = (privateKey: Uint8Array): string =>
  createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }) as string

/** The same key in its one canonical form, when `bytes` are a P-256 public key. */
export function readP256PublicKey(bytes: Uint8Array): Buffer | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined
    return key.export({ format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}
