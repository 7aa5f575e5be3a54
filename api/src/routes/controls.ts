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

export const controls = defineRoute({
  id: 'controls',
  method: 'GET',
  path: '/api/controls',
  tag: 'controls',
  who: ['security', 'auditors', 'administrators'],
  summary: 'The controls that watch themselves: when each was last seen to work, and which are silent',
  about: 'A silence of more than 30 s is an alarm in the ledger (`alarm.control_silent`), and so is its end (`control.restored`).',
  answer: z.strictObject({
    controls: z.array(control),
    /** Alarms that have not ended. */
    silences: z.array(z.strictObject({ control: z.string(), node: z.string(), since: time, cause: z.string() })),
  }),
})
