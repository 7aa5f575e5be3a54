import { attest } from '../../keeper/attest-rows.ts'
import { destructionOfRecording } from '../../keeper/facts/retention.ts'
import type { SessionId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { dropOutline, forgetWords } from '../recording/index.ts'
import type { RetentionDeps } from './change-class.ts'
import { lockDestruction, putDestruction, recordingOfSession, setIntent, setKeysGone } from './destruction.store.ts'
import type { RetentionError } from './errors.ts'
import { destroyed, destroying, keptAfterAll } from './events.ts'

/**
 * Destroys the recording of a session whose period is over, in steps that are each safe to repeat. First an attested row and its entry say so; the keeper
 * decides by itself whether they may. Then the keeper destroys the keys, and an entry says that. The file is removed by the gateway (remove-files.ts).
 */
export async function destroyRecording(deps: RetentionDeps, session: SessionId): Promise<Result<void, RetentionError>> {
  const ordered = await order(deps, session)
  return ordered.ok ? await finish(deps, ordered.value) : ordered
}

async function order({ audit, keeper, now }: RetentionDeps, session: SessionId): Promise<Result<string, RetentionError>> {
  const kept = await keeper.ask('recordingKept', { session })
  if (!kept.ok) return kept
  return await audit.act<string, RetentionError>({ act: 'recording.destroy', by: null, about: { session } }, async ({ tx, record }) => {
    const recording = await recordingOfSession(tx, session)
    if (!recording) return fail({ code: 'retention.session_unknown', session })
    const id = destructionOfRecording(recording.id)
    const before = await lockDestruction(tx, id)
    if (before?.state === 'ordered') return fail({ code: 'retention.ordered_already' })
    const at = now()
    const row = {
      ...{ id, recording_id: recording.id, session_id: session, class: kept.value.class ?? '', at, state: 'ordered' as const },
      ...{ kept_until: new Date(kept.value.until ?? at), revision: (before?.revision ?? 0) + 1 },
    }
    const attested = await attest(keeper, [{ kind: 'recording_destruction', revision: row.revision, row }], { by: 'system' })
    if (!attested.ok) return attested
    await putDestruction(tx, row, recording.bytes, attested.value.macOf(id))
    const event = destroying({ recording: recording.id, session, class: row.class, keptUntil: row.kept_until.toISOString() })
    await setIntent(tx, id, await record(event, attested.value.attestations, { phase: 'intent' }))
    return ok(id)
  })
}

/** What was ordered: its keys go, or, where a hold came in between, the order is withdrawn. */
export async function finish(deps: RetentionDeps, id: string): Promise<Result<void, RetentionError>> {
  const { db, audit, keeper, now } = deps
  const row = await db.transaction().execute((tx) => lockDestruction(tx, id))
  if (row?.state !== 'ordered') return ok(undefined)
  const { recording_id: recording, session_id: session, intent } = row
  const gone = await keeper.ask('destroyRecordingKeys', { recording })
  if (!gone.ok) return gone.error.code === 'recording.held' ? await withdraw(deps, id) : gone
  return await audit.act<void, RetentionError>({ act: 'recording.destroy', by: null, about: { recording } }, async ({ tx, record }) => {
    if (!(await setKeysGone(tx, id, now()))) return ok(undefined)
    const words = await forgetWords(tx, recording)
    await dropOutline(tx, recording)
    await record(destroyed({ recording, session, keys: gone.value.keys, words }), [], { phase: 'outcome', ...(intent && { intent }) })
    return ok(undefined)
  })
}

async function withdraw({ audit, keeper }: RetentionDeps, id: string): Promise<Result<void, RetentionError>> {
  return await audit.act<void, RetentionError>({ act: 'recording.keep', by: null }, async ({ tx, record }) => {
    const before = await lockDestruction(tx, id)
    if (before?.state !== 'ordered') return ok(undefined)
    const { recording_id: recording, session_id: session, intent } = before
    const row = { ...before, state: 'withdrawn' as const, revision: before.revision + 1 }
    const attested = await attest(keeper, [{ kind: 'recording_destruction', revision: row.revision, row: { ...row } }], { by: 'system' })
    if (!attested.ok) return attested
    const { intent: _, ...columns } = row
    await putDestruction(tx, columns, 0, attested.value.macOf(id))
    await record(keptAfterAll({ recording, session }), attested.value.attestations, { phase: 'outcome', ...(intent && { intent }) })
    return ok(undefined)
  })
}
