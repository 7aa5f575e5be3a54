import { createHash, hash } from 'node:crypto'

const sha1 = (...parts: readonly Uint8Array[]): Buffer => digest('sha1', parts)
const sha256 = (...parts: readonly Uint8Array[]): Buffer => digest('sha256', parts)
function digest(algorithm: 'sha1' | 'sha256', parts: readonly Uint8Array[]): Buffer {
  const running = createHash(algorithm)
  for (const part of parts) running.update(part)
  return running.digest()
}
const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, i) => byte ^ (b[i] as number)))

/** Methods that show no password to the server; each with what it answers to a challenge of 20 bytes. */
export const proofs: Readonly<Record<string, (password: Uint8Array, challenge: Buffer) => Buffer>> = {
  // SHA1(password) XOR SHA1(challenge + SHA1(SHA1(password)))
  mysql_native_password(password, challenge) {
    if (password.length === 0) return Buffer.alloc(0)
    const once = sha1(password)
    const proof = xor(once, sha1(challenge, sha1(once)))
    once.fill(0)
    return proof
  },
  // SHA256(password) XOR SHA256(SHA256(SHA256(password)) + challenge)
  caching_sha2_password(password, challenge) {
    if (password.length === 0) return Buffer.alloc(0)
    const once = sha256(password)
    const proof = xor(once, sha256(sha256(once), challenge))
    once.fill(0)
    return proof
  },
}

/** What a server stores for `mysql_native_password`: `*` and SHA1(SHA1(password)) in capital hexadecimal. No salt: guessable offline. */
export function nativeHash(password: Uint8Array): string {
  const once = hash('sha1', password, 'buffer')
  const stored = `*${hash('sha1', once, 'hex').toUpperCase()}`
  once.fill(0)
  return stored
}
