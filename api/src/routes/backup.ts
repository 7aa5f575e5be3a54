import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, digest, id, time } from '../values.ts'

const tag = 'backups'
const makers = ['security', 'administrators'] as const
const backupId = id('bak')
/** A native age recipient, as `age-keygen -y` prints it. */
export const recipient = z
  .string()
  .regex(/^age1[02-9ac-hj-np-z]{58}$/, 'an age recipient (age1…)')
  .meta({ description: 'To whom it is encrypted: the public key of an age identity' })

export const backup = z.strictObject({
  id: backupId,
  /** The server that made it: its escrow is in it, and it lies on its disk. */
  node: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  begunAt: time,
  /** Name of who asked for it; null: the schedule. */
  begunBy: z.string().nullable(),
  recipients: z.array(z.string()),
  recordings: z.boolean(),
  endedAt: time.nullable(),
  /** The moment of the database that is in it. */
  takenAt: time.nullable(),
  /** How far the ledger in it goes. */
  entries: z.int().nullable(),
  file: z.string().nullable(),
  bytes: z.int().nullable(),
  sha256: digest.nullable(),
  /** When it was restored into a throw-away database and found good; where that was not done, why. */
  checkedAt: time.nullable(),
  unchecked: z.string().nullable(),
  /** Whether it still lies on the disk of the server that answers. */
  kept: z.boolean(),
  error: z.string().nullable(),
  /** While it runs here. */
  progress: z.strictObject({ phase: z.enum(['reading', 'checking']), bytes: z.int(), of: z.int() }).nullable(),
})
export type Backup = z.infer<typeof backup>

export const backups = defineRoute({
  id: 'backups',
  method: 'GET',
  path: '/api/backups',
  tag,
  who: ['security', 'auditors', 'administrators'],
  summary: 'Backups that were made, those that failed, and what runs; the newest first',
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
  answer: z.strictObject({
    backups: z.array(backup),
    /** What the operator set: how often this server backs itself up, and to whom. */
    schedule: z.strictObject({ everySeconds: z.int().nullable(), recipients: z.array(z.string()), folder: z.string(), keep: z.int() }),
  }),
})
export const beginBackup = defineRoute({
  id: 'beginBackup',
  method: 'POST',
  path: '/api/backups',
  tag,
  who: makers,
  summary: 'Begins a backup of everything on this server, encrypted to these recipients',
  about:
    'Answers when its intent is in the ledger; it goes on in the background (`GET /api/backups`). Without recipients it goes to those of the settings.',
  body: z.strictObject({
    recipients: z.array(recipient).min(1).max(16).optional(),
    recordings: z.boolean().default(false),
    code,
  }),
  answer: backup,
})
export const backupFile = defineRoute({
  id: 'backupFile',
  method: 'GET',
  path: '/api/backups/:id/file',
  tag,
  who: makers,
  summary: 'The file of a backup, as it is: encrypted to its recipients',
  params: z.strictObject({ id: backupId }),
  answer: z.string(),
})
