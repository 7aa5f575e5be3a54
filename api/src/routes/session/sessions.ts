import { z } from 'zod'
import { defineRoute } from '../../route.ts'
import { code, done, duration, id, itsmTicket, line, page, personName, shortName, time } from '../../values.ts'
import { tag } from './who.ts'

export const session = z.strictObject({
  id: id('ses'),
  person: z.strictObject({ id: id('per'), name: personName, displayName: z.string() }),
  account: shortName,
  target: shortName,
  door: z.enum(['ssh', 'postgres', 'mysql']),
  /** With a client of their own, or in the console. */
  way: z.enum(['native', 'web']),
  /** `files`: a transfer by SFTP, or by the command of `scp -O`. */
  kind: z.enum(['shell', 'exec', 'sql', 'files', 'forward']),
  /** Of an SQL session. */
  database: z.string().nullable(),
  from: z.string(),
  grant: id('grt'),
  request: id('req'),
  state: z.enum(['opening', 'running', 'ended', 'interrupted', 'refused']),
  /** It runs, and an officer holds it: nothing passes. */
  suspended: z.boolean(),
  /** When it ends by itself unless it is renewed; null when it runs no more, or was never opened. */
  endsAt: time.nullable(),
  /** It ends after so long without anything passing. */
  idleSeconds: z.int().nullable(),
  /** So long a statement that runs at its end may go on; 0: it is cut off. */
  finishSeconds: z.int().nullable(),
  /** Nothing passes unless somebody else watches. */
  supervised: z.boolean(),
  /** Supervised, and nobody watches now: nothing passes. */
  unobserved: z.boolean(),
  openedAt: time,
  endedAt: time.nullable(),
  endReason: z.string().nullable(),
  exitStatus: z.int().nullable(),
  recording: z
    .strictObject({
      id: id('rec'),
      state: z.enum(['running', 'sealed', 'interrupted']),
      chunks: z.int(),
      bytes: z.int(),
      seconds: z.number(),
      /** When its period was over and its key was destroyed. */
      destroyedAt: time.nullable(),
      /** The bucket that has it; null while it lies in the folder of the server that made it. */
      storedIn: z.string().nullable(),
    })
    .nullable(),
})
export type Session = z.infer<typeof session>

export const sessions = defineRoute({
  id: 'sessions',
  method: 'GET',
  path: '/api/sessions',
  tag,
  who: 'person',
  summary: 'Sessions that I made or may see, newest first',
  query: z.strictObject({
    state: z.enum(['running', 'ended']).optional(),
    account: id('acc').optional(),
    /** Those under the grant that this request became. */
    request: id('req').optional(),
    /** Part of somebody's name, or of account@target. */
    search: z.string().max(64).optional(),
    ...page,
  }),
  answer: z.strictObject({ sessions: z.array(session) }),
})
export const getSession = defineRoute({
  id: 'session',
  method: 'GET',
  path: '/api/sessions/:id',
  tag,
  who: 'person',
  summary: 'One session',
  params: z.strictObject({ id: id('ses') }),
  answer: session,
})

export const endSession = defineRoute({
  id: 'endSession',
  method: 'POST',
  path: '/api/sessions/:id/end',
  tag,
  who: ['security'],
  summary: 'Cut a running session now',
  params: z.strictObject({ id: id('ses') }),
  body: z.strictObject({ reason: line(500) }),
  answer: done,
})
export const renewSession = defineRoute({
  id: 'renewSession',
  method: 'POST',
  path: '/api/sessions/:id/renew',
  tag,
  who: 'person',
  summary: 'Ask for more time in a running session of my own, with the same approvals as before; eight hours in all at most',
  about:
    'A request for more time under its grant. What is left out is as it was asked for before. Where nobody else has to agree, and where policy wants a fresh factor, `code` is needed unless one was given in the last 15 minutes: `access.fresh_code_needed` says so. What is granted moves the end of the grant and of every session under it.',
  params: z.strictObject({ id: id('ses') }),
  body: z.strictObject({
    duration: duration.optional(),
    reason: line(500).optional(),
    itsmTicket: itsmTicket.optional(),
    code: code.optional(),
  }),
  answer: z.strictObject({
    request: id('req'),
    /** Policy asked nobody: the time is given. */
    granted: z.boolean(),
    seconds: z.int(),
    /** Who may approve it. */
    approvers: z.array(personName),
  }),
})
