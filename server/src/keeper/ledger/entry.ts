import { z } from 'zod'
import type { EntryId } from '../../kernel/id.ts'
import { hmacSha256, sha256 } from '../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { attestation } from '../contract.ts'
import type { Attestation } from '../facts/fact.ts'

/*
 * One entry of the ledger, as docs/formats.md describes it: JSON that is written once, stored as those bytes and never written
 * again. `fields` stand in it as they are; of `committed` only SHA-256(salt ‖ value) does, value and salt stand beside the log.
 */

export const phases = ['done', 'intent', 'outcome', 'refused', 'alarm'] as const
export type Phase = (typeof phases)[number]

export const entryShape = z.object({
  v: z.literal(1),
  id: z.string(),
  at: z.string(),
  act: z.string(),
  phase: z.enum(phases),
  by: z.string().nullable(),
  fields: z.record(z.string(), z.json()),
  committed: z.record(z.string(), z.string()),
  attests: z.array(attestation),
  intent: z.string().nullable(),
})
export type LedgerEntry = z.infer<typeof entryShape>

export interface NewEntry {
  id: EntryId
  at: Date
  act: string
  phase: Phase
  by: string | null
  fields: Readonly<Record<string, z.core.util.JSONType>>
  personal: Readonly<Record<string, string>>
  attests: readonly Attestation[]
  intent: string | null
}

export interface WrittenEntry {
  bytes: Buffer
  /** What stands beside the log. */
  personal: readonly { field: string; value: string; salt: Buffer }[]
}

export function writeEntry(entry: NewEntry): WrittenEntry {
  const personal = Object.entries(entry.personal).map(([field, value]) => ({ field, value, salt: randomSecretBytes(16) }))
  const committed = Object.fromEntries(
    personal.map(({ field, value, salt }) => [field, sha256(Buffer.concat([salt, Buffer.from(value, 'utf8')])).toString('hex')]),
  )
  const { id, act, phase, by, fields, attests, intent } = entry
  const body: LedgerEntry = {
    v: 1,
    id,
    at: entry.at.toISOString(),
    act,
    phase,
    by,
    fields: { ...fields },
    committed,
    attests: [...attests],
    intent,
  }
  return { bytes: Buffer.from(JSON.stringify(body), 'utf8'), personal }
}

/** How each entry begins. */
const beforeId = '{"v":1,"id":"'

/** Its id and the rest behind it; undefined where the bytes do not begin as ours do. What they are worth says `readEntry`. */
export function cutAtId(text: string): { id: string; rest: string } | undefined {
  const end = beforeId.length + idLength
  return text.startsWith(beforeId) && text[end] === '"' ? { id: text.slice(beforeId.length, end), rest: text.slice(end) } : undefined
}
const idLength = 'ent_0123456789'.length

/** Tells which of our processes wrote an entry: `entryKey` is that process's own, derived by the keeper. */
export const entryTag = (entryKey: Parameters<typeof hmacSha256>[0], bytes: Uint8Array): Buffer => hmacSha256(entryKey, bytes)

/** A process of ours that was taken over can tag any bytes: what is no entry is undefined, and stops nobody. */
export function readEntry(bytes: Buffer): LedgerEntry | undefined {
  try {
    const read: unknown = JSON.parse(bytes.toString('utf8'))
    return isPlainEntry(read) ? read : entryShape.safeParse(read).data
  } catch {
    return undefined
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const fieldsOfEntry = 10

/**
 * Whether this is an entry that `entryShape` lets pass as it is: most are, thousands a second, and each is read by whoever signs and whoever follows.
 * What attests something, or is anything else than expected, is left to that.
 */
function isPlainEntry(read: unknown): read is LedgerEntry {
  if (!isRecord(read) || Object.keys(read).length !== fieldsOfEntry) return false
  const { v, id, at, act, phase, by, fields, committed, attests, intent } = read
  return (
    v === 1 &&
    isText(id) &&
    isText(at) &&
    isText(act) &&
    phases.includes(phase as Phase) &&
    (by === null || isText(by)) &&
    (intent === null || isText(intent)) &&
    isRecord(fields) &&
    !Object.hasOwn(fields, '__proto__') &&
    isRecord(committed) &&
    Object.keys(committed).length === 0 &&
    Array.isArray(attests) &&
    attests.length === 0
  )
}
