import type { AnswerOf, retention as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import { destructionOfRecording, type Kept, retentionOf } from '../../keeper/facts/retention.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type ExpectedDeps, manifestState, type SessionError } from '../session/index.ts'
import { fileRemovedAt } from './destruction.store.ts'
import type { RetentionError } from './errors.ts'
import { readKeeping } from './read-keeping.ts'
import { recordedSession } from './retention.view.ts'

type Shown = AnswerOf<typeof api.sessionKept>
const dayOf = (at: string | Date): string => new Date(at).toISOString().slice(0, 10)

/** Until when a recording is kept and why; or what is left of one that was destroyed. From attested rows, and the manifest that the ledger has. */
export async function showKept(deps: ExpectedDeps, session: string): Promise<Result<Shown, RetentionError | SessionError>> {
  const { db, keeper } = deps
  const found = await recordedSession(db, session)
  if (!found) return fail({ code: 'retention.session_unknown', session })
  const keeping = await readKeeping(keeper)
  if (!keeping.ok) return keeping
  const { classes, holds, closed } = keeping.value
  const kept = retentionOf(found.session, classes, holds, closed)
  const manifest = await manifestState(deps, found.recording)
  if (!manifest.ok) return manifest
  const gone = await destroyedAt(deps, found.recording)
  if (!gone.ok) return gone
  const common = {
    ...{ recording: found.recording, class: kept.by?.name ?? null, until: kept.until?.toISOString() ?? null, why: kept.why },
    ...{ held: kept.holds.length > 0, manifest: manifest.value },
  }
  if (gone.value === undefined) return ok({ ...common, state: 'kept' as const, destroyed: null, message: sayKept(kept) })
  const removed = await fileRemovedAt(db, destructionOfRecording(found.recording))
  const destroyed = { at: gone.value, fileRemovedAt: removed?.toISOString() ?? null }
  return ok({ ...common, state: 'destroyed' as const, destroyed, message: sayDestroyed(manifest.value, destroyed) })
}

async function destroyedAt({ keeper }: { keeper: Keeper }, recording: string): Promise<Result<string | undefined, RetentionError>> {
  const row = await keeper.ask('vouch', { rows: [{ kind: 'recording_destruction', id: destructionOfRecording(recording) }] })
  if (!row.ok) return row.error.code === 'keeper.unknown_row' ? ok(undefined) : row
  const { state, at } = row.value.rows[0] as { state?: unknown; at?: unknown }
  return ok(state === 'ordered' ? String(at) : undefined)
}

function sayKept({ by, until, why, holds }: Kept): string {
  if (holds.length > 0) return 'It is under legal hold: nothing destroys it.'
  if (why === 'no_class') return 'No class is for it: it is kept without a date.'
  if (why === 'not_confirmed') return `The class ${by?.name} keeps it, which no security officer confirmed: it is kept without a date.`
  if (why === 'anchor_open') return `The class ${by?.name} keeps it from an event on that has not happened yet: there is no date.`
  return `The class ${by?.name} keeps it until ${dayOf(until as Date)}.`
}

function sayDestroyed(manifest: Shown['manifest'], { at, fileRemovedAt }: NonNullable<Shown['destroyed']>): string {
  const left = {
    signed: 'Its manifest is in the ledger and verifies.',
    none: 'It was interrupted and has no manifest; what the ledger learned of it while it ran is there.',
    forged: 'What the ledger says of its end was not signed by the keeper: tell a security officer.',
  }[manifest]
  const file = fileRemovedAt === null ? 'Its file, which nothing opens any more, is not removed yet.' : ''
  return `Destroyed on ${dayOf(at)}. ${left} ${file}`.trim()
}
