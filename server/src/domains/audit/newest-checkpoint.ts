import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../platform/db/open-db.ts'
import { newestCheckpoint } from './audit.view.ts'

const patienceMs = 10_000
const everyMs = 10

/** The newest checkpoint over more than `size` entries: what was just signed stands in the database a moment later. */
export async function checkpointOver(db: Db, size: number): Promise<{ size: number; note: string }> {
  for (let waited = 0; waited < patienceMs; waited += everyMs) {
    const newest = await newestCheckpoint(db)
    if (newest && newest.size > size) return newest
    await sleep(everyMs)
  }
  throw new Error(`no checkpoint over more than ${size} entries arrived in the database`)
}
