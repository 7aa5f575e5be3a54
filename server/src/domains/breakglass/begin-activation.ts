import { attest } from '../../keeper/attest-rows.ts'
import type { ActivationId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { beginForActivation, explainAccess } from '../access/index.ts'
import { type ActivationRow, lockActivation, writeActivation } from './activation.store.ts'
import type { AskActivationDeps } from './ask-activation.ts'
import type { BreakglassError } from './errors.ts'
import { activationBegan } from './events.ts'

/** Custodians opened it: it begins, with a grant on each account for the one who asked. A drill begins without any. */
export async function beginActivation(
  { audit, keeper, now }: AskActivationDeps,
  id: ActivationId,
): Promise<Result<ActivationRow, BreakglassError>> {
  return await audit.act<ActivationRow, BreakglassError>(
    { act: 'breakglass.begin_activation', by: null, about: { activation: id } },
    async ({ tx, record }) => {
      const before = await lockActivation(tx, id)
      if (!before) return fail({ code: 'breakglass.activation_unknown', activation: id })
      // opened once more, after a server was started anew
      if (before.state === 'active') return ok(before)
      const status = await keeper.ask('status', {})
      if (!status.ok) return status
      const at = now()
      const row: ActivationRow = {
        ...before,
        ...{ state: 'active', starts_at: at, ends_at: new Date(at.getTime() + before.seconds * 1000), revision: before.revision + 1 },
      }
      const begun = await beginForActivation(tx, id, { at, epoch: status.value.epoch })
      if (!begun.ok) return fail({ code: 'breakglass.not_begun', why: explainAccess(begun.error).body.message })
      const rows = begun.value.flatMap((one) => one.rows)
      const attested = await attest(keeper, [{ kind: 'breakglass_activation', revision: row.revision, row: { ...row } }, ...rows], {
        by: 'system',
      })
      if (!attested.ok) return attested
      const { macOf, attestations } = attested.value
      await writeActivation(tx, row, macOf(id))
      const { kind, accounts, requester_id: requester, approver_id: approver } = row
      const window = { from: at.toISOString(), until: row.ends_at?.toISOString() ?? '' }
      await record(
        activationBegan({ activation: id, kind, accounts, requester, approver, ...window }),
        attestations.filter((a) => a.id === id),
      )
      for (const one of begun.value) {
        await one.store(macOf)
        const own = one.rows.map((r) => String(r.row.id))
        await record(
          one.event,
          attestations.filter((a) => own.includes(a.id)),
        )
      }
      return ok(row)
    },
  )
}
