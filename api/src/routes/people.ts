import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, done, group, id, line, page, password, sixDigits, time } from '../values.ts'
import { person, sshKey } from './identity.ts'
import { passkey } from './passkeys.ts'

const tag = 'identity'
const administrators = ['administrators'] as const
const one = z.strictObject({ id: id('per') })
/** What acts on another person take: a code given for it; why, where that is kept; which groups, where it is about those. */
const byCode = z.strictObject({ code })
const withReason = z.strictObject({ reason: line(500), code })
const someGroups = z.strictObject({ groups: z.array(group).min(1).max(5), code })

/** A person in the list. What is null is not for the viewer to know. */
export const personSummary = person.extend({
  factors: z.array(z.enum(['password', 'totp', 'passkey'])).nullable(),
  sshKeys: z.int().nullable(),
  lastSeenAt: time.nullable(),
})
export type PersonSummary = z.infer<typeof personSummary>

export const signInShown = z.strictObject({
  id: id('sgn'),
  /** `cli`: a token that `claviger login` keeps. */
  kind: z.enum(['browser', 'cli']),
  source: z.string(),
  createdAt: time,
  lastSeenAt: time,
  expiresAt: time,
  /** The sign-in that asks. */
  current: z.boolean(),
})
export type SignInShown = z.infer<typeof signInShown>

export const personDetails = z.strictObject({
  person,
  createdAt: time,
  /** Who brought them in, while somebody else has yet to confirm them. */
  introducedBy: z.strictObject({ id: id('per'), displayName: z.string() }).nullable(),
  /** Never their secrets. `lastUsedAt` of an authenticator is exact to its 30 seconds; null where it is not known. */
  factors: z.array(
    z.strictObject({
      id: id('fac'),
      kind: z.enum(['password', 'totp']),
      enrolledAt: time,
      lastUsedAt: time.nullable(),
      lockedUntil: time.nullable(),
    }),
  ),
  passkeys: z.array(passkey),
  sshKeys: z.array(sshKey),
  /** Certificates of the SSH gateway that still hold. */
  certificates: z.array(z.strictObject({ shownAt: time, validUntil: time })),
  signIns: z.array(signInShown),
})
export type PersonDetails = z.infer<typeof personDetails>

export const people = defineRoute({
  id: 'people',
  method: 'GET',
  path: '/api/people',
  tag,
  who: 'person',
  summary: 'The people, by name; factors, keys and when they were last seen for administrators, security and auditors',
  query: z.strictObject({
    /** Part of the name or display name. */
    search: z.string().max(64).optional(),
    state: z.enum(['invited', 'unconfirmed', 'active', 'disabled']).optional(),
    /** The name of the last one of the page before. */
    ...page,
    after: z.string().max(127).optional(),
  }),
  answer: z.strictObject({ people: z.array(personSummary) }),
})
export const getPerson = defineRoute({
  id: 'person',
  method: 'GET',
  path: '/api/people/:id',
  tag,
  who: 'person',
  summary:
    'One person with factors, passkeys, keys, certificates and sign-ins: yourself, or anyone for administrators, security and auditors',
  params: one,
  answer: personDetails,
})
export const disablePerson = defineRoute({
  id: 'disablePerson',
  method: 'POST',
  path: '/api/people/:id/disable',
  tag,
  who: administrators,
  summary: 'Shut somebody out at once: sign-ins, tokens, certificates, grants and sessions end; with a fresh code',
  params: one,
  body: withReason,
  answer: z.strictObject({ person }),
})
export const enablePerson = defineRoute({
  id: 'enablePerson',
  method: 'POST',
  path: '/api/people/:id/enable',
  tag,
  who: administrators,
  summary: 'Let a disabled person in again, with a fresh code',
  params: one,
  body: byCode,
  answer: z.strictObject({ person }),
})
export const confirmPerson = defineRoute({
  id: 'confirmPerson',
  method: 'POST',
  path: '/api/people/:id/confirm',
  tag,
  who: ['administrators', 'security'],
  summary: 'Confirm a person whom somebody else brought into approvers, security or administrators, with a fresh code',
  params: one,
  body: byCode,
  answer: z.strictObject({ person }),
})
export const leaveGroups = defineRoute({
  id: 'leaveGroups',
  method: 'POST',
  path: '/api/people/:id/leave-groups',
  tag,
  who: administrators,
  summary: 'Take another person out of groups, with a fresh code',
  params: one,
  body: someGroups,
  answer: z.strictObject({ person }),
})
export const joinGroups = defineRoute({
  id: 'joinGroups',
  method: 'POST',
  path: '/api/people/:id/join-groups',
  tag,
  who: administrators,
  summary:
    'Put another active person into groups, with a fresh code; into approvers, security or administrators once somebody else confirms',
  params: one,
  body: someGroups,
  answer: z.strictObject({ person }),
})
export const removeKeyOf = defineRoute({
  id: 'removeKeyOf',
  method: 'POST',
  path: '/api/people/:id/remove-key',
  tag,
  who: administrators,
  summary: 'Take one SSH key of a person out of use, with a fresh code; the rest of theirs stays',
  params: one,
  body: z.strictObject({ key: id('key'), reason: line(500), code }),
  answer: z.strictObject({ person }),
})
export const removeAuthenticator = defineRoute({
  id: 'removeAuthenticator',
  method: 'POST',
  path: '/api/people/:id/remove-authenticator',
  tag,
  who: administrators,
  summary: 'Take authenticator and passkeys of another person out of use; answers a token with which their password gets a new one',
  params: one,
  body: withReason,
  answer: z.strictObject({ person, enrolmentToken: z.string() }),
})
export const replaceAuthenticator = defineRoute({
  id: 'replaceAuthenticator',
  method: 'POST',
  path: '/api/me/authenticator',
  tag,
  who: 'person',
  summary: 'Begin with a new authenticator of mine: my password and a code of the old one, which counts until the new one is confirmed',
  body: z.strictObject({ password, code }),
  answer: z.strictObject({ token: z.string(), totp: z.strictObject({ uri: z.string(), secret: z.string() }) }),
})
export const confirmAuthenticator = defineRoute({
  id: 'confirmAuthenticator',
  method: 'POST',
  path: '/api/me/authenticator/confirm',
  tag,
  who: 'person',
  summary: 'The first code of my new authenticator puts it into the place of the old one, and ends my sign-ins everywhere',
  body: z.strictObject({ token: z.string().max(128), code: sixDigits }),
  answer: z.strictObject({ ended: z.int() }),
})
export const resetPerson = defineRoute({
  id: 'resetPerson',
  method: 'POST',
  path: '/api/people/:id/reset',
  tag,
  who: administrators,
  summary: 'Take all factors and keys of another person out of use; answers a one-time token with which they enrol anew',
  params: one,
  body: withReason,
  answer: z.strictObject({ person, enrolmentToken: z.string() }),
})
export const mySignIns = defineRoute({
  id: 'mySignIns',
  method: 'GET',
  path: '/api/me/sign-ins',
  tag,
  who: 'person',
  summary: 'My sign-ins that hold: browsers and the tokens of the command line',
  answer: z.strictObject({ signIns: z.array(signInShown) }),
})
export const endMySignIn = defineRoute({
  id: 'endMySignIn',
  method: 'DELETE',
  path: '/api/me/sign-ins/:id',
  tag,
  who: 'person',
  summary: 'End one of my sign-ins',
  params: z.strictObject({ id: id('sgn') }),
  answer: done,
})
export const signOutOthers = defineRoute({
  id: 'signOutOthers',
  method: 'POST',
  path: '/api/me/sign-ins/end-others',
  tag,
  who: 'person',
  summary: 'End my sign-ins everywhere else',
  answer: z.strictObject({ ended: z.int() }),
})
