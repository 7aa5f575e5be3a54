import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { done, id, line, personName, stepUp, time } from '../values.ts'
import { verified } from './session/index.ts'

const tag = 'sessions'
const officers = ['security'] as const

const opening = z.strictObject({
  id: id('iop'),
  session: id('ses'),
  /** Whose session it was, and on what. */
  person: personName,
  account: z.string(),
  reason: z.string(),
  /** `over`: nobody approved it in a day, the hour after that has passed, or it was looked at as often as it may be. */
  state: z.enum(['waiting', 'approved', 'withdrawn', 'over']),
  askedBy: personName,
  askedAt: time,
  /** Until when somebody may approve it. */
  expiresAt: time,
  approvedBy: personName.nullable(),
  approvedAt: time.nullable(),
  /** Until when the two may look. */
  endsAt: time.nullable(),
  /** How many looks were taken, and how many there are. */
  looks: z.int(),
  mostLooks: z.int(),
})
export type InputOpening = z.infer<typeof opening>

export const inputOpenings = defineRoute({
  id: 'inputOpenings',
  method: 'GET',
  path: '/api/input-openings',
  tag,
  who: ['security', 'auditors'],
  summary: 'What officers asked to see of what was typed unseen, the newest hundred',
  query: z.strictObject({ session: id('ses').optional() }),
  answer: z.strictObject({ openings: z.array(opening) }),
})
export const askForInput = defineRoute({
  id: 'askForInput',
  method: 'POST',
  path: '/api/sessions/:id/input-openings',
  tag,
  who: officers,
  summary: 'Ask to see what was typed unseen in a session; nothing is shown until another officer approves it',
  params: z.strictObject({ id: id('ses') }),
  body: z.strictObject({ reason: line(500), ...stepUp }),
  answer: z.strictObject({ id: id('iop') }),
})
export const approveInput = defineRoute({
  id: 'approveInput',
  method: 'POST',
  path: '/api/input-openings/:id/approve',
  tag,
  who: officers,
  summary: 'Approve that what was typed unseen is shown, as another officer than who asked: for an hour, to the two of them',
  params: z.strictObject({ id: id('iop') }),
  body: z.strictObject(stepUp),
  answer: done,
})
export const withdrawInput = defineRoute({
  id: 'withdrawInput',
  method: 'POST',
  path: '/api/input-openings/:id/withdraw',
  tag,
  who: officers,
  summary: 'End an opening before its time, or say no to it',
  params: z.strictObject({ id: id('iop') }),
  body: z.strictObject(stepUp),
  answer: done,
})

export const unseen = z.discriminatedUnion('kind', [
  /** Typed while the target echoed nothing, up to Enter. Control characters stand as their pictures (`↵` Enter, `⌫` Backspace); `base64` has the bytes. */
  z.strictObject({
    kind: z.literal('typed'),
    seconds: z.number(),
    text: z.string(),
    base64: z.string(),
    /** The last command that was recognised before it. */
    after: z.string().nullable(),
    /** The recording broke off before it was decided whether this was echoed. */
    undecided: z.boolean(),
  }),
  /** A statement as it was before something in it was masked. Without `sql`: its text is not what was masked. */
  z.strictObject({
    kind: z.literal('statement'),
    seconds: z.number(),
    n: z.int(),
    sql: z.string(),
    parameters: z.array(z.string().nullable()),
  }),
])
export type Unseen = z.infer<typeof unseen>

export const showInput = defineRoute({
  id: 'showInput',
  method: 'POST',
  path: '/api/input-openings/:id/show',
  tag,
  who: officers,
  summary: 'See what was typed unseen, once more; for the two officers who opened it. That somebody looks is in the ledger before',
  params: z.strictObject({ id: id('iop') }),
  body: z.strictObject({
    /** Only what was typed from this second on. */
    from: z.number().min(0).max(1_000_000_000).default(0),
    ...stepUp,
  }),
  answer: z.strictObject({
    session: id('ses'),
    unseen: z.array(unseen),
    /** From which second on there is more; null when this is all. */
    next: z.number().nullable(),
    looksLeft: z.int(),
    verified,
  }),
})
