import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'

/** The signatures that we take from authenticators. Windows knows the last one alone on some machines. */
export const passkeyAlgorithms = ['ES256', 'EdDSA', 'RS256'] as const
export type PasskeyAlgorithm = (typeof passkeyAlgorithms)[number]

const smallestRsa = 2048
const largestRsa = 4096

function keyFits(key: KeyObject, algorithm: string): boolean {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (algorithm === 'ES256') return key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1'
  if (algorithm === 'EdDSA') return key.asymmetricKeyType === 'ed25519'
  return algorithm === 'RS256' && key.asymmetricKeyType === 'rsa' && modulusLength >= smallestRsa && modulusLength <= largestRsa
}

/** A public key as SubjectPublicKeyInfo in DER, base64; undefined when it is none of this algorithm. */
export function passkeyFromJwk(jwk: JsonWebKey, algorithm: PasskeyAlgorithm): string | undefined {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return keyFits(key, algorithm) ? key.export({ format: 'der', type: 'spki' }).toString('base64') : undefined
  } catch {
    return undefined
  }
}

function passkeyFrom(spki: string, algorithm: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
    return keyFits(key, algorithm) ? key : undefined
  } catch {
    return undefined
  }
}

/** Whether this is a key of this algorithm, in its one canonical form. */
export const isPasskeyKey = (spki: string, algorithm: string): boolean =>
  passkeyFrom(spki, algorithm)?.export({ format: 'der', type: 'spki' }).toString('base64') === spki

/** ECDSA signatures come as `SEQUENCE { r, s }`. */
export function verifyPasskey({ spki, algorithm }: { spki: string; algorithm: string }, bytes: Uint8Array, signature: Uint8Array): boolean {
  const key = passkeyFrom(spki, algorithm)
  try {
    return key !== undefined && verify(algorithm === 'EdDSA' ? null : 'sha256', bytes, key, signature)
  } catch {
    return false
  }
}
