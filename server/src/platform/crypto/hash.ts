import { createHash, createHmac, createSecretKey, getFips, hash, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto'

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

/** Makes HMACs with SHA-256 under one key, thousands a second. Whoever has it wipes it: it holds what the key is worth. */
export interface Hmac {
  of(bytes: Uint8Array): Buffer
  wipe(): void
}

const block = 64
const digest = 32

/**
 * By RFC 2104, section 2: H(K XOR opad, H(K XOR ipad, text)), from two hashes in one call each, since an object that hashes takes three times as long to
 * make, and as long again to collect. In the FIPS profile the provider's own HMAC, which is what was validated.
 */
export function hmacUnder(key: Uint8Array): Hmac {
  if (key.length > block) throw new RangeError('a key for HMACs that is longer than a block of the hash')
  if (getFips() === 1) {
    let made: KeyObject | undefined = keyOf(key)
    return {
      of(bytes) {
        if (!made) throw new Error('this key was wiped already')
        return hmacSha256(made, bytes)
      },
      wipe() {
        made = undefined
      },
    }
  }
  const padded = (pad: number) => Buffer.alloc(block).map((_, at) => (key[at] ?? 0) ^ pad)
  let inner = Buffer.concat([padded(0x36), Buffer.alloc(1024)])
  const outer = Buffer.concat([padded(0x5c), Buffer.alloc(digest)])
  let wiped = false
  return {
    of(bytes) {
      if (wiped) throw new Error('this key was wiped already')
      if (block + bytes.length > inner.length) {
        const longer = Buffer.alloc(block + 2 * bytes.length)
        inner.copy(longer, 0, 0, block)
        inner.fill(0)
        inner = longer
      }
      inner.set(bytes, block)
      outer.write(hash('sha256', inner.subarray(0, block + bytes.length), 'hex'), block, 'hex')
      return Buffer.from(hash('sha256', outer, 'hex'), 'hex')
    },
    wipe() {
      wiped = true
      inner.fill(0)
      outer.fill(0)
    },
  }
}

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
