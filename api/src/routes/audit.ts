import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, id, page, password, personName, time } from '../values.ts'

const tag = 'audit'
const readers = ['security', 'auditors', 'administrators'] as const

const phase = z.enum(['done', 'intent', 'outcome', 'refused', 'alarm'])
const hex = z.string().regex(/^[0-9a-f]+$/)

export const entry = z.strictObject({
  place: z.int().nullable(),
  id: id('ent'),
  at: time,
  act: z.string(),
  phase,
  by: z.string().nullable(),
  fields: z.record(z.string(), z.unknown()),
  /** Personal and free text, opened from beside the log; a field whose value was erased is absent. */
  personal: z.record(z.string(), z.string()),
})
export type Entry = z.infer<typeof entry>
/** What people call the people, targets, accounts, factors and keys that entries name by id; those that are gone are left out. */
const names = z.record(z.string(), z.string())

export const ledger = defineRoute({
  id: 'ledger',
  method: 'GET',
  path: '/api/ledger',
  tag,
  who: readers,
  summary: 'Entries of the audit log (tamper-evident), newest first; each condition narrows',
  query: z.strictObject({
    /** The act or its beginning: `access.`, `alarm.`. */
    act: z.string().max(64).optional(),
    phase: phase.optional(),
    /** Who acted. */
    by: id('per').optional(),
    /** An id that stands in the entry. */
    about: z
      .string()
      .regex(/^[a-z]{3}_[a-z0-9]{10}$/)
      .optional(),
    from: time.optional(),
    to: time.optional(),
    /** Words of shown fields, whole; personal values are not searched. */
    search: z.string().max(200).optional(),
    /** The place of the last one of the page before. */
    ...page,
  }),
  answer: z.strictObject({ entries: z.array(entry), size: z.int(), names }),
})
export const checkpoint = defineRoute({
  id: 'checkpoint',
  method: 'GET',
  path: '/api/ledger/checkpoint',
  tag,
  who: 'anyone',
  summary: "The newest signed checkpoint (C2SP tlog-checkpoint) with the signer's public key; keep it outside",
  answer: z.strictObject({ note: z.string(), verifierKey: z.string(), size: z.int() }),
})
export const entryDetails = entry.extend({
  /** As they are hashed, base64. */
  bytes: z.base64(),
  /** Which process wrote it. */
  origin: z.string(),
  /** Of each personal field SHA-256(salt ‖ value), hex. */
  committed: z.record(z.string(), hex),
  /** What stands beside the log, as far as it was not erased. */
  beside: z.record(z.string(), z.strictObject({ value: z.string(), salt: z.base64() })),
  attests: z.array(z.strictObject({ kind: z.string(), id: z.string(), revision: z.int(), digest: hex, mac: hex })),
  /** The intent that this is the outcome of. */
  intent: z.string().nullable(),
  names,
})
export type EntryDetails = z.infer<typeof entryDetails>
export const ledgerEntry = defineRoute({
  id: 'ledgerEntry',
  method: 'GET',
  path: '/api/ledger/entries/:id',
  tag,
  who: readers,
  summary: 'One entry with everything that it holds and what it only commits to',
  params: z.strictObject({ id: id('ent') }),
  answer: entryDetails,
})
export const checkpoints = defineRoute({
  id: 'checkpoints',
  method: 'GET',
  path: '/api/ledger/checkpoints',
  tag,
  who: readers,
  summary: 'Signed checkpoints, newest first',
  query: z.strictObject({
    /** Only those over at least so many entries. */
    covering: z.coerce.number().int().min(1).optional(),
    before: z.coerce.number().int().min(1).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(50),
  }),
  answer: z.strictObject({ checkpoints: z.array(z.strictObject({ size: z.int(), time: z.string().nullable() })) }),
})
const proof = { version: z.literal(1), log: z.string(), verifierKey: z.string(), path: z.array(z.base64()).max(128) }
export const inclusion = z.strictObject({
  format: z.literal('claviger-inclusion-proof'),
  ...proof,
  entry: z.strictObject({ place: z.int(), id: id('ent'), bytes: z.base64() }),
  checkpoint: z.string(),
})
export type Inclusion = z.infer<typeof inclusion>
export const inclusionProof = defineRoute({
  id: 'inclusionProof',
  method: 'GET',
  path: '/api/ledger/entries/:id/proof',
  tag,
  who: readers,
  summary: 'The RFC 6962 audit path of an entry to a signed checkpoint: a file that anybody can check (docs/formats.md)',
  params: z.strictObject({ id: id('ent') }),
  query: z.strictObject({
    /** Of the checkpoint; the newest when left out. */
    size: z.coerce.number().int().min(1).optional(),
  }),
  answer: inclusion,
})
export const consistencyProof = defineRoute({
  id: 'consistencyProof',
  method: 'GET',
  path: '/api/ledger/consistency',
  tag,
  who: readers,
  summary: 'The RFC 6962 proof that the log at one signed checkpoint is the beginning of the log at a later one',
  query: z.strictObject({ from: z.coerce.number().int().min(1), to: z.coerce.number().int().min(1).optional() }),
  answer: z.strictObject({ format: z.literal('claviger-consistency-proof'), ...proof, first: z.string(), second: z.string() }),
})
export const alarmDays = defineRoute({
  id: 'alarmDays',
  method: 'GET',
  path: '/api/alarms/days',
  tag,
  who: readers,
  summary: 'How many alarms on each day (UTC); days without one are left out',
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(30) }),
  answer: z.strictObject({ days: z.array(z.strictObject({ day: z.string(), alarms: z.int() })) }),
})
export const exportLedger = defineRoute({
  id: 'exportLedger',
  method: 'GET',
  path: '/api/ledger/export',
  tag,
  who: readers,
  summary: 'The whole log as JSON lines, for offline verification (docs/formats.md)',
  answer: z.string(),
})
export const alarms = defineRoute({
  id: 'alarms',
  method: 'GET',
  path: '/api/alarms',
  tag,
  who: readers,
  summary: 'Alarms, newest first',
  query: z.strictObject(page),
  answer: z.strictObject({ alarms: z.array(entry), names }),
})
export const ledgerState = defineRoute({
  id: 'ledgerState',
  method: 'GET',
  path: '/api/ledger/state',
  tag,
  // while it is not what was signed nobody can be signed in, and everybody meets it
  who: 'anyone',
  summary: 'Whether the log is what was signed; where it is not, what is wrong with it, and how many officers have taken note',
  answer: z.strictObject({
    diverged: z.boolean(),
    /** What is wrong, in a sentence that names places and times; null when nothing is. */
    why: z.string().nullable(),
    officers: z.int(),
    needed: z.int(),
    epoch: z.int(),
    /** At which address the officers can use a passkey instead of a code; null when there is none. */
    passkeysAt: z.string().nullable(),
  }),
})
export const acknowledge = defineRoute({
  id: 'acknowledgeLedger',
  method: 'POST',
  path: '/api/ledger/acknowledge',
  tag,
  // while the log is not what was signed nobody can sign in: password and code come along
  who: 'anyone',
  summary: 'Two security officers take note that the log was changed or put back; until both did, nothing opens',
  body: z.strictObject({
    name: personName,
    password,
    code,
    /** What the officer read (`why`). When it is something else by now, nothing is acknowledged. */
    read: z.string().max(2000).optional(),
  }),
  answer: z.strictObject({
    /** How many have acknowledged so far; 0 when it is done. */
    officers: z.int(),
    epoch: z.int(),
    ready: z.boolean(),
  }),
})
