import { z } from 'zod'
import { loginKind } from '../credential-kinds.ts'
import { defineRoute } from '../route.ts'
import { id, line, page, shortName, time } from '../values.ts'

const staff = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const

/** Why a credential is replaced. `drift`: the target refused what the vault has; `reconcile`: the target's second way in resets it. */
export const trigger = z.enum(['take-over', 'check-in', 'on-demand', 'recovery', 'schedule', 'compromise', 'drift', 'reconcile'])

export const rotation = z.strictObject({
  id: id('rot'),
  account: z.strictObject({ id: id('acc'), name: shortName, target: shortName }),
  credential: loginKind,
  trigger,
  /** prepared: candidate stored and escrowed; changed: set on the target; verified: a fresh login proved it; done: promoted, the old one refused. */
  state: z.enum(['prepared', 'changed', 'verified', 'done', 'failed']),
  attempt: z.int(),
  version: z.int(),
  startedAt: time,
  verifiedAt: time.nullable(),
  /** When the target refused the previous credential. */
  oldRefusedAt: time.nullable(),
  /** The target says that it may accept the previous one until then; it is tried again after that. */
  oldValidUntil: time.nullable(),
  finishedAt: time.nullable(),
  /** Fingerprints of foreign keys that were removed. */
  removed: z.array(z.string()),
  error: z.string().nullable(),
})
export type Rotation = z.infer<typeof rotation>

export const rotateAccount = defineRoute({
  id: 'rotateAccount',
  method: 'POST',
  path: '/api/accounts/:id/rotate',
  tag: 'rotation',
  who: ['administrators', 'security'],
  summary: 'Replace the credentials of an account now; the first time this takes it over',
  about:
    'Answers after the first attempt. When that failed, the refusal says why and when it is tried again by itself: `rotationOrders` shows what became of it.',
  params: z.strictObject({ id: id('acc') }),
  body: z.strictObject({
    reason: line(500).default('on demand'),
    /** It may be in other hands: what runs with it ends, and nobody gets in when it cannot be replaced at once. */
    compromised: z.boolean().default(false),
  }),
  answer: z.strictObject({ rotations: z.array(rotation) }),
})
export const rotations = defineRoute({
  id: 'rotations',
  method: 'GET',
  path: '/api/rotations',
  tag: 'rotation',
  who: staff,
  summary: 'Rotations, newest first',
  query: z.strictObject({ account: id('acc').optional(), ...page }),
  answer: z.strictObject({ rotations: z.array(rotation), next: z.string().nullable() }),
})
