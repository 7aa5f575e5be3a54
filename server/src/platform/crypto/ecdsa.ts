import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'

/** A P-256 key pair in DER: PKCS #8 and SubjectPublicKeyInfo. */
export function newP256Key(): { privateKey: Buffer; publicKey: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }), publicKey: publicKey.export({ format: 'der', type: 'spki' }) }
}

/** `sign`: ECDSA with SHA-256, as `SEQUENCE { r, s }`; `signBare`: r and s of 32 bytes each. */
export interface P256Signer {
  publicKey: Buffer
  sign(bytes: Uint8Array): Buffer
  signBare(bytes: Uint8Array): Buffer
}

/** The uncompressed point, 65 bytes, in a SubjectPublicKeyInfo of P-256. */
export const p256Point = (publicKey: Uint8Array): Uint8Array => publicKey.subarray(-65)

export function p256Signer(privateKey: Uint8Array): P256Signer {
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' })
  return {
    publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }),
    sign: (bytes) => sign('sha256', bytes, key),
    signBare: (bytes) => sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }),
  }
}

/** A fresh pair for SSH: the private key as RFC 5915 in PEM, which SSH clients read; the public one as an uncompressed point. */
export function newP256SshPair(): { pem: Buffer; point: Uint8Array } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    pem: Buffer.from(privateKey.export({ format: 'pem', type: 'sec1' }) as string),
    point: p256Point(publicKey.export({ format: 'der', type: 'spki' })),
  }
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
