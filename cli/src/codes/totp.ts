import { createHmac } from 'node:crypto'

/** Seconds that one code stands for (RFC 6238 section 4.1: time step X). */
export const stepSeconds = 30

export const stepAt = (milliseconds: number): number => Math.floor(milliseconds / 1000 / stepSeconds)

/** The code of one time step: HOTP (RFC 4226 section 5.3) with HMAC-SHA-1 and six digits over the step's number (RFC 6238 section 4.2). */
export function totp(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0x0f
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 1_000_000).padStart(6, '0')
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 section 6, as authenticator apps take it: any case, spaces and padding ignored. Undefined when it is none. */
export function fromBase32(text: string): Buffer | undefined {
  const symbols = text.toUpperCase().replace(/[\s=]/g, '')
  if (!/^[A-Z2-7]+$/.test(symbols)) return undefined
  const bytes: number[] = []
  let [value, bits] = [0, 0]
  for (const symbol of symbols) {
    value = ((value << 5) | alphabet.indexOf(symbol)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 0xff)
  }
  return Buffer.from(bytes)
}
