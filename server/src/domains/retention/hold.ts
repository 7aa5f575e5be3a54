import { attest } from '../../keeper/attest-rows.ts'
import type { Hold } from '../../keeper/facts/retention.ts'
import type { LegalHoldId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { RetentionDeps, WithCode } from './change-class.ts'
import type { RetentionError } from './errors.ts'
import { holdLifted, holdPlaced } from './events.ts'
import { type HoldRow, insertHold, isThere, liftRow, lockHold } from './retention.store.ts'

/** From now on nothing that it covers is destroyed: what there is, and what is recorded later. */
export async function placeHold(
  { audit, keeper, now }: RetentionDeps,
  by: WithCode,
  { kind, subject, caseNumber, reason }: { kind: Hold['kind']; subject: string; caseNumber: string; reason: string },
): Promise<Result<{ id: LegalHoldId }, RetentionError>> {
  return await audit.act<{ id: LegalHoldId }, RetentionError>(
    { act: 'retention.place_hold', by: by.person, about: { subject } },
    async ({ tx, record }) => {
      if (!(await isThere(tx, kind, subject))) return fail({ code: 'retention.subject_unknown', kind, subject })
      const id = newId('lho')
      const row: HoldRow = {
        ...{ id, subject_kind: kind, subject_id: subject, case_number: caseNumber, reason, placed_by: by.person, placed_at: now() },
        ...{ state: 'placed', lifted_by: null, revision: 1 },
      }
      const attested = await attest(keeper, [{ kind: 'legal_hold', revision: 1, row: { ...row } }], { by: 'stepUp', ...by })
      if (!attested.ok) return attested
      await insertHold(tx, row, attested.value.macOf(id))
      await record(holdPlaced({ hold: id, kind, subject, case: caseNumber, reason }), attested.value.attestations)
      return ok({ id })
    },
  )
}

/** By another officer than the one who placed it. */
export async function liftHold(
  { audit, keeper, now }: RetentionDeps,
  by: WithCode,
  { id, reason }: { id: string; reason: string },
): Promise<Result<void, RetentionError>> {
  return await audit.act<void, RetentionError>(
    { act: 'retention.lift_hold', by: by.person, about: { hold: id } },
    async ({ tx, record }) => {
      const before = await lockHold(tx, id)
      if (!before) return fail({ code: 'retention.hold_unknown', hold: id })
      if (before.state === 'lifted') return fail({ code: 'retention.hold_lifted', hold: id })
      const row: HoldRow = { ...before, state: 'lifted', lifted_by: by.person, revision: before.revision + 1 }
      const attested = await attest(keeper, [{ kind: 'legal_hold', revision: row.revision, row: { ...row } }], { by: 'stepUp', ...by })
      if (!attested.ok) return attested
      await liftRow(tx, row, { at: now(), reason }, attested.value.macOf(id))
      await record(holdLifted({ hold: id, reason }), attested.value.attestations)
      return ok(undefined)
    },
  )
}
