import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, done, group, id, line, newPassword, password, personName, publicKeyLine, sixDigits, stepUp, time } from '../values.ts'

const tag = 'identity'
export const person = z.strictObject({
  id: id('per'),
  name: personName,
  displayName: z.string(),
  groups: z.array(group),
  /** invited → (unconfirmed →) active → disabled, and back. Unconfirmed: enrolled, and not yet confirmed by a second person. */
  state: z.enum(['invited', 'unconfirmed', 'active', 'disabled']),
})
export type Person = z.infer<typeof person>

/** What an authenticator app needs. `uri` is the otpauth:// address that the QR code carries. */
export const enrolment = z.strictObject({ person, totp: z.strictObject({ uri: z.string(), secret: z.string() }) })

export const setupStatus = defineRoute({
  id: 'setupStatus',
  method: 'GET',
  path: '/api/setup',
  tag,
  who: 'anyone',
  summary: 'Whether the first administrator still has to be made',
  answer: z.strictObject({ open: z.boolean() }),
})
export const setupAdministrator = defineRoute({
  id: 'setupAdministrator',
  method: 'POST',
  path: '/api/setup/administrator',
  tag,
  who: 'anyone',
  summary: 'Make the first administrator, with the one-time link that the server printed',
  body: z.strictObject({ token: z.string().max(128), name: personName, displayName: line(100), password: newPassword }),
  answer: enrolment,
})
export const setupFinish = defineRoute({
  id: 'setupFinish',
  method: 'POST',
  path: '/api/setup/finish',
  tag,
  who: 'anyone',
  summary: 'Close the first run: from now on every change needs a person and a fresh code',
  body: z.strictObject({ token: z.string().max(128) }),
  answer: done,
})

export const signIn = defineRoute({
  id: 'signIn',
  method: 'POST',
  path: '/api/sign-in',
  tag,
  who: 'anyone',
  summary: 'First factor: name and password. Answers a challenge for the second',
  body: z.strictObject({ name: personName, password }),
  answer: z.strictObject({
    challenge: z.string(),
    /** By which it can be answered. */
    factors: z.array(z.enum(['totp', 'passkey'])),
    /** The address at which passkeys can be used. */
    passkeysAt: z.string().nullable(),
  }),
})
export const signInCode = defineRoute({
  id: 'signInCode',
  method: 'POST',
  path: '/api/sign-in/code',
  tag,
  who: 'anyone',
  summary: 'Second factor: a code or a passkey, accepted once. Sets the cookie (browser) or answers a token (cli)',
  body: z.strictObject({ challenge: z.string().max(128), code, as: z.enum(['browser', 'cli']).default('browser') }),
  answer: z.strictObject({ person, token: z.string().optional(), expiresAt: time }),
})
export const signOut = defineRoute({
  id: 'signOut',
  method: 'POST',
  path: '/api/sign-out',
  tag,
  who: 'person',
  summary: 'End this sign-in',
  answer: done,
})
export const me = defineRoute({
  id: 'me',
  method: 'GET',
  path: '/api/me',
  tag,
  who: 'person',
  summary: 'Who I am, and until when this sign-in holds',
  answer: z.strictObject({
    person,
    signIn: z.strictObject({ expiresAt: time, idleAt: time }),
    /** How many passkeys I have, and the address at which they can be used. */
    passkeys: z.int(),
    passkeysAt: z.string().nullable(),
    seal: z.enum(['none', 'dev', 'shamir', 'pkcs11', 'aws-kms']),
    lab: z.boolean(),
  }),
})

export const invitePerson = defineRoute({
  id: 'invitePerson',
  method: 'POST',
  path: '/api/people',
  tag,
  who: ['administrators'],
  setup: true,
  summary: 'Invite a person; answers a one-time enrolment token',
  body: z.strictObject({ name: personName, displayName: line(100), groups: z.array(group).max(10), ...stepUp }),
  answer: z.strictObject({ person, enrolmentToken: z.string() }),
})
export const enrol = defineRoute({
  id: 'enrol',
  method: 'POST',
  path: '/api/enrol',
  tag,
  who: 'anyone',
  summary: 'Begin enrolment with the one-time token: set a password, get the authenticator secret',
  body: z.strictObject({ token: z.string().max(128), password: newPassword }),
  answer: enrolment,
})
export const enrolConfirm = defineRoute({
  id: 'enrolConfirm',
  method: 'POST',
  path: '/api/enrol/confirm',
  tag,
  who: 'anyone',
  summary: "Finish enrolment (also the first administrator's) with a first code",
  /** A key may come along: the code that was just proven is its authority. */
  body: z.strictObject({
    token: z.string().max(128),
    code: sixDigits,
    sshKey: z.strictObject({ publicKey: publicKeyLine, label: line(100) }).optional(),
  }),
  answer: z.strictObject({ person }),
})

export const sshKey = z.strictObject({ id: id('key'), label: z.string(), fingerprint: z.string(), createdAt: time })
export const sshKeys = defineRoute({
  id: 'sshKeys',
  method: 'GET',
  path: '/api/me/ssh-keys',
  tag,
  who: 'person',
  summary: 'My SSH public keys',
  answer: z.strictObject({ keys: z.array(sshKey) }),
})
export const addSshKey = defineRoute({
  id: 'addSshKey',
  method: 'POST',
  path: '/api/me/ssh-keys',
  tag,
  who: 'person',
  summary: 'Add an SSH public key, with a fresh code',
  body: z.strictObject({ publicKey: publicKeyLine, label: line(100), code }),
  answer: sshKey,
})
export const removeSshKey = defineRoute({
  id: 'removeSshKey',
  method: 'DELETE',
  path: '/api/me/ssh-keys/:id',
  tag,
  who: 'person',
  summary: 'Remove an SSH public key',
  params: z.strictObject({ id: id('key') }),
  answer: done,
})
export const sshCertificate = defineRoute({
  id: 'sshCertificate',
  method: 'POST',
  path: '/api/me/ssh-certificate',
  tag,
  who: 'person',
  summary: 'A short-lived SSH certificate for the gateway, for the key that I hold',
  body: z.strictObject({ publicKey: publicKeyLine }),
  answer: z.strictObject({
    certificate: z.string(),
    validUntil: time,
    gateway: z.strictObject({ host: z.string(), port: z.int(), hostKey: z.string() }),
  }),
})
