import { attest } from '../../keeper/attest-rows.ts'
import type { Authority } from '../../keeper/contract.ts'
import type { DependentId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { lockDependent, updateDependent } from './dependents.store.ts'
import type { DependentDeps } from './deps.ts'
import type { DependentError } from './errors.ts'
import { dependentConfirmed, dependentRemoved } from './events.ts'

/** Confirms what somebody else proposed, or lets go of what is told no more. Who may is the keeper's to say. */
export async function changeState(
  { audit, keeper }: DependentDeps,
  by: PersonId,
  authority: Authority,
  { dependent, to }: { dependent: DependentId; to: 'active' | 'removed' },
): Promise<Result<void, DependentError>> {
  return await audit.act<void, DependentError>({ act: 'dependents.change', by, about: { dependent } }, async ({ tx, record }) => {
    const row = await lockDependent(tx, dependent)
    if (!row) return fail({ code: 'dependents.unknown', dependent })
    if (row.state === 'removed' || (to === 'active' && row.state !== 'proposed'))
      return fail({ code: 'dependents.wrong_state', state: row.state })
    const changed = { ...row, state: to, revision: row.revision + 1 }
    const attested = await attest(keeper, [{ kind: 'dependent', revision: changed.revision, row: { ...changed } }], authority)
    if (!attested.ok) return attested
    await updateDependent(tx, changed, attested.value.macOf(dependent))
    const event = { dependent, account: row.account_id, target: row.host_id }
    await record(to === 'active' ? dependentConfirmed(event) : dependentRemoved(event), attested.value.attestations)
    return ok(undefined)
  })
}
