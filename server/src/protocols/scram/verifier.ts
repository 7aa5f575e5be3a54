import { ok, type Result } from '../../kernel/result.ts'
import type { ScramError } from './errors.ts'
import { deriveKeys, leastIterations } from './keys.ts'

/**
 * What PostgreSQL stores for a password (`pg_authid.rolpassword`), so that the password itself need not reach the server:
 * `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`, base64. Whoever has it can pose as the server,
 * but cannot log in with it.
 */
export async function scramVerifier(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number = leastIterations,
): Promise<Result<string, ScramError>> {
  const keys = await deriveKeys(password, salt, iterations)
  if (!keys.ok) return keys
  const { clientKey, storedKey, serverKey } = keys.value
  clientKey.fill(0)
  return ok(
    `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString('base64')}$${storedKey.toString('base64')}:${serverKey.toString('base64')}`,
  )
}
