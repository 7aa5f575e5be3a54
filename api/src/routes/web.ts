import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { id } from '../values.ts'

/*
 * A session in the browser: a WebSocket to the console's server. What the browser says first is the connection ticket that it got for the
 * grant; from then on a terminal or SQL passes, in the messages below. Typed bytes and bytes for the screen pass as binary messages.
 */

export const webSession = defineRoute({
  id: 'webSession',
  method: 'GET',
  path: '/api/grants/:id/session',
  tag: 'sessions',
  who: 'person',
  summary: 'A terminal or SQL in the browser under my own grant: takes a WebSocket',
  about:
    'For the console: the request must be an upgrade to a WebSocket from this server’s own page, with the cookie of a sign-in. The first message is `open` with a connection ticket (`POST /api/grants/{id}/ticket`). The bytes go through the gateway of the target’s kind, as those of any client do: the same checks, the same recording, the same entries in the ledger, which say `web` for the way. Programs use the gateways themselves.',
  params: z.strictObject({ id: id('grt') }),
  answer: z.string(),
})

/** Of one message, either way; a longer statement belongs into a client of its own. */
export const longestMessage = 256 * 1024
/** Of typed bytes in one message. */
export const longestTyped = 32 * 1024

const size = z.int().min(1).max(2000)
const ticket = z.string().min(1).max(128)

/** What a terminal in the browser says, besides typed bytes. */
export const terminalSays = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), ticket, columns: size, rows: size }),
  z.strictObject({ kind: z.literal('resize'), columns: size, rows: size }),
  /** So many bytes of what it was sent are on the screen. What was not taken is not added to without end. */
  z.strictObject({ kind: z.literal('took'), bytes: z.int().min(0).max(longestMessage) }),
])
export type TerminalSays = z.infer<typeof terminalSays>

/** The last message of every kind of session. */
const over = z.strictObject({
  kind: z.literal('over'),
  /** Of the shell, where it said one. */
  status: z.int().nullable(),
  signal: z.string().nullable(),
  /** What to do, where it ended by something else than itself. */
  why: z.string().nullable(),
})
export const terminalHears = z.discriminatedUnion('kind', [over])
export type TerminalHears = z.infer<typeof terminalHears>

/** What a page of SQL says. One statement, or text of several, runs at a time. */
export const sqlSays = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), ticket, database: z.string().min(1).max(64).optional() }),
  z.strictObject({ kind: z.literal('run'), sql: z.string().min(1).max(200_000) }),
  /** The next rows of the result that waits. */
  z.strictObject({ kind: z.literal('more') }),
  /** No more rows are to be shown; the statement runs to its end. */
  z.strictObject({ kind: z.literal('finish') }),
  /** What runs is to stop. With a fresh ticket where `ready` says `ticket`. */
  z.strictObject({ kind: z.literal('cancel'), ticket: ticket.optional() }),
])
export type SqlSays = z.infer<typeof sqlSays>

const transaction = z.enum(['none', 'open', 'failed'])
/** Null is SQL's null; a long value is cut, and says how many characters it has. */
const cell = z.union([z.string(), z.null(), z.strictObject({ cut: z.string(), length: z.int() })])
export type SqlCell = z.infer<typeof cell>

export const sqlHears = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ready'),
    server: z.string(),
    database: z.string(),
    /** What a `cancel` needs: a second login, as clients of MySQL make it, needs a ticket. */
    cancelBy: z.enum(['key', 'ticket']),
  }),
  /** Words of Claviger's own, and of officers. */
  z.strictObject({ kind: z.literal('said'), message: z.string() }),
  /** Words of the target. */
  z.strictObject({ kind: z.literal('notice'), severity: z.string(), message: z.string() }),
  z.strictObject({ kind: z.literal('columns'), columns: z.array(z.strictObject({ name: z.string(), type: z.string() })) }),
  z.strictObject({ kind: z.literal('rows'), rows: z.array(z.array(cell)) }),
  /** An officer holds the session, or nobody observes it who has to: nothing passes meanwhile. */
  z.strictObject({ kind: z.literal('suspended'), suspended: z.boolean() }),
  /** There may be more rows: they come when they are asked for, and the statement waits until then, though not for long. */
  z.strictObject({ kind: z.literal('held') }),
  /** Nobody asked for more rows in time: what follows is not shown, and the statement runs to its end. */
  z.strictObject({ kind: z.literal('skipped') }),
  /** One statement has ended. `rows`: returned or touched, as the target said. */
  z.strictObject({ kind: z.literal('done'), tag: z.string(), rows: z.int().nullable() }),
  z.strictObject({
    kind: z.literal('failed'),
    message: z.string(),
    detail: z.string().nullable(),
    hint: z.string().nullable(),
    code: z.string().nullable(),
    /** Character of the text that was sent, from 1. */
    position: z.int().nullable(),
  }),
  /** The whole text has run: the next one may be sent. */
  z.strictObject({ kind: z.literal('idle'), transaction, ms: z.number() }),
  over,
])
export type SqlHears = z.infer<typeof sqlHears>
