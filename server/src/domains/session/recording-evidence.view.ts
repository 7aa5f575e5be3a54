import { sql } from 'kysely'
import { readEntry } from '../../keeper/ledger/entry.ts'
import type { Db } from '../../platform/db/open-db.ts'

export interface RecordingEvidence {
  /** Chunks and head, as the ledger learned them while the session ran. */
  heads: { chunks: number; head: string }[]
  /** Text and signature of the manifest, once the session ended. */
  ended: { manifest: string; signature: string } | undefined
}

const mostEntries = 10_000

/** What the ledger says of a recording. The recording's own row is not asked: whoever has the database could have changed it. */
export async function evidenceOf(db: Db, recording: string): Promise<RecordingEvidence> {
  const rows = await db
    .selectFrom('ledger_entry')
    .select('bytes')
    .where('origin', '=', 'gateway')
    .where('place', 'is not', null)
    .where(sql<boolean>`position(${Buffer.from(`"recording":"${recording}"`)} in bytes) > 0`)
    .orderBy('place')
    .limit(mostEntries)
    .execute()
  const evidence: RecordingEvidence = { heads: [], ended: undefined }
  for (const { bytes } of rows) {
    const entry = readEntry(bytes)
    if (entry?.fields.recording !== recording) continue
    const { act, fields } = entry
    if (act === 'recording.head') evidence.heads.push({ chunks: Number(fields.chunks), head: String(fields.head) })
    if (act === 'session.ended') evidence.ended = { manifest: String(fields.manifest), signature: String(fields.signature) }
  }
  return evidence
}
