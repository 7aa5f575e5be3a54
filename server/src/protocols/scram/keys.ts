import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { ScramError } from './errors.ts'

export const leastIterations = 4096 // RFC 7677 section 4
export const mostIterations = 1_000_000

/** RFC 5802 section 3, with SHA-256 as hash (RFC 7677). Each value is 32 bytes. */
export interface ScramKeys {
  clientKey: Buffer
  storedKey: Buffer
  serverKey: Buffer
}

const pbkdf2Async = promisify(pbkdf2)
export const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest()
export const hash = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** SaltedPassword and the keys from it. The rounds run beside the event loop. Wipe the client key when done. */
export async function deriveKeys(password: Uint8Array, salt: Uint8Array, iterations: number): Promise<Result<ScramKeys, ScramError>> {
  if (password.length === 0 || !password.every((byte) => byte >= 0x20 && byte <= 0x7e)) return fail({ code: 'scram.password_not_ascii' })
  if (!Number.isSafeInteger(iterations) || iterations < leastIterations || iterations > mostIterations) {
    return fail({ code: 'scram.iterations', asked: iterations, least: leastIterations, most: mostIterations })
  }
  const salted = await pbkdf2Async(password, salt, iterations, 32, 'sha256')
  const clientKey = hmac(salted, 'Client Key')
  const serverKey = hmac(salted, 'Server Key')
  salted.fill(0)
  return ok({ clientKey, storedKey: hash(clientKey), serverKey })
}

export const newSalt = (): Uint8Array => randomBytes(16)

/** Printable, without comma, 144 random bits: RFC 5802 section 5.1, attribute r. */
export const newNonce = (): string => randomBytes(18).toString('base64')
