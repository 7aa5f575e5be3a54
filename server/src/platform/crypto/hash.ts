import { createHash, createHmac, createSecretKey, hash, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'

/** By way of its text: Node makes a buffer of its own for each digest three times slower. */
export const sha256 = (bytes: Uint8Array | string): Buffer => Buffer.from(hash('sha256', bytes, 'hex'), 'hex')
/** Of what comes in parts; once `hex` was asked nothing more can be added. */
export function sha256OfParts(): { update(bytes: Uint8Array): void; hex(): string } {
  const running = createHash('sha256')
  return { update: (bytes) => void running.update(bytes), hex: () => running.digest('hex') }
}
/** Of several parts, one of them secret: what joins them is wiped. */
export function sha256OfSecret(...parts: readonly Uint8Array[]): Buffer {
  const joined = Buffer.concat(parts)
  const digest = sha256(joined)
  joined.fill(0)
  return digest
}
/** What ciphers and HMACs take: from bare bytes Node 24 first finds out that they are no key object, which takes longer than the work itself. */
export const keyOf = (bytes: Uint8Array): KeyObject => createSecretKey(bytes)

/** Who makes many under one key hands over a key object. */
export const hmacSha256 = (key: Uint8Array | KeyObject, bytes: Uint8Array | string): Buffer =>
  createHmac('sha256', key instanceof Uint8Array ? keyOf(key) : key)
    .update(bytes)
    .digest()

/** RFC 5869 with SHA-256; `info` names what the derived key is for. */
export const deriveKey = (key: Uint8Array, info: string, salt: Uint8Array = new Uint8Array()): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, info, 32))

/** Compares without telling by its time where the first difference is. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

/** Joins parts so that no two different lists give the same bytes: each is preceded by its length as u32be. */
export function lengthPrefixed(...parts: readonly (Uint8Array | string)[]): Buffer {
  const out: Uint8Array[] = []
  for (const part of parts) {
    // no copy: a part may be a secret, and who wipes the whole cannot wipe that
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    out.push(length, bytes)
  }
  return Buffer.concat(out)
}
