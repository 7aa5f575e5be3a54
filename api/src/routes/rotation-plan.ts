import { z } from 'zod'
import { proofKind } from '../credential-kinds.ts'
import { defineRoute } from '../route.ts'
import { id, shortName, time } from '../values.ts'

const tag = 'rotation'
const staff = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const

/** A stretch of time in which so many credentials become old enough, or are tried. */
export const dueDay = z.strictObject({ from: time, rotations: z.int(), verifications: z.int() })

export const plan = z.strictObject({
  /** Stretches of `hours` hours from now on, without gaps. */
  hours: z.int(),
  days: z.array(dueDay).max(400),
  /** Old enough already: ordered with the next look, or waiting for a window or for the end of a grant. */
  overdue: z.int(),
  /** After the last stretch. */
  later: z.int(),
  /** Whose current credential a target refused: changed outside, or half changed. */
  drifted: z.int(),
  held: z.int(),
  /** When rotations by age may begin; empty: always. Days 0 (Sunday) to 6, minutes of the day in UTC. */
  windows: z.array(z.strictObject({ days: z.array(z.int()), from: z.int(), to: z.int() })).max(100),
  /** The first that fall due. */
  next: z.array(z.strictObject({ account: z.strictObject({ id: id('acc'), name: shortName, target: shortName }), dueAt: time })).max(50),
})
export type Plan = z.infer<typeof plan>

export const rotationPlan = defineRoute({
  id: 'rotationPlan',
  method: 'GET',
  path: '/api/rotation-plan',
  tag,
  who: staff,
  summary: 'What falls due by its age and when: how many credentials are replaced and tried in each stretch of time',
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(30) }),
  answer: plan,
})

/** How one account's credentials are looked after. */
export const care = z.strictObject({
  /** Of this account alone; null: as the installation says. */
  maxAgeSeconds: z.int().nullable(),
  /** What counts for it. */
  ageSeconds: z.int(),
  /** Null while nothing looked after it yet: never taken over, or a moment ago. */
  rotatedAt: time.nullable(),
  dueAt: time.nullable(),
  /** When its credentials were last tried or proven, and when they are tried again. */
  triedAt: time.nullable(),
  tryAt: time.nullable(),
  health: z
    .array(
      z.strictObject({
        credential: proofKind,
        /** Seen to open the target, and when. */
        works: z.int().nullable(),
        workedAt: time.nullable(),
        /** Versions that the target refused since. */
        refused: z.array(z.int()).max(20),
        refusedAt: time.nullable(),
      }),
    )
    .max(10),
  /** Until when the target may go on accepting what was replaced, and when we looked again and it did not. */
  oldValidUntil: time.nullable(),
  oldCheckedAt: time.nullable(),
})
export type Care = z.infer<typeof care>

export const accountCare = defineRoute({
  id: 'accountCare',
  method: 'GET',
  path: '/api/accounts/:id/rotation-plan',
  tag,
  who: staff,
  summary: 'When the credentials of an account are replaced and tried next, and what the target said of them last',
  params: z.strictObject({ id: id('acc') }),
  answer: care,
})
