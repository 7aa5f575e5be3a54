import { fail, ok, type Result } from '../../kernel/result.ts'
import { sha256OfSecret } from '../../platform/crypto/hash.ts'

/*
 * A share as people keep and type it (docs/formats.md): `clvs-` and groups of five letters and digits of Crockford's base32, of these bytes:
 *
 *   u8 version = 1 | 5 bytes set | u8 threshold | u8 shares | u8 number (from 1) | 33 bytes value | 4 bytes checksum
 *
 * Read and written as bytes: a string could not be wiped.
 */
export interface Share {
  /** Hex of five random bytes: which ceremony made it. */
  set: string
  threshold: number
  shares: number
  number: number
  /** What the sharing library made: 32 bytes and the coordinate. */
  value: Buffer
}

export type ShareFault = 'malformed' | 'mistyped' | 'newer'

const version = 1
const valueLength = 33
const checksumLength = 4
const headLength = 9
const length = headLength + valueLength + checksumLength
const letters = Math.ceil((length * 8) / 5)
const alphabet = Buffer.from('0123456789abcdefghjkmnpqrstvwxyz')
const prefix = Buffer.from('clvs')
const group = 5

const values = new Uint8Array(256).fill(255)
for (const [value, letter] of alphabet.entries()) {
  values[letter] = value
  values[String.fromCharCode(letter).toUpperCase().charCodeAt(0)] = value
}
// letters that are taken for digits
for (const [written, meant] of ['i1', 'I1', 'l1', 'L1', 'o0', 'O0']) values[String(written).charCodeAt(0)] = Number(meant)

const checksum = (bytes: Uint8Array): Buffer => sha256OfSecret(Buffer.from('claviger/share/v1\n'), bytes).subarray(0, checksumLength)

/** The text, as bytes: whoever calls it wipes them. */
export function writeShare(share: Share): Buffer {
  const bytes = Buffer.alloc(length)
  bytes[0] = version
  bytes.write(share.set, 1, 'hex')
  bytes.set([share.threshold, share.shares, share.number], 6)
  bytes.set(share.value, headLength)
  bytes.set(checksum(bytes.subarray(0, length - checksumLength)), length - checksumLength)
  const text = Buffer.alloc(prefix.length + letters + Math.ceil(letters / group))
  prefix.copy(text)
  let at = prefix.length
  for (let i = 0; i < letters; i++) {
    if (i % group === 0) text[at++] = 0x2d
    text[at++] = alphabet[bitsAt(bytes, i * 5)] as number
  }
  bytes.fill(0)
  return text
}

/** The five bits from `bit` on; beyond the end they are zero. */
function bitsAt(bytes: Uint8Array, bit: number): number {
  const pair = ((bytes[bit >> 3] as number) << 8) | (bytes[(bit >> 3) + 1] ?? 0)
  return (pair >> (11 - (bit & 7))) & 31
}

/** Reads what somebody typed: any case, hyphens and spaces anywhere, I and L for 1, O for 0. */
export function readShare(text: Uint8Array): Result<Share, ShareFault> {
  const bytes = Buffer.alloc(length)
  try {
    const typed = [...text].filter((byte) => byte > 0x20 && byte !== 0x2d)
    const hasPrefix = prefix.every((letter, i) => ((typed[i] ?? 0) | 0x20) === letter)
    const body = hasPrefix ? typed.slice(prefix.length) : typed
    if (body.length !== letters) return fail('malformed')
    for (const [i, letter] of body.entries()) {
      const value = values[letter] as number
      if (value > 31) return fail('mistyped')
      const bit = i * 5
      const shifted = value << (11 - (bit & 7))
      bytes[bit >> 3] = (bytes[bit >> 3] as number) | (shifted >> 8)
      if ((bit >> 3) + 1 < length) bytes[(bit >> 3) + 1] = (bytes[(bit >> 3) + 1] as number) | (shifted & 255)
      // the two bits behind the last byte
      else if ((shifted & 255) !== 0) return fail('mistyped')
    }
    typed.fill(0)
    body.fill(0)
    if (!checksum(bytes.subarray(0, length - checksumLength)).equals(bytes.subarray(length - checksumLength))) return fail('mistyped')
    if (bytes[0] !== version) return fail('newer')
    const [threshold = 0, shares = 0, number = 0] = bytes.subarray(6, headLength)
    if (threshold < 2 || threshold > shares || number < 1 || number > shares) return fail('malformed')
    const value = Buffer.from(bytes.subarray(headLength, headLength + valueLength))
    return ok({ set: bytes.toString('hex', 1, 6), threshold, shares, number, value })
  } finally {
    bytes.fill(0)
  }
}
