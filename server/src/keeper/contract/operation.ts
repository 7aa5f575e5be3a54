import { z } from 'zod'
import { credentialKinds, loginKinds, proofKinds } from '../../kernel/credential-kinds.ts'
import { passkeyAnswer } from '../../protocols/webauthn/index.ts'
import type { FactKind } from '../facts/fact.ts'
import { factKinds } from '../facts/tables.ts'

export const roles = ['supervisor', 'api', 'gateway'] as const
export type Role = (typeof roles)[number]

/** One thing that can be asked: by whom, with which arguments, and what is answered. A comment above it says what travels as payload. */
export const operation = <A extends z.ZodType, R extends z.ZodType>(allowed: readonly Role[], args: A, answer: R) => ({
  allowed,
  args,
  answer,
})

export const everyone: readonly Role[] = roles
export const api: readonly Role[] = ['api']
export const gateway: readonly Role[] = ['gateway']
export const doors: readonly Role[] = ['api', 'gateway']
/** Whoever owns the data asks through the supervisor, everyone else through the API. */
export const owner: readonly Role[] = ['supervisor', 'api']

export const nothing = z.strictObject({})
export const done = z.strictObject({ done: z.literal(true) })

export const text = (max: number) => z.string().min(1).max(max)
export const base64 = (max: number) => z.base64().max(max)
export const someId = z.string().regex(/^[a-z]{3}_[a-z0-9]{10}$/)
export const hex64 = z.string().regex(/^[0-9a-f]{64}$/)
export const sixDigits = z.string().regex(/^\d{6}$/)
/** A second factor, shown for one act: the code of an authenticator, the answer of a passkey, or the wish to be asked for that. */
export const code = z.union([sixDigits, z.literal('passkey'), z.string().max(4000).regex(passkeyAnswer)])
export const factKind = z.enum(factKinds as [FactKind, ...FactKind[]])
export const content = z.record(z.string().max(40), z.json())
/** What logs in on a target and is made here. */
export const credential = z.enum(loginKinds)
/** The same, and a certificate that somebody brought in. */
export const proof = z.enum(proofKinds)
/** Whatever the vault keeps of an account. */
export const anyCredential = z.enum(credentialKinds)
/** What is no secret of a credential that was brought in (kernel/credential-kinds.ts). */
export const about = z.record(z.string().max(40), z.union([z.string(), z.number(), z.array(z.string())]))
export const characterClass = z.enum(['lower', 'upper', 'digit', 'symbol'])
