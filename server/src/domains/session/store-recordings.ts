import type { Clock } from '../../kernel/clock.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Bucket } from '../../platform/object-store/index.ts'
import type { Audit } from '../audit/index.ts'
import { type Carrying, keepCarrying } from '../recording/index.ts'
import { recordingStored, spoolFull, spoolHasRoom } from './events.ts'
import { markStored, overRecordings } from './stored-recordings.store.ts'

export interface StoreDeps {
  db: Db
  audit: Audit
  clock: Clock
  recordings: string
  bucket: Bucket
  spoolBytes: number
  /** What people call this server. */
  node: string
  log: (line: string) => void
  /** Told at once, before anything is written about it. */
  turned?: (full: boolean) => void
  everyMs?: number
  partBytes?: number
}

/** Takes the recordings of sessions that are over to the bucket; each with an entry that says what lies there, before the file here goes. */
export function storeRecordings(deps: StoreDeps): Carrying {
  const { db, audit, clock, bucket, node, log } = deps
  return keepCarrying({
    ...deps,
    over: (recordings) => overRecordings(db, recordings),
    async stored({ recording, bytes, sha256 }) {
      const place = bucket.place
      // once more after a crash between the two: said twice is better than not at all
      const told = await db.transaction().execute((tx) => markStored(tx, recording, { place, bytes, at: clock.now() }))
      if (told) await audit.noteLater(recordingStored({ recording, place, bytes, sha256 }), null)
    },
    changed({ full, bytes, limit }) {
      deps.turned?.(full)
      const said = full ? 'no more recordings may wait for the bucket' : 'recordings may wait for the bucket again'
      log(`${full ? 'ALARM: ' : ''}${said}: ${bytes} of ${limit} bytes`)
      const entry = full
        ? audit.noteLater(spoolFull({ node, bytes, limit }), null, { phase: 'alarm' })
        : audit.noteLater(spoolHasRoom({ node, bytes, limit }), null)
      entry.catch((error: unknown) => log(`that is not in the ledger: ${String(error)}`))
    },
  })
}
