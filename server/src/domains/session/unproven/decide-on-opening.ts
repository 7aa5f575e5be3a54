import { attest } from '../../../keeper/attest-rows.ts'
import { openingRuns } from '../../../keeper/facts/input-opening.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { SessionError } from '../errors.ts'
import { inputApproved, inputWithdrawn } from '../events.ts'
import type { OpeningDeps, WithCode } from './ask-for-input.ts'
import { lockOpening, moveOpening, type OpeningRow } from './opening.store.ts'

/** By another officer than who asked, and than who typed: from now on, for an hour, the two may look. */
export async function approveOpening(deps: OpeningDeps, by: WithCode, id: string): Promise<Result<void, SessionError>> {
  return await decided(deps, by, id, { act: 'recording.approve_input', state: 'approved' })
}

/** By any officer but the one who typed: a no, or the end of what was approved. */
export async function withdrawOpening(deps: OpeningDeps, by: WithCode, id: string): Promise<Result<void, SessionError>> {
  return await decided(deps, by, id, { act: 'recording.withdraw_input', state: 'withdrawn' })
}

async function decided(
  { audit, keeper, now }: OpeningDeps,
  by: WithCode,
  id: string,
  { act, state }: { act: string; state: 'approved' | 'withdrawn' },
): Promise<Result<void, SessionError>> {
  const approved = state === 'approved'
  return await audit.act<void, SessionError>({ act, by: by.person, about: { opening: id } }, async ({ tx, record }) => {
    const before = await lockOpening(tx, id)
    if (!before) return fail({ code: 'session.opening_unknown', opening: id })
    const at = now()
    const refused = refusal(before, by, approved, at)
    if (refused) return fail(refused)
    const row: OpeningRow = {
      ...{ ...before, state, revision: before.revision + 1 },
      ...(approved
        ? { approver_id: by.person, approved_at: at, ends_at: new Date(at.getTime() + openingRuns * 1000) }
        : { withdrawn_by: by.person }),
    }
    const rows = [{ kind: 'input_opening' as const, revision: row.revision, row: { ...row } }]
    const attested = await attest(keeper, rows, { by: 'stepUp', ...by })
    if (!attested.ok) return attested
    await moveOpening(tx, row, attested.value.macOf(row.id))
    const said = { opening: row.id, session: row.session_id, recording: row.recording_id }
    await record(
      approved ? inputApproved({ ...said, until: row.ends_at?.toISOString() ?? null }) : inputWithdrawn(said),
      attested.value.attestations,
    )
    return ok(undefined)
  })
}

/** What can be said before a code is spent. The keeper asks the same, of the attested rows. */
function refusal(before: OpeningRow, by: WithCode, approved: boolean, now: Date): SessionError | undefined {
  if (before.person_id === by.person) return { code: 'session.own_input' }
  if (!approved) return before.state === 'withdrawn' ? { code: 'session.opening_over' } : undefined
  if (before.requester_id === by.person) return { code: 'session.own_opening' }
  return before.state !== 'waiting' || before.expires_at <= now ? { code: 'session.opening_over' } : undefined
}
