import type pg from 'pg'
import { sameBytes } from '../../platform/crypto/hash.ts'
import type { KeeperFolder } from '../state/folder.ts'
import { findRecord, putRecord } from './installation.store.ts'
import {
  checkValue,
  type InstallationFacts,
  type InstallationRecord,
  isOurs,
  type RecordKey,
  readRecord,
  recordKey,
  writeRecord,
} from './installation.ts'
import { cameBefore, wasReplaced } from './succession.ts'

export const recordFile = 'installation.json'

/** The record while the seal is open: it can be changed, in the folder first and then in the database. */
export interface Installation {
  readonly facts: InstallationFacts
  /** On the disk when this returns; in the database when the promise resolves. */
  change(next: Partial<InstallationFacts>): Promise<void>
  /** Goes by another record from now on, which is in the database already. In the folder when this returns; where that fails, it throws and counts all the same. */
  become(record: InstallationRecord, key: RecordKey): void
  /** The record as it stands, and its key: for who prepares the one after it. */
  readonly record: InstallationRecord
  readonly key: RecordKey
  /** Drops the key that signs records. */
  wipe(): void
}

export interface FoundRecords {
  folder: InstallationRecord | undefined
  database: InstallationRecord | undefined
  /** A row that is no record of ours by its shape already. */
  unreadable: boolean
}

/** What folder and database say. Throws when they belong to two installations. */
export async function findRecords(pool: pg.Pool, folder: KeeperFolder): Promise<FoundRecords> {
  const file = folder.read(recordFile)?.toString('utf8')
  const kept = file === undefined ? undefined : readRecord(file)
  if (file !== undefined && !kept)
    throw new Error(`${folder.path(recordFile)} is no record of ours. Put it back from a backup of the keeper's folder.`)
  const row = await findRecord(pool)
  const database = row === undefined ? undefined : readRecord(row)
  if (kept && database && kept.facts.log !== database.facts.log)
    throw new Error(
      `The keeper's folder ${folder.path('')} belongs to the installation ${kept.facts.log}, the database to ${database.facts.log}. Point Claviger at the database of this folder, or give it an empty data folder to join that installation.`,
    )
  return { folder: kept, database, unreadable: row !== undefined && !database }
}

/**
 * The record that says which seal counts, before any of them can be believed: the folder's, unless the database says that a later one came after
 * exactly this.
 */
export function leadingRecord({ folder, database }: FoundRecords): InstallationRecord | undefined {
  if (!folder || !database) return folder ?? database
  const later = database.facts.revision > folder.facts.revision && database.facts.former?.some((f) => f.check === folder.facts.check)
  return later ? database : folder
}

export interface OpenedRecord {
  installation: Installation
  /** What was wrong with a copy that was put right, for an alarm. */
  repaired: string | undefined
}

export type Believed = OpenedRecord | 'replaced' | undefined

/**
 * Believes the records with the root key in hand: the later one that carries its MAC. The other copy is put right. Undefined when none does, or when
 * the folder holds one of another root key that did not come before. `replaced`: this root key was the right one once.
 */
export async function openRecord(pool: pg.Pool, folder: KeeperFolder, root: Uint8Array, found: FoundRecords): Promise<Believed> {
  const key = recordKey(root)
  const isRight = (r: InstallationRecord) => isOurs(key, r) && r.facts.check === checkValue(root)
  const all = [found.folder, found.database].filter((r) => r !== undefined)
  const best = all.filter(isRight).sort((a, b) => b.facts.revision - a.facts.revision)[0]
  const replaced = best && all.some((r) => wasReplaced(key, best.facts, r.facts))
  const foreign = best && found.folder && found.folder.facts.check !== best.facts.check && !cameBefore(root, best.facts, found.folder)
  if (!best || replaced || foreign) {
    key.mac.fill(0)
    return replaced ? 'replaced' : undefined
  }
  if (found.folder?.text !== best.text) folder.write(recordFile, best.text)
  let repaired: string | undefined
  if (found.database?.text !== best.text) {
    await putRecord(pool, best.facts.revision, best.text, () => false)
    if (found.unreadable || (found.database && !isOurs(key, found.database)))
      repaired = 'vault.installation was changed by somebody who has no root key; the keeper put it back'
    else if (!found.database) repaired = 'vault.installation was taken away; the keeper put it back'
  }
  return { installation: installation(pool, folder, key, best), repaired }
}

function installation(pool: pg.Pool, folder: KeeperFolder, firstKey: RecordKey, first: InstallationRecord): Installation {
  let [current, key] = [first, firstKey]
  let writing: Promise<void> = Promise.resolve()
  let wiped = false
  const ended = () => {
    if (wiped) throw new Error('the seal was closed')
  }
  return {
    get facts() {
      return current.facts
    },
    get record() {
      return current
    },
    get key() {
      ended()
      return key
    },
    change(next) {
      ended()
      current = writeRecord(key, { ...current.facts, ...next, revision: current.facts.revision + 1 })
      folder.write(recordFile, current.text)
      const { text, facts } = current
      // another server may have replaced the root key meanwhile: its record is not written over with one of ours
      const isLater = (there: string) => {
        const record = readRecord(there)
        return record !== undefined && wasReplaced(key, facts, record.facts)
      }
      writing = writing.catch(() => undefined).then(() => putRecord(pool, facts.revision, text, isLater))
      return writing
    },
    become(record, next) {
      ended()
      const before = key
      ;[current, key] = [record, next]
      if (next !== before) before.mac.fill(0)
      folder.write(recordFile, record.text)
    },
    wipe() {
      wiped = true
      key.mac.fill(0)
    },
  }
}

/** Whether this is the root key that the record was made with. */
export const fits = (root: Uint8Array, facts: Pick<InstallationFacts, 'check'>): boolean =>
  root.length === 32 && sameBytes(Buffer.from(facts.check, 'hex'), Buffer.from(checkValue(root), 'hex'))
