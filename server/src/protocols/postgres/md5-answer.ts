import { createHash } from 'node:crypto'

const hex = (...parts: readonly (Uint8Array | string)[]): string => {
  const running = createHash('md5')
  for (const part of parts) running.update(part)
  return running.digest('hex')
}

/**
 * What a server gets that asks for MD5 (PostgreSQL docs, "Password Authentication"): MD5 of what it stores, which is MD5 of password and role, and
 * of its four bytes of salt. Throws where OpenSSL has no MD5 (FIPS).
 */
export const md5Answer = (role: string, password: Uint8Array, salt: Uint8Array): string => `md5${hex(hex(password, role), salt)}`
