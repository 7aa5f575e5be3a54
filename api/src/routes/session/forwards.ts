import { z } from 'zod'
import { defineRoute } from '../../route.ts'
import { id } from '../../values.ts'
import { tag } from './who.ts'

/** One connection that a session carried. */
export const forward = z.strictObject({
  n: z.int(),
  /** `local`: the target connected to `host`; `remote`: it listened there. */
  direction: z.enum(['local', 'remote']),
  host: z.string(),
  port: z.int(),
  /** Who connected, as the side that took the connection says. */
  from: z.string(),
  openedAt: z.iso.datetime(),
  /** Null while it goes on, or where its end was never written. */
  endedAt: z.iso.datetime().nullable(),
  /** Bytes from the person's side, and to it. */
  sent: z.int().nullable(),
  received: z.int().nullable(),
  outcome: z.enum(['closed', 'failed', 'cut']).nullable(),
  message: z.string().nullable(),
})
export type Forward = z.infer<typeof forward>

export const sessionForwards = defineRoute({
  id: 'sessionForwards',
  method: 'GET',
  path: '/api/sessions/:id/forwards',
  tag,
  who: 'person',
  summary: 'Which connections a session carried for its SSH client, oldest first. What passed in them is not recorded',
  params: z.strictObject({ id: id('ses') }),
  query: z.strictObject({
    /** Those with a higher `n`: the `next` of the page before. */
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  answer: z.strictObject({
    forwards: z.array(forward),
    /** For the next page; null when this is the last. */
    next: z.int().nullable(),
  }),
})
