import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { done, id, line, page, personName, shortName, time } from '../values.ts'

const tag = 'sessions'
const viewers = ['security', 'auditors'] as const

export const session = z.strictObject({
  id: id('ses'),
  person: z.strictObject({ id: id('per'), name: personName, displayName: z.string() }),
  account: shortName,
  target: shortName,
  door: z.enum(['ssh']),
  kind: z.enum(['shell', 'exec']),
  from: z.string(),
  grant: id('grt'),
  request: id('req'),
  state: z.enum(['opening', 'running', 'ended', 'interrupted', 'refused']),
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
  query: z.strictObject({ state: z.enum(['running', 'ended']).optional(), account: id('acc').optional(), ...page }),
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
export const replayCast = defineRoute({
  id: 'replayCast',
  method: 'GET',
  path: '/api/sessions/:id/replay.cast',
  tag,
  who: viewers,
  summary: 'The recording as asciicast v2 (text), opened from the sealed file. Viewing is itself recorded',
  params: z.strictObject({ id: id('ses') }),
  answer: z.string(),
})
export const replayCommands = defineRoute({
  id: 'replayCommands',
  method: 'GET',
  path: '/api/sessions/:id/commands',
  tag,
  who: viewers,
  summary: 'The commands of a session with their times, and what verification of the file said',
  params: z.strictObject({ id: id('ses') }),
  answer: z.strictObject({
    commands: z.array(z.strictObject({ seconds: z.number(), text: z.string() })),
    keystrokes: z.strictObject({ proven: z.int(), unproven: z.int() }),
    verified: z.strictObject({ ok: z.boolean(), chunks: z.int(), head: z.string(), interrupted: z.boolean(), message: z.string() }),
  }),
})
