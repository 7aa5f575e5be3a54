import { readEntry } from '../../keeper/ledger/entry.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { entriesAbout, type LedgerIndex } from '../audit/index.ts'

export interface RecordingEvidence {
  /** Chunks and head, as the ledger learned them while the session ran. */
  heads: { chunks: number; head: string }[]
  /** Text and signature of the manifest, once the session ended. */
  ended: { manifest: string; signature: string } | undefined
}

export interface EvidenceDeps {
  db: Db
  /** What the ledger is searched by. */
  index: LedgerIndex
}

/** A session of eight hours has 2,880 heads. */
const mostEntries = 10_000

/** What the ledger says of a recording. The recording's own row is not asked: whoever has the database could have changed it. */
export async function evidenceOf(
  { db, index }: EvidenceDeps,
  recording: string,
  acts = ['recording.head', 'session.ended'],
): Promise<RecordingEvidence> {
  await index.catchUp()
  const rows = await entriesAbout(db, { id: recording, acts, origin: 'gateway', limit: mostEntries })
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
