import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { done, duration, group, id, line, personName, stepUp, time } from '../values.ts'
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
  /** So long such an act is held while somebody else is asked, in seconds. */
  waitSeconds: z.int().nullable(),
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

/** One policy as it is and as it shall be; null: not in force. */
const edit = z.strictObject({ name: z.string(), before: z.string().nullable(), after: z.string().nullable() })
export type PolicyEdit = z.infer<typeof edit>

const wanted = z
  .array(
    z.strictObject({
      name: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'lower-case letters, digits and hyphens, at most 60')
        .meta({ description: 'What the policy is called', examples: ['tier-1'] }),
      text: z.string().min(1).max(8_000).nullable().meta({ description: 'One Cedar statement with its annotations; null retires it' }),
    }),
  )
  .min(1)
  .max(200)

const terms = obligations.nullable()
const effect = z.strictObject({
  people: z.array(z.string()),
  groups: z.array(z.string()),
  action: z.enum(['connect', 'reveal']),
  accounts: z.array(z.string()),
  /** What is demanded; null: policy says no. */
  before: terms,
  after: terms,
})
export type PolicyEffect = z.infer<typeof effect>

/** What one policy says of acts in sessions; null: nothing. `conditional`: of those alone that it describes. */
const actsSaid = z
  .strictObject({
    actions: z.array(z.enum(['run', 'transfer', 'query', 'forward'])),
    act: z.enum(['allow', 'alert', 'ask']),
    waitSeconds: z.int().nullable(),
    conditional: z.boolean(),
  })
  .nullable()
const actEffect = z.strictObject({
  policy: z.string(),
  people: z.array(z.string()),
  groups: z.array(z.string()),
  accounts: z.array(z.string()),
  before: actsSaid,
  after: actsSaid,
  /** Members of any of these groups decide on what is held, except whoever does it. `names`: the first twenty; `more`: so many besides. */
  asked: z.strictObject({ groups: z.array(z.string()), names: z.array(z.string()), more: z.int() }).nullable(),
})
export type PolicyActEffect = z.infer<typeof actEffect>

export const previewPolicies = defineRoute({
  id: 'previewPolicies',
  method: 'POST',
  path: '/api/policies/preview',
  tag,
  who: ['security', 'auditors', 'administrators'],
  summary: 'Whether other policies would load, and who would gain and who would lose by them; changes nothing',
  body: z.strictObject({ policies: wanted }),
  answer: z.strictObject({
    edits: z.array(edit),
    effects: z.array(effect),
    /** Of policies for acts in sessions. */
    acts: z.array(actEffect),
    looked: z.strictObject({ people: z.int(), accounts: z.int() }),
    /** Of very many accounts one of each sort is looked at first. */
    complete: z.boolean(),
  }),
})
export type PolicyPreview = z.infer<typeof previewPolicies.answer>

const change = z.strictObject({
  id: id('pch'),
  edits: z.array(edit),
  reason: z.string(),
  state: z.enum(['proposed', 'approved', 'withdrawn', 'expired']),
  proposedBy: personName,
  proposedAt: time,
  expiresAt: time,
  decidedBy: personName.nullable(),
  decidedAt: time.nullable(),
})
export type PolicyChange = z.infer<typeof change>

export const policyChanges = defineRoute({
  id: 'policyChanges',
  method: 'GET',
  path: '/api/policies/changes',
  tag,
  who: ['security', 'auditors', 'administrators'],
  summary: 'The last hundred changes of policies, those that wait for somebody first',
  answer: z.strictObject({ changes: z.array(change) }),
})
export const proposePolicies = defineRoute({
  id: 'proposePolicies',
  method: 'POST',
  path: '/api/policies/changes',
  tag,
  who: ['security', 'administrators'],
  summary: 'Propose other policies; nothing changes until another person approves it',
  body: z.strictObject({ policies: wanted, reason: line(500), ...stepUp }),
  answer: z.strictObject({ id: id('pch') }),
})
export const approvePolicies = defineRoute({
  id: 'approvePolicies',
  method: 'POST',
  path: '/api/policies/changes/:id/approve',
  tag,
  who: ['security', 'administrators'],
  summary: 'Approve what somebody else proposed: all of it comes into force at once',
  params: z.strictObject({ id: id('pch') }),
  body: z.strictObject(stepUp),
  answer: done,
})
export const withdrawPolicies = defineRoute({
  id: 'withdrawPolicies',
  method: 'POST',
  path: '/api/policies/changes/:id/withdraw',
  tag,
  who: ['security', 'administrators'],
  summary: 'Withdraw a change of policies that waits',
  params: z.strictObject({ id: id('pch') }),
  body: z.strictObject(stepUp),
  answer: done,
})
