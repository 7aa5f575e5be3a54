import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { code, id, page, password, personName, time } from '../values.ts'

const tag = 'audit'
const readers = ['security', 'auditors', 'administrators'] as const

export const entry = z.strictObject({
  place: z.int().nullable(),
  id: id('ent'),
  at: time,
  act: z.string(),
  phase: z.enum(['done', 'intent', 'outcome', 'refused', 'alarm']),
  by: z.string().nullable(),
  fields: z.record(z.string(), z.unknown()),
  /** Personal and free text, opened from beside the log; a field whose value was erased is absent. */
  personal: z.record(z.string(), z.string()),
})
export type Entry = z.infer<typeof entry>

export const ledger = defineRoute({
  id: 'ledger',
  method: 'GET',
  path: '/api/ledger',
  tag,
  who: readers,
  summary: 'Entries of the audit log (tamper-evident), newest first',
  query: z.strictObject({ act: z.string().max(64).optional(), ...page }),
  answer: z.strictObject({ entries: z.array(entry), size: z.int() }),
})
export const ledgerAbout = defineRoute({
  id: 'ledgerAbout',
  method: 'GET',
  path: '/api/ledger/about/:subject',
  tag,
  who: readers,
  summary: 'What happened to one thing: the entries that name its id (tgt_…, acc_…, per_…, req_…), newest first',
  params: z.strictObject({ subject: z.string().regex(/^[a-z]{3}_[a-z0-9]{10}$/, 'an id such as tgt_… or acc_…') }),
  query: z.strictObject(page),
  answer: z.strictObject({ entries: z.array(entry), next: z.string().nullable() }),
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
  answer: z.strictObject({ alarms: z.array(entry) }),
})
export const acknowledge = defineRoute({
  id: 'acknowledgeLedger',
  method: 'POST',
  path: '/api/ledger/acknowledge',
  tag,
  // while the log is not what was signed nobody can sign in: password and code come along
  who: 'anyone',
  summary: 'Two security officers take note that the log was changed or put back; until both did, nothing opens',
  body: z.strictObject({ name: personName, password, code }),
  answer: z.strictObject({
    /** How many have acknowledged so far; 0 when it is done. */
    officers: z.int(),
    epoch: z.int(),
    ready: z.boolean(),
  }),
})
