import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'

/** A fresh Ed25519 pair as raw bytes, with a signer: what the codecs themselves never make. */
export function freshPair(): { seed: Uint8Array; publicKey: Uint8Array; sign: (bytes: Uint8Array) => Uint8Array } {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' })
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' })
  return {
    seed: Uint8Array.from(Buffer.from(d, 'base64url')),
    publicKey: Uint8Array.from(Buffer.from(x, 'base64url')),
    sign: (bytes) => Uint8Array.from(sign(null, bytes, key)),
  }
}
