import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, duration, id, line, time } from '../values.ts'
import { accountAtTarget } from './access.ts'

const tag = 'break-glass'
const everybody = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const
const person = z.strictObject({ id: id('per'), name: z.string() })

export const activation = z.strictObject({
  id: id('bga'),
  /** `drill`: a rehearsal, in which the server logs in and nobody gets a grant. */
  kind: z.enum(['emergency', 'drill']),
  state: z.enum(['waiting', 'approved', 'active', 'ended', 'reviewed', 'withdrawn', 'expired']),
  accounts: z.array(z.strictObject({ id: id('acc'), name: z.string(), target: z.string() })),
  requester: person,
  /** The second person; null while it waits for one. */
  approver: person.nullable(),
  reason: z.string(),
  seconds: z.int(),
  createdAt: time,
  /** Until then the second person and the custodians have time. */
  expiresAt: time,
  startsAt: time.nullable(),
  endsAt: time.nullable(),
  endedAt: time.nullable(),
  endReason: z.string().nullable(),
  reviewer: person.nullable(),
  review: z.string().nullable(),
  /** Of a drill: what was tried, in order. */
  steps: z.array(z.strictObject({ step: z.string(), ok: z.boolean(), detail: z.string(), seconds: z.number() })).nullable(),
})
export type Activation = z.infer<typeof activation>

export const drills = z.strictObject({
  /** How often somebody must rehearse. */
  everyDays: z.int(),
  /** When the last drill passed; null when none did. */
  lastPassedAt: time.nullable(),
  overdue: z.boolean(),
})

const params = z.strictObject({ id: id('bga') })

export const activations = defineRoute({
  id: 'activations',
  method: 'GET',
  path: '/api/break-glass/activations',
  tag,
  who: everybody,
  summary: 'Activations and drills, newest first: what runs, what waits, whose review is open; and whether a drill is overdue',
  answer: z.strictObject({ activations: z.array(activation).max(100), drills }),
})
export type Activations = z.infer<typeof activations.answer>

export const activate = defineRoute({
  id: 'activateBreakglass',
  method: 'POST',
  path: '/api/break-glass/activations',
  tag,
  who: ['engineers', 'approvers', 'security', 'administrators'],
  summary: 'Say that accounts for emergencies are needed now, or rehearse it on one',
  about:
    'The first of two people. The second says so, too, with a code of their own; one of the two is of security. Then as many custodians as the key needs give their shares, and it begins: an alarm, and a grant on each account for who asked here, for at most four hours.',
  body: z.strictObject({
    code,
    kind: z.enum(['emergency', 'drill']).default('emergency'),
    accounts: z.array(accountAtTarget).min(1).max(20),
    reason: line(500).min(10),
    duration,
  }),
  answer: activation,
})

export const moveActivation = defineRoute({
  id: 'moveActivation',
  method: 'POST',
  path: '/api/break-glass/activations/:id',
  tag,
  who: ['engineers', 'approvers', 'security', 'administrators'],
  summary: 'Say yes as the second person, end or withdraw an activation, or close its review',
  about:
    'The second person is of security or administrators and another one than who asked. One of the two, or security, ends it. An officer who was neither of the two closes its review, in words.',
  params,
  body: z.discriminatedUnion('act', [
    z.strictObject({ act: z.literal('approve'), code }),
    z.strictObject({
      act: z.literal('end'),
      /** Needed to withdraw one that does not run yet. */
      code: code.optional(),
      why: line(300).default('it is not needed any more'),
    }),
    z.strictObject({ act: z.literal('review'), code, review: z.string().trim().min(20).max(4000) }),
  ]),
  answer: activation,
})

const progress = {
  given: z.int(),
  threshold: z.int(),
  /** Enough were given: what the activation is on is open in the keeper's memory. */
  opened: z.boolean(),
  /** Seconds until the shares given so far are forgotten. */
  forgottenIn: z.int().nullable(),
}

/** What custodians are asked for: carried to a machine that reaches no server, too. `statement`: kits.activationStatement, as JSON. */
export const activationQuestion = z.strictObject({
  statement: z.string().max(20_000),
  /** Ed25519 by the key of the ledger, in base64. */
  signature: z.string().max(200),
  /** Each custodian's share of the key of the location, as an armored age file. */
  custodians: z.array(z.strictObject({ name: z.string().max(60), share: z.string().max(20_000) })).max(16),
})

export const activationDoor = defineRoute({
  id: 'activationDoor',
  method: 'GET',
  path: '/api/break-glass/activations/:id/door',
  tag,
  who: everybody,
  summary: 'What the keeper asks custodians for, signed, and their encrypted shares',
  params,
  answer: activationQuestion.extend(progress),
})

export const giveShare = defineRoute({
  id: 'giveActivationShare',
  method: 'POST',
  path: '/api/break-glass/activations/:id/shares',
  tag,
  who: everybody,
  summary: "A custodian's share, encrypted to the keeper for this activation alone; with the last one needed it begins",
  about:
    '`claviger breakglass share` makes it on the machine of the custodian: it opens their share there, checks who asks, and encrypts it; with `--to`, as a file that the console takes. Who signs in to bring it does not matter: the share is the proof.',
  params,
  body: z.strictObject({ sealed: z.string().min(1).max(20_000) }),
  answer: z.strictObject({ ...progress, custodian: z.string() }),
})
