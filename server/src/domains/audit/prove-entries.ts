import type { Db } from '../../platform/db/open-db.ts'
import { entryById } from './audit.view.ts'
import type { LedgerIndex } from './ledger-index.ts'
import { checkpointOver } from './newest-checkpoint.ts'
import { readNote } from './note.ts'
import { proveInclusion } from './prove.ts'

export interface Proven {
  /** `claviger.dev/ledger/<log>` */
  log: string
  /** The signed note that all of them lead to. */
  checkpoint: string
  /** Bytes and hashes in base64. */
  entries: { place: number; id: string; bytes: string; path: string[] }[]
}

/** Entries with proofs that each stands in the log, under one signed checkpoint. Undefined where the tables do not lead to what was signed. */
export async function proveEntries({ db, index }: { db: Db; index: LedgerIndex }, ids: readonly string[]): Promise<Proven | undefined> {
  await index.catchUp()
  const rows = await Promise.all(ids.map((id) => entryById(db, id)))
  const places = rows.map((row) => row?.place ?? 0)
  const checkpoint = await checkpointOver(db, Math.max(...places) - 1)
  const { root, log } = readNote(checkpoint.note)
  const entries: Proven['entries'] = []
  for (const row of rows) {
    if (!row?.place) return undefined
    const path = await proveInclusion(db, row.place, checkpoint.size, row.bytes, root)
    if (!path) return undefined
    entries.push({ place: row.place, id: row.id, bytes: row.bytes.toString('base64'), path: path.map((hash) => hash.toString('base64')) })
  }
  return { log, checkpoint: checkpoint.note, entries }
}
