import { hmacSha256 } from '../crypto/hash.ts'
import { type DbRole, roleNames } from './provision.ts'

/** The roles of the processes: the owner's own password is in DATABASE_URL. */
export const processRoles = ['server', 'gateway', 'keeper'] as const satisfies readonly DbRole[]
export type ProcessRole = (typeof processRoles)[number]

/**
 * The same on every node and stored on none: HMAC-SHA-256, hex, of a fixed label and the role's name under a secret that the nodes
 * share. Whoever has the password of one role learns nothing of another's.
 */
export const rolePassword = (secret: string, role: ProcessRole): string =>
  hmacSha256(Buffer.from(secret, 'utf8'), `claviger/database-role/v1/${roleNames[role]}`).toString('hex')
