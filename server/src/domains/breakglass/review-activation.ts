import { attest } from '../../keeper/attest-rows.ts'
import type { ActivationId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type ActivationRow, lockActivation, writeActivation } from './activation.store.ts'
import type { AskActivationDeps } from './ask-activation.ts'
import type { BreakglassError } from './errors.ts'
import { activationReviewed } from './events.ts'

/** An officer who was neither of the two says what happened and what follows: the post-incident review is closed. */
export async function reviewActivation(
  { audit, keeper }: Pick<AskActivationDeps, 'audit' | 'keeper'>,
  by: { person: PersonId; code: string },
  id: ActivationId,
  review: string,
): Promise<Result<void, BreakglassError>> {
  return await audit.act<void, BreakglassError>(
    { act: 'breakglass.review_activation', by: by.person, about: { activation: id } },
    async ({ tx, record }) => {
      const before = await lockActivation(tx, id)
      if (!before) return fail({ code: 'breakglass.activation_unknown', activation: id })
      if (before.state !== 'ended') return fail({ code: 'breakglass.activation_state', state: before.state, needs: 'one that has ended' })
      const row: ActivationRow = { ...before, state: 'reviewed', reviewer_id: by.person, review, revision: before.revision + 1 }
      const attested = await attest(keeper, [{ kind: 'breakglass_activation', revision: row.revision, row: { ...row } }], {
        by: 'stepUp',
        ...by,
      })
      if (!attested.ok) return attested
      await writeActivation(tx, row, attested.value.macOf(id))
      await record(activationReviewed({ activation: id, review }), attested.value.attestations)
      return ok(undefined)
    },
  )
}
