import type { AnswerOf, backup as api } from '@claviger/api'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

type Shown = AnswerOf<typeof api.beginBackup>

/** The newest first. `kept` says whether a file lies here, `progress` what is known of one that runs. */
export async function showBackups(
  db: Db,
  only: { id?: string; limit: number },
  about: { kept(file: string): boolean; progress(id: string): Shown['progress'] },
): Promise<Shown[]> {
  let query = db.selectFrom('backup as b').leftJoin('person as p', 'p.id', 'b.begun_by').selectAll('b').select('p.name as person')
  if (only.id !== undefined) query = query.where('b.id', '=', only.id)
  const rows = await query.orderBy('b.begun_at', 'desc').orderBy('b.id').limit(only.limit).execute()
  return rows.map((b) => ({
    id: b.id,
    node: b.node,
    state: b.state as Shown['state'],
    begunAt: b.begun_at.toISOString(),
    begunBy: b.person,
    recipients: b.recipients,
    recordings: b.recordings,
    endedAt: b.ended_at?.toISOString() ?? null,
    takenAt: b.taken_at?.toISOString() ?? null,
    entries: b.entries,
    file: b.file,
    bytes: b.bytes,
    sha256: b.sha256,
    checkedAt: b.checked_at?.toISOString() ?? null,
    unchecked: b.unchecked,
    kept: b.file !== null && about.kept(b.file),
    error: b.error,
    progress: b.state === 'running' ? about.progress(b.id) : null,
  }))
}
