import { createHash, createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto'

export const sha256 = (bytes: Uint8Array | string): Buffer => hash('sha256', bytes, 'buffer')
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
export const hmacSha256 = (key: Uint8Array, bytes: Uint8Array | string): Buffer => createHmac('sha256', key).update(bytes).digest()

/** RFC 5869 with SHA-256; `info` names what the derived key is for. */
export const deriveKey = (key: Uint8Array, info: string, salt: Uint8Array = new Uint8Array()): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, info, 32))

/** Compares without telling by its time where the first difference is. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

/** Joins parts so that no two different lists give the same bytes: each is preceded by its length as u32be. */
export function lengthPrefixed(...parts: readonly (Uint8Array | string)[]): Buffer {
  const out: Buffer[] = []
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    out.push(length, bytes)
  }
  return Buffer.concat(out)
}
