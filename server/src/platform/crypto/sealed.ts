import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { keyOf, lengthPrefixed } from './hash.ts'

/*
 * Ciphertext format 1 (docs/formats.md): u8 format = 1 | u8 algorithm = 1 (AES-256-GCM) | u8 n | n bytes key id |
 * 12 bytes nonce (random) | ciphertext | 16 bytes tag. The head up to the nonce and the place are authenticated.
 */

/** Where a ciphertext belongs. Moved anywhere else it does not open. */
export interface Place {
  purpose: string
  location: string
  id: string
  version: number
}

const format = 1
const aes256gcm = 1
const nonceLength = 12
const tagLength = 16

const placeBytes = (head: Uint8Array, at: Place): Buffer => lengthPrefixed(head, at.purpose, at.location, at.id, String(at.version))

export function seal(key: Uint8Array, keyId: string, at: Place, plain: Uint8Array): Buffer {
  const id = Buffer.from(keyId, 'utf8')
  if (id.length > 255) throw new RangeError('a key id has at most 255 bytes')
  const head = Buffer.concat([Buffer.from([format, aes256gcm, id.length]), id])
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', keyOf(key), nonce, { authTagLength: tagLength })
  cipher.setAAD(placeBytes(head, at))
  return Buffer.concat([head, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Names the key that a ciphertext was sealed under, without opening it; undefined when it is no ciphertext of ours. */
export function keyIdOf(sealed: Uint8Array): string | undefined {
  const length = sealed[2]
  if (sealed[0] !== format || sealed[1] !== aes256gcm || length === undefined || sealed.length < 3 + length + nonceLength + tagLength)
    return undefined
  return Buffer.from(sealed.subarray(3, 3 + length)).toString('utf8')
}

export type OpenFailure = { code: 'crypto.not_ours' } | { code: 'crypto.does_not_open' }

export function open(key: Uint8Array, at: Place, sealed: Uint8Array): Result<Buffer, OpenFailure> {
  if (keyIdOf(sealed) === undefined) return fail({ code: 'crypto.not_ours' })
  const headLength = 3 + (sealed[2] as number)
  const nonce = sealed.subarray(headLength, headLength + nonceLength)
  const body = sealed.subarray(headLength + nonceLength, sealed.length - tagLength)
  const decipher = createDecipheriv('aes-256-gcm', keyOf(key), nonce, { authTagLength: tagLength })
  decipher.setAAD(placeBytes(sealed.subarray(0, headLength), at))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagLength))
  // in GCM all of it comes here and nothing after: joining the two would leave a copy behind
  const plain = decipher.update(body)
  try {
    decipher.final()
    return ok(plain)
  } catch {
    plain.fill(0)
    // the tag did not match: another key, another place or changed bytes; which one cannot be told apart
    return fail({ code: 'crypto.does_not_open' })
  }
}
