import { createCipheriv, createDecipheriv } from 'node:crypto'
import { keyOf } from './hash.ts'

/*
 * AES-256-GCM as it is, for formats that keep their own nonces. Whoever calls this promises that no nonce repeats under a key.
 * What has no such order of its own uses `seal` in sealed.ts, with random nonces.
 */
const algorithm = 'aes-256-gcm'
export const tagLength = 16

/** Ciphertext and tag, behind `before` as it is: large ones are copied once. `key` has 32 bytes, `nonce` 12. */
export function sealAead(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  plain: Uint8Array,
  before: Uint8Array = new Uint8Array(),
): Buffer {
  const cipher = createCipheriv(algorithm, keyOf(key), nonce, { authTagLength: tagLength })
  cipher.setAAD(associated)
  return Buffer.concat([before, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** What comes in parts, perhaps at different times: `update` gives the ciphertext of each, `tag` what stands behind the last. */
export function sealAeadParts(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
): { update(plain: Uint8Array): Buffer; tag(): Buffer } {
  const cipher = createCipheriv(algorithm, keyOf(key), nonce, { authTagLength: tagLength })
  cipher.setAAD(associated)
  return {
    update: (plain) => cipher.update(plain),
    tag() {
      // nothing is left for `final` to give, but the tag is made by it
      cipher.final()
      return cipher.getAuthTag()
    },
  }
}

/** Undefined when the tag does not match: another key, another place, or changed bytes. */
export function openAead(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Buffer | undefined {
  if (sealed.length < tagLength) return undefined
  const decipher = createDecipheriv(algorithm, keyOf(key), nonce, { authTagLength: tagLength })
  decipher.setAAD(associated)
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength))
  const plain = decipher.update(sealed.subarray(0, sealed.length - tagLength))
  try {
    return Buffer.concat([plain, decipher.final()])
  } catch {
    plain.fill(0)
    return undefined
  }
}
