import { z } from 'zod'
import { gateway, operation, someId } from './operation.ts'

const words = (most: number) => z.array(z.string().max(256)).max(most)

/** What somebody does in a session, as its door understood it (domains/policy/session-act.ts). */
export const sessionAct = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('run'), command: z.string().max(8192), program: z.string().max(8192), plain: z.boolean() }),
  z.strictObject({
    action: z.literal('transfer'),
    op: z.string().max(20),
    direction: z.enum(['down', 'up', 'none']),
    path: z.string().max(4096),
    bytes: z.int().min(0),
  }),
  z.strictObject({
    action: z.literal('query'),
    verbs: words(100),
    tables: words(500),
    database: z.string().max(64),
    understood: z.boolean(),
  }),
  z.strictObject({
    action: z.literal('forward'),
    direction: z.enum(['local', 'remote']),
    host: z.string().min(1).max(255),
    port: z.int().min(0).max(65_535),
  }),
])

/** What a gateway asks about sessions that run: what became of the grants that they run under, and what policy says of acts in them. */
export const actOperations = {
  /** By what the ledger knows. `altered`: it knows of something later than what the database shows; `unheard`: it cannot be said now. */
  grantsNow: operation(
    gateway,
    z.strictObject({ grants: z.array(someId).min(1).max(200) }),
    z.strictObject({
      grants: z.array(z.strictObject({ id: someId, now: z.enum(['runs', 'over', 'altered', 'unheard']), endsAt: z.string().nullable() })),
    }),
  ),
  /** `say` is for the person who is refused. `rests`: false where the answer would be the same for every such act of this session. `until`: a transfer of fewer bytes has the same answer. `ask`: who may say yes where somebody else must, and how long they have. */
  judge: operation(
    gateway,
    z.strictObject({ session: someId, act: sessionAct }),
    z.strictObject({
      consequence: z.enum(['allow', 'alert', 'ask', 'refuse']),
      say: z.string().nullable(),
      because: z.array(z.string()),
      rests: z.boolean(),
      until: z.int().nullable(),
      ask: z.strictObject({ groups: z.array(z.string()), seconds: z.int() }).nullable(),
    }),
  ),
} as const
