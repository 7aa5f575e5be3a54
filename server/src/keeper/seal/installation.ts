import { z } from 'zod'
import { deriveKey, hmacSha256, sameBytes } from '../../platform/crypto/hash.ts'
import { sealFacts } from './kinds/facts.ts'

/*
 * The installation's record (docs/formats.md): everything that another keeper needs, beside the root key, to be the same keeper. One line of
 * JSON and one line with its MAC under the root key. It stands in the keeper's folder and in `vault.installation`.
 */

const hex64 = z.string().regex(/^[0-9a-f]{64}$/)
const setId = z.string().regex(/^[0-9a-f]{10}$/)
/** Older ones are forgotten: a server that slept through so many changes joins anew, with an empty folder. */
export const mostFormer = 16

const keyVersions = z.strictObject({ current: z.int().min(1).max(100_000), oldest: z.int().min(1) })

const formerRoot = z.strictObject({
  /** Its check value. */
  check: hex64,
  /** Its record key, sealed under this root key: whoever has this one can tell a record of that time from a made-up one. */
  key: z.base64().max(200),
  /** MAC by that record key over the check value of this root key: whoever has that one learns that it was replaced, and by which. */
  handover: hex64,
})

const shape = z.strictObject({
  v: z.literal(1),
  /** Goes up with every change: of two records of ours the later one counts. */
  revision: z.int().min(1),
  log: z.string().min(1).max(200),
  epoch: z.int().min(1),
  /** When it began; the first one has none. */
  epochAt: z.iso.datetime().optional(),
  /** Whether the first run is open. Once closed, for ever. */
  setupOpen: z.boolean(),
  seal: sealFacts,
  /** Tells the root key from another one. */
  check: hex64,
  /** Seed of the ledger's signing key, sealed under the root key. */
  signer: z.base64().max(1000),
  /** The location keys that were made: one that is missing now was taken away, and is never made anew. */
  locations: z.array(z.string().max(40)).max(40),
  /** Versions of location keys, where they are not both 1: under which something new is sealed, and the oldest that is still kept. */
  versions: z.record(z.string().max(40), keyVersions).optional(),
  /** What the keeper's own keys are derived from, sealed under the root key, once it is not the location key `system` any more. */
  derivation: z.base64().max(200).optional(),
  /** Sets of shares that were handed out before and open nothing any more, whatever the seal is now. */
  sets: z.array(setId).max(64).optional(),
  /** Root keys that this one came after, the latest first. */
  former: z.array(formerRoot).max(mostFormer).optional(),
})

export type { SealFacts, SealKindName } from './kinds/facts.ts'
export type InstallationFacts = z.infer<typeof shape>

/** The versions of a location key that there are. */
export const versionsOf = (facts: InstallationFacts, name: string): { current: number; oldest: number } =>
  facts.versions?.[name] ?? { current: 1, oldest: 1 }

/** A record as it was found. Nothing in it is to be believed before `isOurs`. */
export interface InstallationRecord {
  text: string
  facts: InstallationFacts
}

/** The two keys that are derived from the root key for the record. The root key itself can be wiped afterwards. */
export interface RecordKey {
  mac: Buffer
}

export const checkValue = (root: Uint8Array): string =>
  hmacSha256(deriveKey(root, 'claviger/root-check/v1'), 'claviger/root-check/v1').toString('hex')
export const recordKey = (root: Uint8Array): RecordKey => ({ mac: deriveKey(root, 'claviger/installation/v1') })

const macOf = (key: RecordKey, body: string): string => hmacSha256(key.mac, body).toString('hex')

export function writeRecord(key: RecordKey, facts: InstallationFacts): InstallationRecord {
  const body = JSON.stringify(facts)
  return { facts, text: `${body}\n${macOf(key, body)}\n` }
}

/** Undefined when the text is no record at all. */
export function readRecord(text: string): InstallationRecord | undefined {
  const [body = '', mac = ''] = text.split('\n')
  if (!/^[0-9a-f]{64}$/.test(mac)) return undefined
  try {
    const facts = shape.safeParse(JSON.parse(body))
    return facts.success ? { text: `${body}\n${mac}\n`, facts: facts.data } : undefined
  } catch {
    return undefined
  }
}

/** Whether the record is one that a keeper with this root key wrote. */
export function isOurs(key: RecordKey, record: InstallationRecord): boolean {
  const [body = '', mac = ''] = record.text.split('\n')
  return sameBytes(Buffer.from(mac, 'hex'), Buffer.from(macOf(key, body), 'hex'))
}
