import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'

/** RFC 8032 keys as their 32 raw bytes; node's key objects inside. */
export interface SigningKey {
  publicKey: Buffer
  sign(bytes: Uint8Array): Buffer
}

const seedPrefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex')

const rawPublic = (key: KeyObject): Buffer => createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length)

export function newSeed(): Buffer {
  const { privateKey } = generateKeyPairSync('ed25519')
  const der = privateKey.export({ format: 'der', type: 'pkcs8' })
  const seed = Buffer.from(der.subarray(seedPrefix.length))
  der.fill(0)
  return seed
}

export function signingKey(seed: Uint8Array): SigningKey {
  const der = Buffer.concat([seedPrefix, seed])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  der.fill(0)
  return { publicKey: rawPublic(key), sign: (bytes) => sign(null, bytes, key) }
}

export const verifyEd25519 = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean =>
  publicKey.length === 32 &&
  verify(null, bytes, createPublicKey({ key: Buffer.concat([publicPrefix, publicKey]), format: 'der', type: 'spki' }), signature)
