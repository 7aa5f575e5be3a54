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

export const recordFile = 'installation.json'

/** The record while the seal is open: it can be changed, in the folder first and then in the database. */
export interface Installation {
  readonly facts: InstallationFacts
  /** On the disk when this returns; in the database when the promise resolves. */
  change(next: Partial<InstallationFacts>): Promise<void>
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

export interface OpenedRecord {
  installation: Installation
  /** What was wrong with a copy that was put right, for an alarm. */
  repaired: string | undefined
}

/**
 * Believes the records with the root key in hand: the later one that carries its MAC. Undefined when none does. The other copy is put right.
 */
export async function openRecord(
  pool: pg.Pool,
  folder: KeeperFolder,
  root: Uint8Array,
  found: FoundRecords,
): Promise<OpenedRecord | undefined> {
  const key = recordKey(root)
  const ours = [found.folder, found.database].filter((r) => r !== undefined && isOurs(key, r) && r.facts.check === checkValue(root))
  const best = ours.sort((a, b) => (b?.facts.revision ?? 0) - (a?.facts.revision ?? 0))[0]
  if (!best) {
    key.mac.fill(0)
    return undefined
  }
  if (found.folder?.text !== best.text) folder.write(recordFile, best.text)
  let repaired: string | undefined
  if (found.database?.text !== best.text) {
    await putRecord(pool, best.facts.revision, best.text)
    if (found.unreadable || (found.database && !isOurs(key, found.database)))
      repaired = 'vault.installation was changed by somebody who has no root key; the keeper put it back'
    else if (!found.database) repaired = 'vault.installation was taken away; the keeper put it back'
  }
  return { installation: installation(pool, folder, key, best), repaired }
}

function installation(pool: pg.Pool, folder: KeeperFolder, key: RecordKey, first: InstallationRecord): Installation {
  let current = first
  let writing: Promise<void> = Promise.resolve()
  let wiped = false
  return {
    get facts() {
      return current.facts
    },
    change(next) {
      if (wiped) throw new Error('the seal was closed')
      current = writeRecord(key, { ...current.facts, ...next, revision: current.facts.revision + 1 })
      folder.write(recordFile, current.text)
      const { text, facts } = current
      writing = writing.catch(() => undefined).then(() => putRecord(pool, facts.revision, text))
      return writing
    },
    wipe() {
      wiped = true
      key.mac.fill(0)
    },
  }
}

/** Whether this is the root key that the record was made with. */
export const fits = (root: Uint8Array, facts: InstallationFacts): boolean =>
  root.length === 32 && sameBytes(Buffer.from(facts.check, 'hex'), Buffer.from(checkValue(root), 'hex'))
