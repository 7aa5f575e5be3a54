import { ok, type Result } from '../../kernel/result.ts'
import { blobType, cleanComment, ed25519Blob } from './public-key.ts'
import { concat, malformed, type SshKeyError, string, u32, WireReader } from './wire.ts'

const magic = new TextEncoder().encode('openssh-key-v1\0')
const begin = new TextEncoder().encode('-----BEGIN OPENSSH PRIVATE KEY-----\n')
const end = new TextEncoder().encode('-----END OPENSSH PRIVATE KEY-----\n')
const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const newline = 10
const padding = 61
/** An RSA key of 16384 bits is about 13 KiB in PEM. */
const longestPem = 32_768

/**
 * Writes an Ed25519 private key without passphrase as OpenSSH PEM, as bytes (OpenSSH's PROTOCOL.key).
 * Never passes through a JavaScript string, which could not be wiped; the pieces in between are wiped.
 *
 * `seed` and `publicKey` are 32 raw bytes each, `check` any random 32-bit number: a reader compares its two copies
 * to see whether it decrypted well.
 */
export function writeEd25519PrivateKey(key: { seed: Uint8Array; publicKey: Uint8Array; comment?: string; check: number }): Uint8Array {
  if (key.seed.length !== 32) throw new RangeError('an Ed25519 seed has 32 bytes')
  const check = u32(key.check >>> 0)
  const pair = concat(key.seed, key.publicKey)
  const pairString = string(pair)
  const fields = concat(check, check, string('ssh-ed25519'), string(key.publicKey), pairString, string(cleanComment(key.comment ?? '')))
  // the block size of cipher "none" is 8, the padding counts 1, 2, 3 …
  const pad = Uint8Array.from({ length: (8 - (fields.length % 8)) % 8 }, (_, i) => i + 1)
  const padded = concat(fields, pad)
  const secret = string(padded)
  const blob = string(ed25519Blob(key.publicKey))
  const whole = concat(magic, string('none'), string('none'), string(''), u32(1), blob, secret)
  const pem = armour(whole)
  for (const piece of [pair, pairString, fields, padded, secret, whole]) piece.fill(0)
  return pem
}

/** PEM lines of 70 characters, as OpenSSH writes them. */
function armour(bytes: Uint8Array): Uint8Array {
  const characters = Math.ceil(bytes.length / 3) * 4
  const body = new Uint8Array(characters + Math.ceil(characters / 70))
  let at = 0
  let column = 0
  const put = (character: number) => {
    body[at++] = character
    if (++column < 70) return
    body[at++] = newline
    column = 0
  }
  const symbol = (index: number) => put(alphabet[index & 63] as number)
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3)
    const here = bytes.length - i
    symbol(a >> 2)
    symbol((a << 4) | (b >> 4))
    here > 1 ? symbol((b << 2) | (c >> 6)) : put(padding)
    here > 2 ? symbol(c) : put(padding)
  }
  if (column > 0) body[at++] = newline
  const pem = concat(begin, body.subarray(0, at), end)
  body.fill(0)
  return pem
}

/** The bytes inside an OpenSSH PEM, decoded without a string; undefined when it is none. */
function unarmour(pem: Uint8Array): Uint8Array | undefined {
  if (pem.length > longestPem) return undefined
  const from = indexOf(pem, begin.subarray(0, -1))
  const to = indexOf(pem, end.subarray(0, -1))
  if (from < 0 || to < from) return undefined
  const bytes = new Uint8Array(longestPem)
  let at = 0
  let bits = 0
  let held = 0
  for (const character of pem.subarray(from + begin.length - 1, to)) {
    if (character === newline || character === 13 || character === padding) continue
    const value = alphabet.indexOf(character)
    if (value < 0) return undefined
    held = ((held << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (held >> bits) & 0xff
    }
  }
  return bytes.subarray(0, at)
}

function indexOf(haystack: Uint8Array, needle: Uint8Array): number {
  return Buffer.from(haystack.buffer, haystack.byteOffset, haystack.length).indexOf(needle)
}

/** What an OpenSSH private key says without being opened: the public blob stands outside the encrypted part. */
export interface PrivateKeyFace {
  type: string
  publicBlob: Uint8Array
  encrypted: boolean
}

/** Reads the public half of an OpenSSH private key of any type (`-----BEGIN OPENSSH PRIVATE KEY-----`). */
export function readPrivateKeyFace(pem: Uint8Array): Result<PrivateKeyFace, SshKeyError> {
  const bytes = unarmour(pem)
  if (!bytes) return malformed('not an OpenSSH private key')
  try {
    const reader = new WireReader(bytes)
    if (indexOf(reader.raw(magic.length), magic) !== 0) return malformed('not an OpenSSH private key')
    const cipher = reader.text()
    reader.string()
    reader.string()
    const count = reader.u32()
    // copied, because what it is a view of is wiped below
    const publicBlob = Uint8Array.from(reader.string())
    const secret = reader.string()
    const type = blobType(publicBlob)
    if (reader.short || count !== 1 || !type || secret.length < 8) return malformed('the private key is damaged')
    return ok({ type, publicBlob, encrypted: cipher !== 'none' })
  } finally {
    bytes.fill(0)
  }
}
