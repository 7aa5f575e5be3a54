/*
 * Terminology
 *
 * - login kind: proves an account on its target; Claviger makes, sets and tries it
 * - proof kind: logs in to a target and is tried there; a certificate is brought in by people, since whoever certifies makes it
 * - kind of credential: what the vault keeps of an account. All but the login kinds are brought in by people and replaced by hand
 */

export const loginKinds = ['password', 'ssh-key'] as const
export type LoginKind = (typeof loginKinds)[number]

export const proofKinds = [...loginKinds, 'tls'] as const
export type ProofKind = (typeof proofKinds)[number]

/** As in `@claviger/api`; domains/vault/forms has a file for each, and a test that none is missing. */
export const credentialKinds = [...loginKinds, 'api-key', 'tls', 'json', 'file'] as const
export type CredentialKind = (typeof credentialKinds)[number]

export const isLoginKind = (kind: string): kind is LoginKind => (loginKinds as readonly string[]).includes(kind)

export const isProofKind = (kind: string): kind is ProofKind => (proofKinds as readonly string[]).includes(kind)

/** Those that are any bytes, not text: they travel as base64. */
export const isBinary = (kind: string): boolean => kind === 'file'

/** Bytes of one credential. Whatever carries one has room for it: frames of the keeper, lines of the escrow, bodies of the API. */
export const largestCredential = 1 << 20

/** What may be known of a credential by whoever sees its account: the name of a file, the id of a key. Never a hash of what it is. */
export type About = Record<string, string | number | string[]>
