/*
 * Terminology
 *
 * - blob: a key or certificate as SSH carries it: `string type | fields of that type`
 * - string: u32 length, then that many bytes (RFC 4251 section 5); text and numbers of any size travel in it
 */
import { fail, ok, type Result } from '../../kernel/result.ts'

/** Foreign bytes that are no key, certificate or line of the kind asked for. `detail` holds none of the bytes. */
export interface SshKeyError {
  code: 'ssh_key.malformed'
  detail: string
}

export const malformed = (detail: string): { ok: false; error: SshKeyError } => fail({ code: 'ssh_key.malformed', detail })

/** Longest blob that is read. OpenSSH's own bound for a public key line (SSH_MAX_PUBKEY_BYTES). */
export const longestBlob = 16_384

/** Keeps a byte order mark: a name with one is another name. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Reads SSH data types from bytes (RFC 4251 section 5). A read past the end yields zero or nothing and is remembered:
 * callers read all their fields and ask `finish` once, so that no cut of the bytes can go unnoticed.
 */
export class WireReader {
  readonly #bytes: Uint8Array
  #at = 0
  #short = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get position(): number {
    return this.#at
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  get short(): boolean {
    return this.#short
  }

  raw(length: number): Uint8Array {
    if (length > this.left) {
      this.#short = true
      this.#at = this.#bytes.length
      return new Uint8Array(0)
    }
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  u32(): number {
    const four = this.raw(4)
    return four.length < 4 ? 0 : new DataView(four.buffer, four.byteOffset, 4).getUint32(0)
  }

  u64(): bigint {
    const eight = this.raw(8)
    return eight.length < 8 ? 0n : new DataView(eight.buffer, eight.byteOffset, 8).getBigUint64(0)
  }

  string(): Uint8Array {
    return this.raw(this.u32())
  }

  text(): string {
    return decoder.decode(this.string())
  }

  /** ok when everything was there and nothing follows. */
  finish<T>(value: T, what: string): Result<T, SshKeyError> {
    if (this.#short) return malformed(`${what} ends too early`)
    if (this.left > 0) return malformed(`${what} has ${this.left} bytes too many`)
    return ok(value)
  }
}

const encoder = new TextEncoder()

export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

export function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}

export function string(value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? encoder.encode(value) : value
  return concat(u32(bytes.length), bytes)
}

/** A number that is not negative, given as its bytes: as few as it takes, and a zero in front of a first bit that would be a sign (RFC 4251 section 5). */
export function mpint(bytes: Uint8Array): Uint8Array {
  const from = bytes.findIndex((byte) => byte !== 0)
  const digits = from < 0 ? new Uint8Array(0) : bytes.subarray(from)
  return string((digits[0] ?? 0) >= 128 ? concat(Uint8Array.of(0), digits) : digits)
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
