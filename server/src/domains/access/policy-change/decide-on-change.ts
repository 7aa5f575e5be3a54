import { attest, type NewRow } from '../../../keeper/attest-rows.ts'
import { changeWaitsDays } from '../../../keeper/facts/policy-change.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { AccessError } from '../errors.ts'
import { changeApproved, changeWithdrawn } from '../events.ts'
import { type ChangeRow, decideRow, lockChange, putPolicy } from './policy-change.store.ts'
import type { ChangeDeps, WithCode } from './propose-change.ts'

/** By another person than the one who proposed it: all of it comes into force in this act. */
export async function approveChange(deps: ChangeDeps, by: WithCode, id: string): Promise<Result<void, AccessError>> {
  return await decided(deps, by, id, { act: 'policy.approve', state: 'approved' })
}

/** By who proposed it, or by whoever might have approved it. */
export async function withdrawChange(deps: ChangeDeps, by: WithCode, id: string): Promise<Result<void, AccessError>> {
  return await decided(deps, by, id, { act: 'policy.withdraw', state: 'withdrawn' })
}

async function decided(
  { audit, keeper, now }: ChangeDeps,
  by: WithCode,
  id: string,
  { act, state }: { act: string; state: 'approved' | 'withdrawn' },
): Promise<Result<void, AccessError>> {
  const approved = state === 'approved'
  return await audit.act<void, AccessError>({ act, by: by.person, about: { change: id } }, async ({ tx, record }) => {
    const before = await lockChange(tx, id)
    if (!before) return fail({ code: 'access.policy_change_unknown', change: id })
    const refused = refusal(before, by, approved, now())
    if (refused) return fail(refused)
    const row: ChangeRow = { ...before, state, decided_by: by.person, revision: before.revision + 1 }
    const policies = approved
      ? before.changes.map(({ policy, name, text, state, revision }) => ({ id: policy, name, text, state, revision }))
      : []
    const rows: NewRow[] = [
      { kind: 'policy_change', revision: row.revision, row: { ...row } },
      ...policies.map((policy): NewRow => ({ kind: 'policy', revision: policy.revision, row: { ...policy } })),
    ]
    const attested = await attest(keeper, rows, { by: 'stepUp', ...by })
    if (!attested.ok) return attested
    const { attestations, macOf } = attested.value
    await decideRow(tx, row, now(), macOf(row.id))
    for (const policy of policies) await putPolicy(tx, policy, macOf(policy.id))
    const said = { change: row.id, policies: before.changes.map((edit) => edit.name) }
    await record(approved ? changeApproved(said) : changeWithdrawn(said), attestations)
    return ok(undefined)
  })
}

/** What can be said before a code is spent. The keeper asks the same, of the attested rows. */
function refusal(before: ChangeRow, by: WithCode, approved: boolean, now: Date): AccessError | undefined {
  if (before.state !== 'proposed') return { code: 'access.wrong_state', state: before.state, needs: ['proposed'] }
  if (approved && before.proposed_by === by.person) return { code: 'access.own_policy_change' }
  const over = now.getTime() - before.proposed_at.getTime() > changeWaitsDays * 24 * 3600 * 1000
  return approved && over ? { code: 'access.policy_change_expired', days: changeWaitsDays } : undefined
}
