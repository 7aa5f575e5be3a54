import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { duration, group, id, personName } from '../values.ts'
import { accountAtTarget, obligations } from './access.ts'

const tag = 'policy'

/** A rule, as the keeper attests it. `forged`: why the row in the database is not what was attested; then nothing is granted at all. */
export const policy = z.strictObject({
  id: id('pol'),
  name: z.string(),
  effect: z.enum(['permit', 'forbid']).nullable(),
  /** The comment that stands above it. */
  title: z.string(),
  /** The sentence that a floor says to whom it refuses. */
  says: z.string().nullable(),
  demands: obligations.omit({ recorded: true }).nullable(),
  /** Of a permit for acts in sessions: what becomes of them. */
  act: z.enum(['allow', 'alert', 'ask']).nullable(),
  source: z.string(),
  revision: z.int(),
  state: z.enum(['active', 'retired']),
  forged: z.string().nullable(),
})
export type Policy = z.infer<typeof policy>

export const policies = defineRoute({
  id: 'policies',
  method: 'GET',
  path: '/api/policies',
  tag,
  who: ['engineers', 'approvers', 'security', 'auditors', 'administrators'],
  summary: 'The rules in force, as the keeper attests them; a forged row shows as such',
  answer: z.strictObject({ policies: z.array(policy) }),
})

const decision = {
  allowed: z.boolean(),
  code: z.string().nullable(),
  message: z.string().nullable(),
  obligations: obligations.nullable(),
  /** Names of the rules that decided. */
  because: z.array(z.string()),
}
export const whyPolicy = defineRoute({
  id: 'whyPolicy',
  method: 'POST',
  path: '/api/policies/why',
  tag,
  who: ['engineers', 'approvers', 'security', 'auditors', 'administrators'],
  summary: 'What policy answers to a person, an account and an action, by which rules, and why not',
  body: z.strictObject({
    /** Oneself when left out. */
    person: personName.optional(),
    account: accountAtTarget,
    action: z.enum(['connect', 'reveal']).default('connect'),
    duration: duration.default('1h'),
    /** Whether an ITSM ticket would be named. */
    itsmTicket: z.boolean().default(true),
  }),
  answer: z.strictObject({
    ...decision,
    person: z.strictObject({ name: personName, displayName: z.string(), groups: z.array(group), state: z.string() }),
    rules: z.array(z.strictObject({ name: z.string(), effect: z.enum(['permit', 'forbid']), title: z.string() })),
    /** Who would be asked, by name. */
    approvers: z.array(personName),
    /** When the answer is no: groups whose members would get a yes. */
    allowedGroups: z.array(group),
  }),
})
export type Why = z.infer<typeof whyPolicy.answer>

export const whoCan = defineRoute({
  id: 'whoCan',
  method: 'GET',
  path: '/api/policies/who-can',
  tag,
  who: ['approvers', 'security', 'auditors', 'administrators'],
  summary: 'Every person and group that could get an account, and what would be demanded; the first thousand active people by name',
  query: z.strictObject({ account: accountAtTarget, action: z.enum(['connect', 'reveal']).default('connect') }),
  answer: z.strictObject({
    groups: z.array(z.strictObject({ group, ...decision })),
    people: z.array(
      z.strictObject({ name: personName, displayName: z.string(), groups: z.array(group), forged: z.boolean(), ...decision }),
    ),
    /** People who were looked at; more than a thousand are not. */
    looked: z.int(),
    complete: z.boolean(),
  }),
})
export type WhoCan = z.infer<typeof whoCan.answer>
