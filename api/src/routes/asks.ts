import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, id, line, page, time } from '../values.ts'

const tag = 'sessions'

/** What is held, as whoever decides sees it: all of it, without what is secret. */
export const heldAct = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('run'), command: z.string() }),
  /**
   * A yes is good for fewer than `until` bytes; null: for any number. `or`: the other path that it may be: the target alone knows which is a folder. `local`: a
   * statement sends the file that has this path on the person's machine (`LOAD DATA LOCAL`).
   */
  z.strictObject({
    ...{ action: z.literal('transfer'), op: z.string(), direction: z.string(), path: z.string(), or: z.string().optional() },
    local: z.literal(true).optional(),
    ...{ bytes: z.int(), until: z.int().nullable() },
  }),
  z.strictObject({
    ...{ action: z.literal('query'), database: z.string(), sql: z.string() },
    /** Those of a prepared one, in the order of its places; null is SQL's null. */
    values: z.array(z.string().nullable()).optional(),
  }),
  z.strictObject({ action: z.literal('forward'), direction: z.string(), host: z.string(), port: z.int() }),
])
export type HeldAct = z.infer<typeof heldAct>

/** `passed`: the target heard of it. `over`: nobody's word is waited for any longer, and it was not done. */
export const askState = z.enum(['waiting', 'allowed', 'refused', 'passed', 'over'])

export const sessionAsk = z.strictObject({
  id: id('ask'),
  session: id('ses'),
  person: z.strictObject({ id: id('per'), name: z.string(), displayName: z.string() }),
  accountId: id('acc'),
  account: z.string(),
  target: z.string(),
  door: z.enum(['ssh', 'postgres', 'mysql']),
  action: z.enum(['run', 'transfer', 'query', 'forward']),
  /** Null where it cannot be read: `unread` says why. */
  act: heldAct.nullable(),
  /** What a yes is bound to: SHA-256 over the ids, `salt` and `act` (docs/formats.md, asked acts). */
  digest: z.string(),
  salt: z.string().nullable(),
  /** `destroyed`: with its recording; `altered`: in the database; `not_kept`: asked before texts were sealed; `not_now`: look again. */
  unread: z.enum(['destroyed', 'altered', 'not_kept', 'not_now']).nullable(),
  askedAt: time,
  expiresAt: time,
  state: askState,
  /** Members of any of these groups decide, except the person. `names`: the first twenty of who could now, while it waits; `more`: so many besides. */
  asked: z.strictObject({ groups: z.array(z.string()), names: z.array(z.string()), more: z.int() }),
  mayDecide: z.boolean(),
  /** Why the viewer cannot decide; null when they can. */
  blocked: z.enum(['own', 'not_an_approver', 'not_waiting', 'unread']).nullable(),
  decidedBy: z.string().nullable(),
  decidedAt: time.nullable(),
  comment: z.string().nullable(),
  /** Why it was not waited for any longer. */
  why: z.string().nullable(),
})
export type SessionAsk = z.infer<typeof sessionAsk>

const params = z.strictObject({ id: id('ask') })

export const sessionAsks = defineRoute({
  id: 'sessionAsks',
  method: 'GET',
  path: '/api/session-asks',
  tag,
  who: 'person',
  summary: 'Acts in sessions that are held until somebody else decides, and those that were; newest first',
  about: 'Approvers, security, auditors and administrators see all of them, others their own.',
  query: z.strictObject({
    /** `inbox`: what waits and I may decide; `waiting`: all that waits; `all`: what is over too. */
    view: z.enum(['inbox', 'waiting', 'all']).default('waiting'),
    id: id('ask').optional(),
    session: id('ses').optional(),
    ...page,
  }),
  answer: z.strictObject({ asks: z.array(sessionAsk) }),
})
export const allowSessionAsk = defineRoute({
  id: 'allowSessionAsk',
  method: 'POST',
  path: '/api/session-asks/:id/allow',
  tag,
  who: 'person',
  summary: 'Let exactly this act be done, once, with a fresh code bound to its digest',
  params,
  body: z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/), code, comment: line(500).optional() }),
  answer: sessionAsk,
})
export const refuseSessionAsk = defineRoute({
  id: 'refuseSessionAsk',
  method: 'POST',
  path: '/api/session-asks/:id/refuse',
  tag,
  who: 'person',
  summary: 'Say no to an act that is held, with a reason that the person reads',
  params,
  body: z.strictObject({ reason: line(500) }),
  answer: sessionAsk,
})
