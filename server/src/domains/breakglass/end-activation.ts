import { attest } from '../../keeper/attest-rows.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import type { AccountId, ActivationId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Act } from '../audit/index.ts'
import { type ActivationRow, lockActivation, writeActivation } from './activation.store.ts'
import type { AskActivationDeps } from './ask-activation.ts'
import type { BreakglassError } from './errors.ts'
import { activationClosed, activationEnded } from './events.ts'
import type { OrderRotation } from './settle-key.ts'

export interface EndActivationDeps extends AskActivationDeps {
  orderRotation: OrderRotation
  /** Ends what runs with an account, in the same transaction. */
  whenAccountStops: (act: Act, account: AccountId, why: string) => Promise<Result<void, KeeperRefusal>>
}

/**
 * Ends one that runs: its grants are over, the keeper forgets what was opened, and every account gets a new credential, which makes new kits. One that
 * waits is withdrawn, or expires. The review stays open. `by` null: its time was over.
 */
export async function endActivation(
  deps: EndActivationDeps,
  by: { person: PersonId; groups: readonly string[]; code?: string } | null,
  id: ActivationId,
  why: string,
): Promise<Result<ActivationRow['state'], BreakglassError>> {
  const what = { act: 'breakglass.end_activation', by: by?.person ?? null, about: { activation: id } }
  return await deps.audit.act<ActivationRow['state'], BreakglassError>(what, async (act) => {
    const before = await lockActivation(act.tx, id)
    if (!before) return fail({ code: 'breakglass.activation_unknown', activation: id })
    const two = [before.requester_id, before.approver_id]
    if (by && !two.includes(by.person) && !by.groups.includes('security')) return fail({ code: 'breakglass.not_yours' })
    const state = before.state === 'active' ? 'ended' : by ? 'withdrawn' : 'expired'
    if (!['waiting', 'approved', 'active'].includes(before.state))
      return fail({ code: 'breakglass.activation_state', state: before.state, needs: 'one that is not over' })
    for (const account of before.accounts) {
      const stopped = await deps.whenAccountStops(act, account, state === 'ended' ? 'the activation ended' : `the activation was ${state}`)
      if (!stopped.ok) return stopped
    }
    const row: ActivationRow = { ...before, state, revision: before.revision + 1 }
    const authority = by?.code === undefined ? { by: 'system' as const } : { by: 'stepUp' as const, person: by.person, code: by.code }
    const attested = await attest(
      deps.keeper,
      [{ kind: 'breakglass_activation', revision: row.revision, row: { ...row } }],
      state === 'withdrawn' ? authority : { by: 'system' },
    )
    if (!attested.ok) return attested
    await writeActivation(act.tx, row, attested.value.macOf(id), { ended_at: deps.now(), end_reason: why })
    if (state !== 'ended') {
      await act.record(activationClosed({ activation: id, state }), attested.value.attestations)
      return ok(state)
    }
    const { kind, accounts, requester_id: requester, approver_id: approver } = row
    await act.record(
      activationEnded({ activation: id, kind, accounts, requester, approver, why, tells: ['security'] }),
      attested.value.attestations,
    )
    for (const account of accounts)
      await deps.orderRotation(act.tx, account, by?.person ?? requester, `its ${kind === 'drill' ? 'drill' : 'activation'} ended`)
    return ok(state)
  })
}
