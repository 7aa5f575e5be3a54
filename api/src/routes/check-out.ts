import { z } from 'zod'
import { about, credentialKind, encoding, longestValue } from '../credential-kinds.ts'
import { defineRoute } from '../route.ts'
import { code, duration, id, itsmTicket, line, page, shortName, time } from '../values.ts'
import { accessRequest, action, somebody } from './access.ts'

const tag = 'check-out'
const staff = ['engineers', 'approvers', 'security', 'auditors', 'administrators'] as const
const credential = credentialKind

/** How an account is given out: `shared` to several at a time, `exclusive` to one. A credential that is shown has one holder, always. */
const mode = z.enum(['shared', 'exclusive'])

/** Who has an account now, and who waits for it. */
export const checkOut = z.strictObject({
  account: id('acc'),
  mode,
  /** free: nobody holds it alone; held: by a grant; returned: the grant is over and what its holder knew is being replaced. */
  state: z.enum(['free', 'held', 'returned']),
  holder: somebody.nullable(),
  grant: id('grt').nullable(),
  action: action.nullable(),
  /** When it comes back by itself; null while nobody holds it. */
  until: time.nullable(),
  /** Returned, and the credential could not be replaced: the code of the rotation's last failure. It is tried again, and nobody gets the account before. */
  trouble: z.string().nullable(),
  /** Who waits, in their order. Others' names are shown to those who may see others' requests. */
  queue: z.array(z.strictObject({ position: z.int(), request: id('req').nullable(), person: somebody.nullable(), since: time })).max(200),
  /** My own place in it, from 1. */
  position: z.int().nullable(),
  /** What somebody could do here: connect through a gateway, or be shown the credential. */
  actions: z.array(action),
})
export type CheckOut = z.infer<typeof checkOut>

export const getCheckOut = defineRoute({
  id: 'checkOut',
  method: 'GET',
  path: '/api/accounts/:id/check-out',
  tag,
  who: staff,
  summary: 'Who holds an account, until when, and who waits for it',
  params: z.strictObject({ id: id('acc') }),
  answer: checkOut,
})
export const changeCheckOut = defineRoute({
  id: 'changeCheckOut',
  method: 'PATCH',
  path: '/api/accounts/:id/check-out',
  tag,
  who: ['administrators'],
  summary: 'Give an account to one person at a time, or to several',
  params: z.strictObject({ id: id('acc') }),
  body: z.strictObject({ mode, code }),
  answer: checkOut,
})

/** One showing: who saw which version, and when. Never what. */
export const reveal = z.strictObject({
  id: id('rvl'),
  grant: id('grt'),
  person: somebody,
  credential,
  version: z.int(),
  at: time,
  /** preparing: under way; shown: it was answered; failed: it was not. */
  state: z.enum(['preparing', 'shown', 'failed']),
})
export type Reveal = z.infer<typeof reveal>

export const reveals = defineRoute({
  id: 'reveals',
  method: 'GET',
  path: '/api/accounts/:id/reveals',
  tag,
  who: staff,
  summary: 'Who saw which version of its credentials and when, newest first',
  params: z.strictObject({ id: id('acc') }),
  query: z.strictObject(page),
  answer: z.strictObject({ reveals: z.array(reveal), next: z.string().nullable() }),
})
export const revealCredential = defineRoute({
  id: 'revealCredential',
  method: 'POST',
  path: '/api/grants/:id/reveal',
  tag,
  who: 'person',
  summary: 'See the credential that I hold, once, with a fresh code. It is in the ledger before it is answered',
  params: z.strictObject({ id: id('grt') }),
  body: z.strictObject({ code, credential: credential.optional() }),
  answer: z.strictObject({
    account: shortName,
    target: shortName,
    credential,
    version: z.int(),
    /** The credential itself. */
    value: z.string().max(longestValue),
    encoding,
    /** Of an SSH key its public line. */
    public: z.string().nullable(),
    /** Of one that was brought in what is no secret: the name of a file, the id of an API key. */
    about: about.nullable(),
    /** When it comes back and is replaced. */
    until: time,
  }),
})
export const issueReadTicket = defineRoute({
  id: 'issueReadTicket',
  method: 'POST',
  path: '/api/grants/:id/read-ticket',
  tag,
  who: 'person',
  summary: 'A ticket with which a program reads the credential that I hold, from my address, for 15 minutes; with a fresh code',
  params: z.strictObject({ id: id('grt') }),
  body: z.strictObject({ code }),
  answer: z.strictObject({ ticket: z.string(), expiresAt: time }),
})
export const readCredential = defineRoute({
  id: 'readCredential',
  method: 'GET',
  path: '/api/credential',
  tag,
  who: 'anyone',
  summary: 'Read a credential by a read ticket, for programs',
  about: 'As `Authorization: Bearer clvr_…`, as often as needed. Each read is in the ledger before it is answered.',
  query: z.strictObject({ credential: credential.optional() }),
  answer: z.strictObject({
    account: shortName,
    target: shortName,
    credential,
    version: z.int(),
    /** The credential itself. */
    value: z.string().max(longestValue),
    encoding,
    /** Of an SSH key its public line. */
    public: z.string().nullable(),
    /** Of one that was brought in what is no secret: the name of a file, the id of an API key. */
    about: about.nullable(),
    /** When the grant ends. */
    until: time,
  }),
})
export const extendGrant = defineRoute({
  id: 'extendGrant',
  method: 'POST',
  path: '/api/grants/:id/extend',
  tag,
  who: 'person',
  summary: 'Ask for more time under my grant; policy and approvers decide as for a new request, eight hours in all at most',
  params: z.strictObject({ id: id('grt') }),
  about:
    'Where nobody else has to agree, and where policy wants a fresh factor, `code` is needed unless one was given in the last 15 minutes: `access.fresh_code_needed` says so.',
  body: z.strictObject({ duration, reason: line(500), itsmTicket: itsmTicket.optional(), code: code.optional() }),
  answer: accessRequest,
})
