import { hash } from 'node:crypto'

/** What Redis stores for a password, as a rule of ACL SETUSER: `#` and its SHA-256 in hexadecimal. No salt: guessable offline. */
export const storedPassword = (password: Uint8Array): string => `#${hash('sha256', password, 'hex')}`
