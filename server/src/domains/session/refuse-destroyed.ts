import type { Keeper } from '../../keeper/client.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { SessionError } from './errors.ts'
import { destructionIn } from './session.view.ts'

/** A recording that was destroyed is not opened. That it was, the keeper says: a row that somebody wrote hides no recording without an alarm. */
export async function refuseDestroyed({ db, keeper }: { db: Db; keeper: Keeper }, recording: string): Promise<Result<void, SessionError>> {
  const id = await destructionIn(db, recording)
  if (id === undefined) return ok(undefined)
  const vouched = await keeper.ask('vouch', { rows: [{ kind: 'recording_destruction', id }] })
  if (!vouched.ok) return vouched
  const { state, at } = vouched.value.rows[0] as { state?: unknown; at?: unknown }
  return state === 'ordered' ? fail({ code: 'session.recording_destroyed', at: String(at) }) : ok(undefined)
}
