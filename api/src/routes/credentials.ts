import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { id, shortName, tier, time } from '../values.ts'

const tag = 'credentials'

/**
 * weak: fewer bits than the floor asks of a password, or 112 of a key. reused: another account has or had the same. old: made longer ago than `days`.
 * shared: more than one person had a grant on the account since it was made.
 */
export const finding = z.enum(['weak', 'reused', 'old', 'shared'])
export type Finding = z.infer<typeof finding>

const account = z.strictObject({ id: id('acc'), name: shortName, target: shortName })

export const credentialReport = defineRoute({
  id: 'credentialReport',
  method: 'GET',
  path: '/api/credentials/report',
  tag,
  who: ['security', 'auditors', 'administrators'],
  summary: 'Weak, reused, old and shared credentials: how many, and with `find` which, the most critical first',
  about: 'What is reused is found by keyed hashes that the keeper made; no credential is opened for the report.',
  query: z.strictObject({
    find: finding.optional(),
    days: z.coerce.number().int().min(1).max(3650).default(90).meta({ description: 'Older than so many days is old' }),
    after: z
      .string()
      .regex(/^[0-3]:acc_[a-z0-9]{10}:(password|ssh-key)$/)
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
      /** Of which strength and reuse are not known yet: they came before these were looked at. */
      unchecked: z.int(),
    }),
    credentials: z.array(
      z.strictObject({
        account,
        tier,
        tierLabel: z.string(),
        credential: z.enum(['password', 'ssh-key']),
        version: z.int(),
        madeAt: time,
        bits: z.number().nullable(),
        /** Other accounts with the same, five at most. */
        sameAs: z.array(account),
        /** Who had a grant on the account since it was made. */
        people: z.int(),
      }),
    ),
    next: z.string().nullable(),
  }),
})
export type CredentialReport = z.infer<typeof credentialReport.answer>
