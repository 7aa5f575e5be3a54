import { element } from './ber.ts'

export const passwordModifyOid = '1.3.6.1.4.1.4203.1.11.1'

/**
 * The value of a Password Modify request, RFC 3062 section 2: whose password (a DN), the old one where the server asks for it, the new one.
 * The caller wipes the answer: it holds the passwords.
 */
export function passwordModifyValue(user: string, next: Uint8Array, old?: Uint8Array): Buffer {
  const parts = [element(0x80, Buffer.from(user)), ...(old ? [element(0x81, old)] : []), element(0x82, next)]
  const value = element(0x30, ...parts)
  for (const part of parts) part.fill(0)
  return value
}
