import { z } from 'zod'
import { proofKind } from '../credential-kinds.ts'
import { defineRoute } from '../route.ts'
import { id, line, page, personName, shortName, stepUp, time } from '../values.ts'
import { rotation, trigger } from './inventory.ts'

export * from './rotation-plan.ts'

const tag = 'rotation'
const staff = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const
const keepers = ['administrators', 'security'] as const

/** A rotation that shall happen, until it did. */
export const order = z.strictObject({
  id: id('ord'),
  account: z.strictObject({ id: id('acc'), name: shortName, target: shortName }),
  trigger,
  /** waiting: tried at `dueAt`; held: not tried any more, and nobody gets in until somebody decides; done. */
  state: z.enum(['waiting', 'held', 'done']),
  failures: z.int(),
  orderedAt: time,
  /** Name of who ordered it; null for what the server does by itself. */
  orderedBy: z.string().nullable(),
  dueAt: time,
  triedAt: time.nullable(),
  finishedAt: time.nullable(),
  /** Why the newest attempt failed, as a code. */
  error: z.string().nullable(),
  /** The next attempt is made by the target's reconciler; done: the last one was. */
  byReconciler: z.boolean(),
})
export type Order = z.infer<typeof order>

export const rotationOrders = defineRoute({
  id: 'rotationOrders',
  method: 'GET',
  path: '/api/rotation-orders',
  tag,
  who: staff,
  summary: 'What is to be rotated, the next first; or what was, the newest first',
  query: z.strictObject({
    account: id('acc').optional(),
    /** Those of one batch. */
    batch: id('bat').optional(),
    state: z.enum(['open', 'held', 'done']).default('open'),
    ...page,
  }),
  answer: z.strictObject({ orders: z.array(order), total: z.int(), next: z.string().nullable() }),
})

const reason = line(500)
const accountParams = z.strictObject({ id: id('acc') })

export const reconcileAccount = defineRoute({
  id: 'reconcileAccount',
  method: 'POST',
  path: '/api/accounts/:id/reconcile',
  tag,
  who: keepers,
  summary: 'Reset the credentials of an account whose own are not known, by another privileged account of its target',
  about:
    'By the account that manages the target; for that one itself, or where the reconciler is asked for, by the target’s reconciler. A held account stays held until somebody releases it.',
  params: accountParams,
  body: z.strictObject({ reason }),
  answer: z.strictObject({ rotations: z.array(rotation), held: z.boolean() }),
})
export const holdAccount = defineRoute({
  id: 'holdAccount',
  method: 'POST',
  path: '/api/accounts/:id/hold',
  tag,
  who: keepers,
  summary: 'Let nobody in with an account until somebody releases it; what runs under its grants ends',
  params: accountParams,
  body: z.strictObject({ reason }),
  answer: z.strictObject({ held: z.literal(true) }),
})
export const releaseAccount = defineRoute({
  id: 'releaseAccount',
  method: 'POST',
  path: '/api/accounts/:id/release',
  tag,
  who: ['administrators'],
  summary: 'Let a held account be used again, and try what waits for it',
  params: accountParams,
  body: z.strictObject({ reason, ...stepUp }),
  answer: z.strictObject({ held: z.literal(false) }),
})

export const verifyAccount = defineRoute({
  id: 'verifyAccount',
  method: 'POST',
  path: '/api/accounts/:id/verify',
  tag,
  who: keepers,
  summary: 'Try the vault’s credentials of an account on its target now',
  about: 'One that is refused was changed outside: an alarm (`alarm.credential_drift`). By themselves all are tried once a day.',
  params: accountParams,
  answer: z.strictObject({
    results: z
      .array(
        z.strictObject({
          credential: proofKind,
          version: z.int(),
          /** What the target answered, as a code; null where it let us in. */
          code: z.string().nullable(),
        }),
      )
      .max(10),
  }),
})

export const batch = z.strictObject({
  id: id('bat'),
  reason: z.string(),
  orderedBy: z.string(),
  orderedAt: time,
  accounts: z.int(),
  done: z.int(),
  /** Failed at least once, and tried again. */
  failing: z.int(),
  held: z.int(),
})
export type Batch = z.infer<typeof batch>

export const rotateMany = defineRoute({
  id: 'rotateMany',
  method: 'POST',
  path: '/api/rotation-batches',
  tag,
  who: keepers,
  summary: 'Replace the credentials of several accounts: named ones, those of a target, or all that a person touched',
  about:
    'Touched: had a session with, or was shown its credential. Answers when they are ordered; `rotationBatch` says how far they are. Accounts that are held or were never taken over are left out.',
  body: z.strictObject({
    choice: z.discriminatedUnion('by', [
      z.strictObject({ by: z.literal('accounts'), ids: z.array(id('acc')).min(1).max(1000) }),
      z.strictObject({ by: z.literal('target'), name: shortName }),
      z.strictObject({ by: z.literal('touched'), person: personName }),
    ]),
    reason,
    compromised: z.boolean().default(false),
  }),
  answer: batch,
})
export const rotationBatch = defineRoute({
  id: 'rotationBatch',
  method: 'GET',
  path: '/api/rotation-batches/:id',
  tag,
  who: staff,
  summary: 'How far a rotation of several accounts is',
  params: z.strictObject({ id: id('bat') }),
  answer: batch,
})

export const rotationBatches = defineRoute({
  id: 'rotationBatches',
  method: 'GET',
  path: '/api/rotation-batches',
  tag,
  who: staff,
  summary: 'Rotations of several accounts that people ordered, the newest first',
  query: z.strictObject({ ...page }),
  answer: z.strictObject({ batches: z.array(batch), next: z.string().nullable() }),
})

export const changeRotationPlan = defineRoute({
  id: 'changeRotationPlan',
  method: 'PATCH',
  path: '/api/accounts/:id/rotation-plan',
  tag,
  who: ['administrators'],
  summary: 'After which age the credentials of an account are replaced',
  params: accountParams,
  body: z.strictObject({
    /** An hour to 365 days; null: as the installation says. */
    maxAgeSeconds: z.int().min(3600).max(31_536_000).nullable(),
  }),
  answer: z.strictObject({ maxAgeSeconds: z.int().nullable() }),
})
