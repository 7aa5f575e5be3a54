import { z } from 'zod'
import { credentialKind, loginKind } from '../credential-kinds.ts'
import { defineRoute } from '../route.ts'
import { code, id, line, page, personName, shortName, time } from '../values.ts'

const tag = 'onboarding'
const administrators = ['administrators'] as const

/** Where a credential belongs, as the source says it: a target by its name or address, or in an account `deploy@web01`. */
const place = {
  target: line(253),
  account: line(128),
  credential: credentialKind.default('password'),
}
/** ready: it would be tried and stored. brought: it is of what Claviger does not reach, and kept by `depositCredentials`. */
export const fate = z.enum([
  'ready',
  'observed',
  'known',
  'target_unknown',
  'target_ambiguous',
  'account_unknown',
  'twice',
  'brought',
  'reached',
])
export type Fate = z.infer<typeof fate>

export const lookAtImport = defineRoute({
  id: 'lookAtImport',
  method: 'POST',
  path: '/api/imports/look',
  tag,
  who: administrators,
  summary: 'What would become of credentials that somebody wants to import; no credential is sent, and nothing is changed',
  body: z.strictObject({ entries: z.array(z.strictObject(place)).min(1).max(500) }),
  answer: z.strictObject({
    entries: z
      .array(
        z.strictObject({
          fate,
          account: z.strictObject({ id: id('acc'), name: shortName, target: shortName }).nullable(),
          /** Where one is brought: its account may not be there yet. */
          target: z.strictObject({ id: id('tgt'), name: shortName }).nullable(),
        }),
      )
      .max(500),
  }),
})
export const beginImport = defineRoute({
  id: 'beginImport',
  method: 'POST',
  path: '/api/imports',
  tag,
  who: administrators,
  summary: 'Begin to import credentials; for an hour, and for who began it alone',
  body: z.strictObject({ source: line(200), code }),
  answer: z.strictObject({ id: id('imp'), openUntil: time }),
})

export const outcome = z.enum(['stored', 'refused', 'failed', 'known'])
export const importEntries = defineRoute({
  id: 'importEntries',
  method: 'POST',
  path: '/api/imports/:id/entries',
  tag,
  who: administrators,
  summary: 'Hand over some credentials: each is tried on its target, once, and stored as current when it opens it. Nothing is rotated',
  params: z.strictObject({ id: id('imp') }),
  body: z.strictObject({
    entries: z
      .array(
        z.strictObject({
          account: id('acc'),
          credential: loginKind.default('password'),
          secret: z.string().min(1).max(16_384),
        }),
      )
      .min(1)
      .max(20),
  }),
  answer: z.strictObject({
    entries: z.array(z.strictObject({ account: id('acc'), outcome, code: z.string().nullable() })).max(20),
  }),
})
export const rotateImported = defineRoute({
  id: 'rotateImported',
  method: 'POST',
  path: '/api/imports/:id/rotate',
  tag,
  who: administrators,
  summary: 'Order the first rotation of what was imported, so that nobody else knows it any more; observed accounts are left out',
  params: z.strictObject({ id: id('imp') }),
  body: z.strictObject({ reason: line(500).default('imported') }),
  answer: z.strictObject({ ordered: z.int(), observed: z.int() }),
})
export const standing = z.enum(['stands', 'too_young', 'not_looked_at', 'nobody_seen', 'unknown_login'])
export const accountLogins = defineRoute({
  id: 'accountLogins',
  method: 'GET',
  path: '/api/accounts/:id/logins',
  tag,
  who: ['engineers', 'approvers', 'security', 'auditors', 'administrators'],
  summary: 'From where an observed account was seen to be used, and whether that is enough to let it be rotated',
  params: z.strictObject({ id: id('acc') }),
  answer: z.strictObject({
    observedSince: time.nullable(),
    /** On how many of the last seven days somebody looked. */
    days: z.int(),
    /** null: it is not observed. */
    standing: standing.nullable(),
    logins: z
      .array(
        z.strictObject({
          address: z.string(),
          program: z.string(),
          /** Whether a dependent of the account is told on a host with this address. */
          told: z.boolean(),
          firstSeen: time,
          lastSeen: time,
        }),
      )
      .max(200),
  }),
})
export const imports = defineRoute({
  id: 'imports',
  method: 'GET',
  path: '/api/imports',
  tag,
  who: ['administrators', 'security', 'auditors'],
  summary: 'What was imported, the newest first',
  query: z.strictObject({ ...page }),
  answer: z.strictObject({
    imports: z.array(
      z.strictObject({
        id: id('imp'),
        source: z.string(),
        by: personName,
        at: time,
        stored: z.int(),
        refused: z.int(),
        failed: z.int(),
        known: z.int(),
        /** Stored, not observed, and their first rotation not ordered yet: somebody else may know them. */
        staged: z.int(),
      }),
    ),
    next: z.string().nullable(),
  }),
})
