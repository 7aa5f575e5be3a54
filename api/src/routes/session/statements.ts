import { z } from 'zod'
import { defineRoute } from '../../route.ts'
import { id, time } from '../../values.ts'
import { checked, verified } from './verified.ts'
import { tag, viewers } from './who.ts'

export const statement = z.strictObject({
  /** Counts the statements of a session from 1. */
  n: z.int(),
  /** Seconds since the recording began. */
  seconds: z.number(),
  at: time,
  via: z.enum(['simple', 'extended']),
  /** With passwords replaced by `[masked]`. */
  sql: z.string(),
  /** Something in it was masked. */
  masked: z.boolean(),
  /** Not all of it was recorded: by an older version, or the gateway was killed meanwhile. */
  truncated: z.boolean(),
  /** Only the beginning of text and parameters stands here; the export has all of it. */
  shortened: z.boolean(),
  /** Bytes of text and parameters together, as they are recorded. */
  length: z.int(),
  /** The earlier statement in which the long text stands whole; here it has only its beginning. */
  sameTextAs: z.int().nullable(),
  /** The earlier statement in which the parameters stand; here are none. */
  sameParametersAs: z.int().nullable(),
  /** Sent ahead of an answer that may have changed the encoding in which it was read. */
  unsureEncoding: z.boolean(),
  /** Bytes that are no text in the session's encoding stand as `\xHH`. */
  escaped: z.boolean(),
  /** In the order $1, $2, …; null is SQL's null. */
  parameters: z.array(z.string().nullable()),
  /** `open`: its end is not recorded, because the session still runs or was interrupted. */
  outcome: z.enum(['open', 'ok', 'failed', 'cancelled', 'cut']),
  durationMs: z.number().nullable(),
  rows: z.int().nullable(),
  bytes: z.int().nullable(),
  /** What the target called it: `SELECT 3`. */
  tag: z.string().nullable(),
  sqlState: z.string().nullable(),
  message: z.string().nullable(),
  /** What it gave back, where policy had it kept (`@results`); absent where nothing was. */
  results: z
    .strictObject({
      sets: z.array(
        z.strictObject({
          columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
          rows: z.array(z.array(z.string().nullable())),
        }),
      ),
      /** Rows that were kept, the first ones; fewer may stand here, and the export has them. */
      kept: z.int(),
    })
    .optional(),
})
export type Statement = z.infer<typeof statement>

export const sessionStatements = defineRoute({
  id: 'sessionStatements',
  method: 'GET',
  path: '/api/sessions/:id/statements',
  tag,
  who: viewers,
  summary: 'The statements of an SQL session, oldest first, and what verification of the file said. Viewing is itself recorded',
  about:
    'A page reads no more of the recording than what stands in it, checked against the sealed file; where that was altered it is refused. The whole file is verified meanwhile. The `view` of the first page makes the next ones part of the same viewing, for eight hours, at every server; without it each page is another viewing.',
  params: z.strictObject({ id: id('ses') }),
  query: z.strictObject({
    /** Statements with a higher `n`: the `next` of the page before. */
    after: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    /** That of the page before. */
    view: id('ent').optional(),
  }),
  answer: z.strictObject({
    statements: z.array(statement),
    /** Of the whole recording, as far as it was when it was opened. */
    total: z.int(),
    /** For the next page; null when this is the last. */
    next: z.int().nullable(),
    /** The entry in the audit log that says that it is viewed. */
    view: id('ent'),
    /** What verification of the whole file said; null while it goes on. */
    verified: verified.nullable(),
  }),
})
export const statementsVerified = defineRoute({
  id: 'statementsVerified',
  method: 'GET',
  path: '/api/sessions/:id/statements/:view/verified',
  tag,
  who: viewers,
  summary: 'What verification of the whole file said; asked meanwhile, it is answered after a few seconds with how far it is',
  params: z.strictObject({ id: id('ses'), view: id('ent') }),
  answer: checked,
})
export const exportStatements = defineRoute({
  id: 'exportStatements',
  method: 'GET',
  path: '/api/sessions/:id/statements/export',
  tag,
  who: viewers,
  summary: 'All statements of an SQL session, as JSON lines or text. Viewing is itself recorded',
  params: z.strictObject({ id: id('ses') }),
  query: z.strictObject({ format: z.enum(['jsonl', 'text']).default('jsonl') }),
  answer: z.string(),
})
