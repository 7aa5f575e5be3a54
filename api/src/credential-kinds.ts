import { z } from 'zod'

/** Kinds that log in on a target: made, set and tried by the server. */
export const loginKind = z.enum(['password', 'ssh-key'])
export type LoginKind = z.infer<typeof loginKind>
/** What logs in: those, and certificates that people bring in. */
export const proofKind = z.enum([...loginKind.options, 'tls'])
/** Every kind of credential that the vault keeps. */
export const credentialKind = z.enum([...loginKind.options, 'api-key', 'tls', 'json', 'file'])
export type CredentialKind = z.infer<typeof credentialKind>

/** A credential as text; of any bytes in base64. */
export const encoding = z.enum(['utf8', 'base64'])
/** 1 MiB in base64. */
export const longestValue = 1_398_104

/** What is no secret of a credential: the name and size of a file, the id of an API key. */
export const about = z.record(z.string().max(40), z.union([z.string().max(8192), z.number(), z.array(z.string().max(256)).max(100)]))
export type About = z.infer<typeof about>
