import { attest } from '../../keeper/attest-rows.ts'
import type { ActivationId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type ActivationRow, lockActivation, writeActivation } from './activation.store.ts'
import type { AskActivationDeps } from './ask-activation.ts'
import type { BreakglassError } from './errors.ts'
import { activationApproved } from './events.ts'

/** The second person says so, too, with a code of their own. From now on custodians may give their shares. */
export async function approveActivation(
  { audit, keeper }: Pick<AskActivationDeps, 'audit' | 'keeper'>,
  by: { person: PersonId; code: string },
  id: ActivationId,
): Promise<Result<ActivationRow, BreakglassError>> {
  return await audit.act<ActivationRow, BreakglassError>(
    { act: 'breakglass.approve_activation', by: by.person, about: { activation: id } },
    async ({ tx, record }) => {
      const before = await lockActivation(tx, id)
      if (!before) return fail({ code: 'breakglass.activation_unknown', activation: id })
      if (before.state !== 'waiting') return fail({ code: 'breakglass.activation_state', state: before.state, needs: 'one that waits' })
      const row: ActivationRow = { ...before, state: 'approved', approver_id: by.person, revision: before.revision + 1 }
      const attested = await attest(keeper, [{ kind: 'breakglass_activation', revision: row.revision, row: { ...row } }], {
        by: 'stepUp',
        ...by,
      })
      if (!attested.ok) return attested
      await writeActivation(tx, row, attested.value.macOf(id))
      await record(activationApproved({ activation: id, kind: row.kind, requester: row.requester_id }), attested.value.attestations)
      return ok(row)
    },
  )
}
