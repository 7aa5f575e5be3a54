import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { time } from '../values.ts'

/** Something that must go on for Claviger to keep its promises, as its node sees it. */
export const control = z.strictObject({
  control: z.string(),
  /** Which process keeps it going. */
  part: z.string(),
  node: z.string(),
  lastSeenAt: time,
  secondsAgo: z.int(),
  silent: z.boolean(),
  cause: z.string().nullable(),
})
export type Control = z.infer<typeof control>

/** Something that people must do again and again, and whether it is overdue. */
export const duty = z.strictObject({
  /** `drill`: a break-glass activation is rehearsed, as long as there are accounts for emergencies. */
  duty: z.enum(['drill']),
  everyDays: z.int(),
  /** When it was done well the last time; null when it never was. */
  lastDoneAt: time.nullable(),
  overdue: z.boolean(),
})
export type Duty = z.infer<typeof duty>

export const controls = defineRoute({
  id: 'controls',
  method: 'GET',
  path: '/api/controls',
  tag: 'controls',
  who: ['security', 'auditors', 'administrators'],
  summary:
    'The controls that watch themselves: when each was last seen to work, and which are silent; and what people must do again and again',
  about: 'A silence of more than 30 s is an alarm in the ledger (`alarm.control_silent`), and so is its end (`control.restored`).',
  answer: z.strictObject({
    controls: z.array(control),
    /** Alarms that have not ended. */
    silences: z.array(z.strictObject({ control: z.string(), node: z.string(), since: time, cause: z.string() })),
    duties: z.array(duty),
  }),
})

/** One of the servers that share a database. */
export const node = z.strictObject({
  node: z.string(),
  name: z.string(),
  version: z.string(),
  /** The one that answers. */
  own: z.boolean(),
  /** Whether it is the elected one, which puts entries into the ledger. */
  sequences: z.boolean(),
  parts: z.array(
    z.strictObject({ part: z.enum(['api', 'gateway']), startedAt: time, seenAt: time, secondsAgo: z.int(), silent: z.boolean() }),
  ),
  /** How far its keeper has followed the ledger, and by how many signed entries it is behind; null where it is sealed or was not heard of. */
  keeper: z.strictObject({ epoch: z.int(), size: z.int(), behind: z.int() }).nullable(),
})
export type Node = z.infer<typeof node>

export const nodes = defineRoute({
  id: 'nodes',
  method: 'GET',
  path: '/api/nodes',
  tag: 'controls',
  who: ['security', 'auditors', 'administrators'],
  summary: 'The servers that share this database: their parts, when each was last heard of, who sequences, how far each keeper is',
  about: 'As they wrote it into the database themselves, every five seconds. A server that was silent for 30 days is left out.',
  answer: z.strictObject({
    /** Entries that are signed. */
    ledger: z.int(),
    nodes: z.array(node),
  }),
})
