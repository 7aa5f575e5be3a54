import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, done, id, line, time } from '../values.ts'
import { person } from './identity.ts'

const tag = 'identity'
const base64url = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/, 'base64url, without padding')
const credential = z.strictObject({ type: z.literal('public-key'), id: base64url(1364) })

/** A passkey without anything that proves it. `lastUsedAt`: null where it never was. */
export const passkey = z.strictObject({ id: id('pky'), label: z.string(), createdAt: time, lastUsedAt: time.nullable() })
export type Passkey = z.infer<typeof passkey>

/** What the browser gives `navigator.credentials.create` (PublicKeyCredentialCreationOptionsJSON). */
export const creationOptions = z.strictObject({
  rp: z.strictObject({ id: z.string(), name: z.string() }),
  user: z.strictObject({ id: z.string(), name: z.string(), displayName: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.strictObject({ type: z.literal('public-key'), alg: z.int() })),
  timeout: z.int(),
  excludeCredentials: z.array(credential),
  authenticatorSelection: z.strictObject({ residentKey: z.literal('preferred'), userVerification: z.literal('required') }),
  attestation: z.literal('none'),
})

export const passkeys = defineRoute({
  id: 'passkeys',
  method: 'GET',
  path: '/api/me/passkeys',
  tag,
  who: 'person',
  summary: 'My passkeys, and the address at which they can be made and used',
  answer: z.strictObject({ passkeys: z.array(passkey), at: z.string().nullable() }),
})
export const beginPasskey = defineRoute({
  id: 'beginPasskey',
  method: 'POST',
  path: '/api/me/passkeys/begin',
  tag,
  who: 'person',
  summary: 'Begin with a new passkey of mine: what the browser asks an authenticator for, good for five minutes',
  answer: z.strictObject({ options: creationOptions }),
})
export const addPasskey = defineRoute({
  id: 'addPasskey',
  method: 'POST',
  path: '/api/me/passkeys',
  tag,
  who: 'person',
  summary: 'Add the passkey that the authenticator made, with a fresh code',
  body: z.strictObject({
    /** Of RegistrationResponseJSON what is needed. */
    credential: z.strictObject({
      id: base64url(1364).min(16),
      rawId: base64url(1364).min(16),
      type: z.literal('public-key'),
      response: z.strictObject({ clientDataJSON: base64url(1366), attestationObject: base64url(8192) }),
    }),
    label: line(100),
    code,
  }),
  answer: passkey,
})
export const removePasskey = defineRoute({
  id: 'removePasskey',
  method: 'POST',
  path: '/api/me/passkeys/:id/remove',
  tag,
  who: 'person',
  summary: 'Take a passkey of mine out of use, with a fresh code',
  params: z.strictObject({ id: id('pky') }),
  body: z.strictObject({ code }),
  answer: done,
})
export const removePasskeyOf = defineRoute({
  id: 'removePasskeyOf',
  method: 'POST',
  path: '/api/people/:id/remove-passkey',
  tag,
  who: ['administrators'],
  summary: 'Take one passkey of a person out of use, with a fresh code; the rest of theirs stays',
  params: z.strictObject({ id: id('per') }),
  body: z.strictObject({ passkey: id('pky'), reason: line(500), code }),
  answer: z.strictObject({ person }),
})
