import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, digest, duration, environment, id, itsmTicket, line, page, personName, shortName, tier, time } from '../values.ts'

const tag = 'access'
export const somebody = z.strictObject({ id: id('per'), name: personName, displayName: z.string() })

/** What bounds a session while it runs. */
export const sessionTerms = z.strictObject({
  /** It ends after so long without anything passing. */
  idleSeconds: z.int(),
  /** From its opening, or its last renewal; its grant may end sooner. */
  longestSeconds: z.int(),
  /** So long a statement that runs may go on when the time is up; 0: it is cancelled. */
  finishSeconds: z.int(),
  /** Nothing passes unless somebody else watches. */
  supervised: z.boolean(),
  /** So many sessions one person has at once with one account; not there: what is configured alone. */
  sessions: z.int().optional(),
  /** Of what a statement gives back so many bytes are kept in the recording; not there: nothing. */
  resultBytes: z.int().optional(),
})
export type SessionTerms = z.infer<typeof sessionTerms>

/** What policy demands of a request before it becomes a grant. */
export const obligations = z.strictObject({
  approvals: z.int(),
  maxSeconds: z.int(),
  itsmTicket: z.boolean(),
  mfa: z.enum(['session', 'fresh']),
  reveal: z.enum(['never', 'allowed']),
  /** How sessions are carried; absent where it was asked for before there were such words. */
  session: sessionTerms.optional(),
  recorded: z.literal(true),
})
export type Obligations = z.infer<typeof obligations>

export const approval = z.strictObject({
  id: id('apr'),
  approver: somebody,
  verdict: z.enum(['approved', 'denied']),
  comment: z.string().nullable(),
  at: time,
  factor: z.enum(['totp', 'passkey']).nullable(),
})

/** connect: through a gateway, which uses the credential; reveal: the credential is shown to the person. */
export const action = z.enum(['connect', 'reveal'])

export const grant = z.strictObject({
  id: id('grt'),
  request: id('req'),
  person: somebody,
  account: shortName,
  target: shortName,
  action,
  /** Nobody else has a grant on the account while this one runs. */
  exclusive: z.boolean(),
  state: z.enum(['active', 'ended', 'void']),
  startsAt: time,
  endsAt: time,
  endedAt: time.nullable(),
  endReason: z.string().nullable(),
})
export type Grant = z.infer<typeof grant>

const requestState = z.enum(['waiting', 'queued', 'approved', 'denied', 'withdrawn', 'expired', 'void'])

export const accessRequest = z.strictObject({
  id: id('req'),
  requester: somebody,
  account: z.strictObject({ id: id('acc'), name: shortName, tier, tierLabel: z.string(), privileges: z.array(z.string()) }),
  target: z.strictObject({ id: id('tgt'), name: shortName, kind: z.string(), environment, address: z.string() }),
  action,
  reason: z.string(),
  itsmTicket: z.string().nullable(),
  seconds: z.int(),
  /** waiting → queued → approved | denied | withdrawn | expired | void. Queued: everything is there, and somebody else has the account. */
  state: requestState,
  /** Its place among those that wait for the account, from 1; null when it does not queue. */
  position: z.int().nullable(),
  /** More time is asked for under this grant; null when a new one is. */
  extends: id('grt').nullable(),
  obligations,
  /** Why policy answered so, in words: the names of the rules that matched. */
  because: z.array(z.string()),
  /** SHA-256 over exactly what is asked, target address and identity included. An approval counts for this digest only. */
  digest,
  createdAt: time,
  expiresAt: time,
  approvals: z.array(approval),
  grant: grant.nullable(),
  /** How the viewer stands to it: why they cannot approve, or null when they can. */
  approveBlocked: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  voidReason: z.string().nullable(),
  /** The requester's last three requests for this account. */
  history: z.array(z.strictObject({ id: id('req'), state: z.string(), createdAt: time })).max(3),
})
export type AccessRequest = z.infer<typeof accessRequest>

/** `deploy@web01` */
export const accountAtTarget = z
  .string()
  .max(129)
  .regex(/^[^@\s]{1,64}@[^@\s]{1,64}$/, 'account@target, such as deploy@web01')

export const previewRequest = defineRoute({
  id: 'previewRequest',
  method: 'POST',
  path: '/api/requests/preview',
  tag,
  who: 'person',
  summary: 'What policy would ask for, before anything is asked',
  /** With a ticket, or none named yet: then the answer says whether one is needed. */
  body: z.strictObject({ account: accountAtTarget, action: action.default('connect'), duration, itsmTicket: itsmTicket.optional() }),
  answer: z.strictObject({
    allowed: z.boolean(),
    obligations: obligations.nullable(),
    because: z.array(z.string()),
    message: z.string().nullable(),
    approvers: z.array(personName),
  }),
})
export const fileRequest = defineRoute({
  id: 'fileRequest',
  method: 'POST',
  path: '/api/requests',
  tag,
  who: 'person',
  summary: 'Ask for access to an account for a time, with a reason',
  body: z.strictObject({
    account: accountAtTarget,
    action: action.default('connect'),
    duration,
    reason: line(500),
    itsmTicket: itsmTicket.optional(),
  }),
  answer: accessRequest,
})
export const requests = defineRoute({
  id: 'requests',
  method: 'GET',
  path: '/api/requests',
  tag,
  who: 'person',
  summary: 'Requests that I made, may decide, or may see; newest first',
  query: z.strictObject({
    state: requestState.optional(),
    /** `inbox`: what waits for my decision; `decided`: what waits for nobody any more. */
    view: z.enum(['inbox', 'mine', 'decided', 'all']).default('all'),
    account: id('acc').optional(),
    /** Only those that name this ITSM ticket; capital or not is the same. */
    ticket: itsmTicket.optional(),
    ...page,
  }),
  answer: z.strictObject({ requests: z.array(accessRequest) }),
})
export const getRequest = defineRoute({
  id: 'request',
  method: 'GET',
  path: '/api/requests/:id',
  tag,
  who: 'person',
  summary: 'One request',
  params: z.strictObject({ id: id('req') }),
  answer: accessRequest,
})
export const approveRequest = defineRoute({
  id: 'approveRequest',
  method: 'POST',
  path: '/api/requests/:id/approve',
  tag,
  who: 'person',
  summary: 'Approve exactly this request, with a fresh code bound to its digest',
  params: z.strictObject({ id: id('req') }),
  body: z.strictObject({ digest, code, comment: line(500).optional() }),
  answer: accessRequest,
})
export const denyRequest = defineRoute({
  id: 'denyRequest',
  method: 'POST',
  path: '/api/requests/:id/deny',
  tag,
  who: 'person',
  summary: 'Say no, with a reason that the requester sees',
  params: z.strictObject({ id: id('req') }),
  body: z.strictObject({ reason: line(500) }),
  answer: accessRequest,
})
export const withdrawRequest = defineRoute({
  id: 'withdrawRequest',
  method: 'POST',
  path: '/api/requests/:id/withdraw',
  tag,
  who: 'person',
  summary: 'Take my own request back',
  params: z.strictObject({ id: id('req') }),
  answer: accessRequest,
})
export const grants = defineRoute({
  id: 'grants',
  method: 'GET',
  path: '/api/grants',
  tag,
  who: 'person',
  summary: 'Grants, newest first',
  query: z.strictObject({ state: z.enum(['active', 'ended', 'void']).optional(), person: id('per').optional(), ...page }),
  answer: z.strictObject({ grants: z.array(grant) }),
})
export const endGrant = defineRoute({
  id: 'endGrant',
  method: 'POST',
  path: '/api/grants/:id/end',
  tag,
  who: 'person',
  summary: "End a grant now: my own, or as security anyone's",
  params: z.strictObject({ id: id('grt') }),
  body: z.strictObject({ reason: line(500) }),
  answer: grant,
})
