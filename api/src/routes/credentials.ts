import { z } from 'zod'
import { about, credentialKind, encoding, longestValue } from '../credential-kinds.ts'
import { defineRoute } from '../route.ts'
import { id, line, shortName, stepUp, tier, time } from '../values.ts'

const tag = 'credentials'

/**
 * weak: fewer bits than the floor asks of a password, or 112 of a key. reused: another account has or had the same. old: made longer ago than `days`.
 * shared: more than one person had a grant on the account since it was made. expiring: a certificate that is over within `within` days, or is already.
 */
export const finding = z.enum(['weak', 'reused', 'old', 'shared', 'expiring'])
export type Finding = z.infer<typeof finding>

const account = z.strictObject({ id: id('acc'), name: shortName, target: shortName })

export const credentialReport = defineRoute({
  id: 'credentialReport',
  method: 'GET',
  path: '/api/credentials/report',
  tag,
  who: ['security', 'auditors', 'administrators'],
  summary: 'Weak, reused, old, shared and expiring credentials: how many, and with `find` which, the most critical first',
  about: 'What is reused is found by keyed hashes that the keeper made; no credential is opened for the report.',
  query: z.strictObject({
    find: finding.optional(),
    days: z.coerce.number().int().min(1).max(3650).default(90).meta({ description: 'Older than so many days is old' }),
    within: z.coerce.number().int().min(1).max(3650).default(30).meta({ description: 'Over within so many days is expiring' }),
    after: z
      .string()
      .regex(/^[0-3]:acc_[a-z0-9]{10}:[a-z][a-z-]{0,19}$/)
      .optional()
      .meta({ description: 'Go on behind this one: what `next` said' }),
    limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'At most so many' }),
  }),
  answer: z.strictObject({
    counts: z.strictObject({
      credentials: z.int(),
      weak: z.int(),
      reused: z.int(),
      old: z.int(),
      shared: z.int(),
      expiring: z.int(),
      /** Of which strength and reuse are not known yet: they came before these were looked at. */
      unchecked: z.int(),
    }),
    credentials: z.array(
      z.strictObject({
        account,
        tier,
        tierLabel: z.string(),
        credential: credentialKind,
        version: z.int(),
        madeAt: time,
        bits: z.number().nullable(),
        /** Other accounts with the same, five at most. */
        sameAs: z.array(account),
        /** Who had a grant on the account since it was made. */
        people: z.int(),
        /** Until when it is good by itself; null: for ever. */
        expiresAt: time.nullable(),
      }),
    ),
    next: z.string().nullable(),
  }),
})
/** What somebody brings in of an account that Claviger does not reach: an account that is not there is made by it. */
export const depositCredential = defineRoute({
  id: 'depositCredential',
  method: 'POST',
  path: '/api/targets/:id/credentials',
  tag,
  who: ['engineers', 'approvers', 'security', 'auditors', 'administrators'],
  summary: 'Bring in a credential of an account that Claviger does not reach, or its next version',
  about:
    'For targets of a kind that is not reached (`stored`). The account is made with its first credential, by an administrator; who holds an account alone brings in the next version of what it has. 1 MiB at most; the version before stays in the vault as previous.',
  largest: 2_097_152,
  params: z.strictObject({ id: id('tgt') }),
  body: z.strictObject({
    account: shortName,
    kind: credentialKind,
    /** The credential itself. */
    value: z.string().min(1).max(longestValue),
    encoding: encoding.default('utf8'),
    /** Of a file its name, of an API key its id; no secret. */
    name: line(256).optional(),
    /** Of an account that is made by this: its tier, its target's where left out. */
    tier: tier.optional(),
    ...stepUp,
  }),
  answer: z.strictObject({
    account: z.strictObject({ id: id('acc'), name: shortName, target: shortName }),
    credential: credentialKind,
    version: z.int(),
    about,
    expiresAt: time.nullable(),
  }),
})
/** Several at once, with one code: what an import brings. */
export const depositCredentials = defineRoute({
  id: 'depositCredentials',
  method: 'POST',
  path: '/api/credentials',
  tag,
  who: ['administrators'],
  summary: 'Bring in the first credentials of accounts that Claviger does not reach, several with one code',
  about: 'As `depositCredential`, for what the vault does not have yet: one that it has is left (`known`). Each is kept or not by itself.',
  largest: 8_388_608,
  body: z.strictObject({
    entries: z
      .array(
        z.strictObject({
          target: id('tgt'),
          account: shortName,
          kind: credentialKind,
          value: z.string().min(1).max(longestValue),
          encoding: encoding.default('utf8'),
          name: line(256).optional(),
        }),
      )
      .min(1)
      .max(50),
    /** Where they come from, for the list of imports. */
    source: line(200).default('the API'),
    ...stepUp,
  }),
  answer: z.strictObject({
    entries: z
      .array(z.strictObject({ outcome: z.enum(['stored', 'known', 'failed']), code: z.string().nullable(), why: z.string().nullable() }))
      .max(50),
  }),
})
export type CredentialReport = z.infer<typeof credentialReport.answer>
