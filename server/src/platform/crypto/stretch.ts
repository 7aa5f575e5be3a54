import { pbkdf2 } from 'node:crypto'
import { promisify } from 'node:util'

const rounds = 600_000

/** PBKDF2-HMAC-SHA-256 (SP 800-132), slow on purpose: for telling a short secret from another one without keeping it. */
export const stretch = (secret: Uint8Array, salt: Uint8Array): Promise<Buffer> => promisify(pbkdf2)(secret, salt, rounds, 32, 'sha256')
