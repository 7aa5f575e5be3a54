import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { done, environment, id, line, stepUp, tier, time } from '../values.ts'

const tag = 'retention'
const readers = ['security', 'auditors', 'administrators'] as const

export const anchor = z
  .enum(['session_ended', 'grant_closed', 'account_removed', 'relationship_ended'])
  .meta({ description: 'The event from which the period counts; until it happened there is no date' })
const months = z.int().min(1).max(1200).meta({ description: 'Calendar months, such as 84 for seven years' })
const className = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, at most 40')
  .meta({ description: 'What a class is called', examples: ['sox'] })
const kindName = z.string().regex(/^[a-z0-9_-]{1,64}$/)

/** For which targets a class is. Null: any; an empty list: none. */
const applies = z.strictObject({
  targets: z.array(id('tgt')).max(200).nullable(),
  tiers: z.array(tier).max(4).nullable(),
  environments: z.array(environment).max(4).nullable(),
  kinds: z.array(kindName).max(100).nullable(),
})
export type Applies = z.infer<typeof applies>

const term = z.strictObject({ from: time, months: z.int(), applies: applies.nullable() })
const retentionClass = z.strictObject({
  id: id('rtc'),
  name: className,
  anchor,
  /** What it said from when on, oldest first. A recording is kept by the longest of those that were said since it was made. */
  terms: z.array(term),
  /** A security officer said once that it is right. Until then nothing is destroyed that it keeps. */
  confirmed: z.boolean(),
  /** Of a class that every installation has: what the regulation itself asks for, and where that stands. */
  source: z.strictObject({ months: z.int().nullable(), says: z.string(), where: z.string() }).nullable(),
  /** Names of the targets that it names. */
  targetNames: z.array(z.string()),
})
export type RetentionClass = z.infer<typeof retentionClass>

const closedAnchor = z.strictObject({
  anchor: z.enum(['account_removed', 'relationship_ended']),
  subject: z.string(),
  subjectName: z.string(),
  at: time,
  by: z.string(),
  reason: z.string(),
})

export const retention = defineRoute({
  id: 'retention',
  method: 'GET',
  path: '/api/retention',
  tag,
  who: readers,
  summary: 'How long recordings are kept: classes, and the anchors that were closed',
  answer: z.strictObject({
    classes: z.array(retentionClass),
    anchors: z.array(closedAnchor),
    /** Rows that are not what was attested: while there are any, nothing is destroyed. */
    forged: z.array(z.string()),
  }),
})

const said = { months, applies: applies.nullable(), reason: line(500), ...stepUp }

export const addRetentionClass = defineRoute({
  id: 'addRetentionClass',
  method: 'POST',
  path: '/api/retention/classes',
  tag,
  who: ['security'],
  summary: 'Make a class of one’s own',
  body: z.strictObject({ name: className, anchor, ...said }),
  answer: z.strictObject({ id: id('rtc') }),
})
export const changeRetentionClass = defineRoute({
  id: 'changeRetentionClass',
  method: 'POST',
  path: '/api/retention/classes/:id',
  tag,
  who: ['security'],
  summary: 'Say what a class keeps from now on, or confirm a shipped one; what is recorded already is never kept shorter',
  params: z.strictObject({ id: id('rtc') }),
  body: z.strictObject(said),
  answer: z.strictObject({ id: id('rtc') }),
})
export const sayRetentionAnchor = defineRoute({
  id: 'sayRetentionAnchor',
  method: 'POST',
  path: '/api/retention/anchors',
  tag,
  who: ['security'],
  summary: 'Say that a relationship is over or an account was removed, from now on; or that it is not after all',
  body: z.strictObject({
    anchor: z.enum(['account_removed', 'relationship_ended']),
    subject: z.string().regex(/^(tgt|acc)_[a-z0-9]{10}$/),
    state: z.enum(['closed', 'open']),
    reason: line(500),
    ...stepUp,
  }),
  answer: done,
})

const holdKind = z.enum(['session', 'person', 'account', 'target'])
const hold = z.strictObject({
  id: id('lho'),
  kind: holdKind,
  subject: z.string(),
  /** How people know it. */
  subjectName: z.string(),
  caseNumber: z.string(),
  reason: z.string(),
  placedBy: z.string(),
  placedAt: time,
  state: z.enum(['placed', 'lifted']),
  liftedBy: z.string().nullable(),
  liftedAt: time.nullable(),
  liftReason: z.string().nullable(),
})
export type LegalHold = z.infer<typeof hold>

export const holds = defineRoute({
  id: 'holds',
  method: 'GET',
  path: '/api/holds',
  tag,
  who: ['security', 'auditors'],
  summary: 'Legal holds, those that are placed first',
  answer: z.strictObject({ holds: z.array(hold) }),
})
export const placeHold = defineRoute({
  id: 'placeHold',
  method: 'POST',
  path: '/api/holds',
  tag,
  who: ['security'],
  summary: 'Hold the recordings of a session, a person, an account or a target: nothing destroys them',
  body: z.strictObject({
    kind: holdKind,
    subject: z.string().regex(/^(ses|per|acc|tgt)_[a-z0-9]{10}$/),
    caseNumber: line(100),
    reason: line(500),
    ...stepUp,
  }),
  answer: z.strictObject({ id: id('lho') }),
})
export const liftHold = defineRoute({
  id: 'liftHold',
  method: 'POST',
  path: '/api/holds/:id/lift',
  tag,
  who: ['security'],
  summary: 'Lift a legal hold that another officer placed',
  params: z.strictObject({ id: id('lho') }),
  body: z.strictObject({ reason: line(500), ...stepUp }),
  answer: done,
})

const stored = { recordings: z.int(), bytes: z.int(), unmeasured: z.int() }
export const storage = defineRoute({
  id: 'recordingStorage',
  method: 'GET',
  path: '/api/retention/storage',
  tag,
  who: readers,
  summary: 'What recordings take and where they lie; growth, when the disk is full, and what is destroyed in the next 30 days',
  answer: z.strictObject({
    /** `unmeasured`: recordings that were interrupted, of which the size is not known. */
    total: z.strictObject(stored),
    months: z.array(z.strictObject({ month: z.string(), ...stored })),
    kinds: z.array(z.strictObject({ kind: z.string(), ...stored })),
    /** By the class that keeps them longest; without a name: none. */
    classes: z.array(z.strictObject({ name: z.string(), ...stored })),
    /** `place`: a bucket; null: folders of the servers that made them. */
    places: z.array(z.strictObject({ place: z.string().nullable(), ...stored })),
    growth: z.strictObject({ days: z.int(), bytesPerDay: z.int() }),
    /** Of the disk in which this server's recordings lie. `bytesPerDay`: what stays in servers' folders; what goes to a bucket fills no disk. */
    disk: z
      .strictObject({ free: z.number(), size: z.number(), bytesPerDay: z.int(), fullInDays: z.int().nullable(), fullAt: time.nullable() })
      .nullable(),
    next: z.strictObject({
      days: z.int(),
      recordings: z.int(),
      bytes: z.int(),
      /** The first of them. */
      first: z.array(
        z.strictObject({ session: id('ses'), name: z.string(), person: z.string(), bytes: z.int(), class: z.string(), until: time }),
      ),
    }),
    /** What was destroyed so far; `filesLeft`: of which the file is not removed yet. */
    destroyed: z.strictObject({ recordings: z.int(), filesLeft: z.int(), bytes: z.int() }),
  }),
})
export type Storage = z.infer<(typeof storage)['answer']>

export const sessionKept = defineRoute({
  id: 'sessionKept',
  method: 'GET',
  path: '/api/sessions/:id/kept',
  tag,
  who: readers,
  summary:
    'Until when the recording of a session is kept, and by what; or what is left of one that was destroyed, and whether that verifies',
  params: z.strictObject({ id: id('ses') }),
  answer: z.strictObject({
    recording: id('rec'),
    state: z.enum(['kept', 'destroying', 'destroyed']),
    class: z.string().nullable(),
    until: time.nullable(),
    why: z.enum(['no_class', 'not_confirmed', 'anchor_open']).nullable(),
    held: z.boolean(),
    /** The manifest that the keeper signed when it ended. `none`: it was interrupted, or refused. */
    manifest: z.enum(['signed', 'forged', 'none']),
    destroyed: z.strictObject({ at: time, fileRemovedAt: time.nullable() }).nullable(),
    /** All of it in a sentence. */
    message: z.string(),
  }),
})
export type SessionKept = z.infer<(typeof sessionKept)['answer']>
