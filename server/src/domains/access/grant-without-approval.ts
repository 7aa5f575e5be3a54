import { attest } from '../../keeper/attest-rows.ts'
import type { RequestId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { constraintOf } from '../../platform/db/constraint.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { lockRequest } from './access.store.ts'
import type { ApproveRequestDeps } from './approve-request.ts'
import { begin, refusalOf } from './begin-grant.ts'
import type { AccessError } from './errors.ts'
import { waitingForNobody } from './open-access.store.ts'

/** Where policy asks for nobody's approval (development systems), a waiting request becomes a grant at once, or queues. Safe to repeat. */
export async function grantWithoutApproval(deps: ApproveRequestDeps, id: RequestId): Promise<Result<boolean, AccessError>> {
  const { audit, keeper, now } = deps
  try {
    return await audit.act<boolean, AccessError>({ act: 'access.grant', by: null, about: { request: id } }, async ({ tx, record }) => {
      const request = await lockRequest(tx, id)
      if (request?.state !== 'waiting' || request.obligations.approvals > 0) return ok(false)
      const status = await keeper.ask('status', {})
      if (!status.ok) return status
      const begun = await begin(tx, request, { at: now(), epoch: status.value.epoch, approvals: 0 })
      if (!begun.ok) return begun
      const attested = await attest(keeper, begun.value.rows, { by: 'system' })
      if (!attested.ok) return attested
      await begun.value.store(attested.value.macOf)
      await record(begun.value.event, attested.value.attestations)
      return ok(true)
    })
  } catch (error) {
    const refused = refusalOf[constraintOf(error) ?? '']
    if (refused) return fail(refused)
    throw error
  }
}

/** As many in one look: the next one follows soon. */
const atOnce = 100

/** Refusals of the moment: the next look asks again. Any other would be recorded once more at each look, and stay what it is. */
const passing = ['keeper.unreachable', 'keeper.sealed', 'access.held']

/**
 * The same for requests that somebody filed at a server which ended before it granted them: no notification comes any more. `refused` keeps those
 * that are not asked for again.
 */
export async function grantForgotten(deps: ApproveRequestDeps & { db: Db }, refused: Set<string>): Promise<void> {
  const waiting = await deps.db.transaction().execute((tx) => waitingForNobody(tx, deps.now(), atOnce))
  for (const id of refused) if (!waiting.some((one) => one === id)) refused.delete(id)
  for (const id of waiting) {
    if (refused.has(id)) continue
    const granted = await grantWithoutApproval(deps, id)
    if (!granted.ok && !passing.includes(granted.error.code)) refused.add(id)
  }
}
