import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { itsmTicket, line, time } from '../values.ts'
import { session } from './session/index.ts'

export const searchHit = z.strictObject({
  where: z.enum(['command', 'statement', 'file', 'screen']),
  /** Since the recording began. */
  seconds: z.number(),
  /** Of a statement or file: its number. */
  n: z.int().nullable(),
  /** The line, or what stands around the first place in it. */
  text: z.string(),
  /** What was looked for, as places in the text (UTF-16). */
  marks: z.array(z.strictObject({ from: z.int(), to: z.int() })),
})
export type SearchHit = z.infer<typeof searchHit>

export const foundSession = z.strictObject({
  session,
  /** Lines of its recording, those with most of the words first. None where no words were given. */
  hits: z.array(searchHit),
  /**
   * `whole`: all words were found in it. `part`: reading it took too long, and not all were found yet. `elsewhere`: its recording is not in this server's
   * folder. `unreadable`: it does not open. Without words: `not_read`.
   */
  looked: z.enum(['whole', 'part', 'elsewhere', 'unreadable', 'not_read']),
})
export type FoundSession = z.infer<typeof foundSession>

const part = (what: string) =>
  line(64)
    .optional()
    .meta({ description: `Part of ${what}` })

export const searchSessions = defineRoute({
  id: 'searchSessions',
  method: 'POST',
  path: '/api/sessions/search',
  tag: 'sessions',
  who: ['security', 'auditors'],
  summary: 'Sessions in whose recordings words stand (commands, statements, files, screens), newest first. Searching is itself recorded',
  body: z.strictObject({
    words: line(200)
      .optional()
      .meta({
        description: 'Whole words, all of which must stand in a recording; "in quotes" as they stand',
        examples: ['nginx.conf reload'],
      }),
    person: part('a name'),
    account: part('account@target'),
    target: part('the name of a target'),
    ticket: itsmTicket.optional(),
    since: time.optional(),
    until: time.optional(),
    exit: z
      .union([z.int().min(0).max(255), z.literal('failed')])
      .optional()
      .meta({ description: 'The exit status; `failed` is any but 0' }),
    alerts: z
      .string()
      .regex(/^[a-z_]{2,40}$/)
      .optional()
      .meta({ description: '`any`, `none`, or the name of a rule that saw something', examples: ['drop'] }),
    after: z
      .string()
      .regex(/^(ses_[a-z0-9]{10}|\d{1,10}\.\d{1,10})$/)
      .optional()
      .meta({ description: 'The `next` of the page before' }),
    limit: z.int().min(1).max(20).default(10),
  }),
  answer: z.strictObject({
    sessions: z.array(foundSession),
    /** For the next page; null when this is the last. */
    next: z.string().nullable(),
    /** Recordings whose words are not looked through yet. */
    waiting: z.int(),
    /** Recordings whose words cannot be found: their keys are gone, or they do not open. */
    failed: z.int(),
  }),
})
