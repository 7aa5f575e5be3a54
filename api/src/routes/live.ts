import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { id, line } from '../values.ts'
import { fileAct, statement } from './session/index.ts'

const tag = 'sessions'
const seconds = z.number()

/** One line of a session that is watched. `seconds` count from the start of its recording. */
export const liveEvent = z.discriminatedUnion('kind', [
  /** The first line. */
  z.strictObject({ kind: z.literal('began'), what: z.enum(['terminal', 'sql', 'files', 'forward']), columns: z.int(), rows: z.int() }),
  /** What came before it had happened already; what follows happens now. */
  z.strictObject({ kind: z.literal('now') }),
  z.strictObject({ kind: z.literal('output'), seconds, text: z.string() }),
  z.strictObject({ kind: z.literal('resize'), seconds, columns: z.int(), rows: z.int() }),
  z.strictObject({ kind: z.literal('command'), seconds, text: z.string() }),
  /** A statement goes to the target; long text is cut off, the recording has all of it. */
  statement.pick({ n: true, via: true, sql: true, masked: true, parameters: true, sameTextAs: true, sameParametersAs: true }).extend({
    kind: z.literal('statement'),
    seconds,
    shortened: z.boolean(),
  }),
  statement.pick({ n: true, outcome: true, durationMs: true, rows: true, bytes: true, tag: true, sqlState: true, message: true }).extend({
    kind: z.literal('statement_end'),
    seconds,
  }),
  fileAct.omit({ at: true, durationMs: true }).extend({ kind: z.literal('file') }),
  /** Nothing happened for a while, and the line is still there. */
  z.strictObject({ kind: z.literal('beat') }),
  /** Nothing is heard of the gateway that carries it: what happens there, if anything does, is not shown. Or it is heard again. */
  z.strictObject({ kind: z.literal('gateway'), heard: z.boolean() }),
  /** The last line. `interrupted`: the gateway was cut off in the middle of it. */
  z.strictObject({
    kind: z.literal('over'),
    why: z.enum(['session_over', 'interrupted', 'too_slow', 'signed_out', 'stopping', 'failed']),
    /** How the session ended, where it did. */
    endReason: z.string().nullable(),
  }),
])
export type LiveEvent = z.infer<typeof liveEvent>

export const watchSession = defineRoute({
  id: 'watchSession',
  method: 'POST',
  path: '/api/sessions/:id/watch',
  tag,
  who: ['security', 'auditors'],
  summary: 'A running session as it happens, a JSON line for each thing, until it ends or the caller leaves',
  about:
    'The person is told in their terminal, or by a notice of their database, when it begins and when it ends, unless `covert` gives the reason why not: that takes a security officer. Who watches whom, from when to when and in which way is in the ledger before the first line. A caller who does not read is left behind; the session never waits. Lines are one of `liveEvent`: `began`, `now`, `output`, `resize`, `command`, `statement`, `statement_end`, `file`, `beat`, `gateway`, `over`.',
  params: z.strictObject({ id: id('ses') }),
  body: z.strictObject({ covert: z.strictObject({ reason: line(500) }).optional() }),
  answer: z.string(),
})

/** What the gateway did with an order: `not_shown` where the person has no terminal, `waiting` where it did not say so yet. */
const carriedOut = z.strictObject({ outcome: z.enum(['done', 'not_shown', 'waiting']) })
const officers = ['security'] as const
const params = z.strictObject({ id: id('ses') })
const why = z.strictObject({ reason: line(500) })

export const messageSession = defineRoute({
  id: 'messageSession',
  method: 'POST',
  path: '/api/sessions/:id/message',
  tag,
  who: officers,
  summary: 'Show the person of a running session a line in their terminal, or as a notice of their database',
  params,
  body: z.strictObject({ message: line(500) }),
  answer: carriedOut,
})
export const suspendSession = defineRoute({
  id: 'suspendSession',
  method: 'POST',
  path: '/api/sessions/:id/suspend',
  tag,
  who: officers,
  summary: 'Hold a running session: nothing passes either way until it is resumed or ends, and the person is told why',
  params,
  body: why,
  answer: carriedOut,
})
export const resumeSession = defineRoute({
  id: 'resumeSession',
  method: 'POST',
  path: '/api/sessions/:id/resume',
  tag,
  who: officers,
  summary: 'Let a suspended session go on; what was typed meanwhile passes now',
  params,
  body: why,
  answer: carriedOut,
})
export const endSessionsOf = defineRoute({
  id: 'endSessionsOf',
  method: 'POST',
  path: '/api/people/:id/end-sessions',
  tag,
  who: officers,
  summary: 'Cut all sessions of a person that run now',
  params: z.strictObject({ id: id('per') }),
  body: why,
  answer: z.strictObject({ ended: z.int() }),
})
