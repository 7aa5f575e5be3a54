import type { InputOpeningId, PersonId, RecordingId, SessionId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db/open-db.ts'
import './tables.ts'
import '../tables.ts'

export interface OpeningRow {
  id: InputOpeningId
  session_id: SessionId
  recording_id: RecordingId
  person_id: PersonId
  requester_id: PersonId
  reason: string
  state: 'waiting' | 'approved' | 'withdrawn'
  asked_at: Date
  expires_at: Date
  approver_id: PersonId | null
  approved_at: Date | null
  ends_at: Date | null
  epoch: number
  shown: number
  shown_to: PersonId | null
  shown_at: Date | null
  withdrawn_by: PersonId | null
  revision: number
}

const columns = [
  ...(['id', 'session_id', 'recording_id', 'person_id', 'requester_id', 'reason', 'state', 'asked_at', 'expires_at'] as const),
  ...(['approver_id', 'approved_at', 'ends_at', 'epoch', 'shown', 'shown_to', 'shown_at', 'withdrawn_by', 'revision'] as const),
] as const

/** The recording that a session made, and whose session it was. */
export async function recordedSession(tx: Tx, session: string) {
  const row = await tx
    .selectFrom('session as s')
    .innerJoin('recording as r', 'r.session_id', 's.id')
    .select(['s.id as session_id', 's.person_id', 'r.id as recording_id'])
    .where('s.id', '=', session)
    .executeTakeFirst()
  return row as Pick<OpeningRow, 'session_id' | 'person_id' | 'recording_id'> | undefined
}

export async function insertOpening(tx: Tx, row: OpeningRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('input_opening')
    .values({ ...row, mac })
    .execute()
}

/** Held, so that each step is taken once. */
export async function lockOpening(tx: Tx, id: string): Promise<OpeningRow | undefined> {
  const row = await tx.selectFrom('input_opening').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()
  return row as OpeningRow | undefined
}

export async function moveOpening(tx: Tx, row: OpeningRow, mac: Buffer): Promise<void> {
  const { id, state, approver_id, approved_at, ends_at, shown, shown_to, shown_at, withdrawn_by, revision } = row
  await tx
    .updateTable('input_opening')
    .set({ state, approver_id, approved_at, ends_at, shown, shown_to, shown_at, withdrawn_by, revision, mac })
    .where('id', '=', id)
    .execute()
}
