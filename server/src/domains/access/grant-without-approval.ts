import { attest } from '../../keeper/attest-rows.ts'
import type { RequestId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { insertGrant, lockRequest, setRequestState } from './access.store.ts'
import type { ApproveRequestDeps } from './approve-request.ts'
import { grantOf } from './begin-grant.ts'
import type { AccessError } from './errors.ts'
import { grantBegan } from './events.ts'

/** Where policy asks for nobody's approval (development systems), a waiting request becomes a grant at once. Safe to repeat. */
export async function grantWithoutApproval(deps: ApproveRequestDeps, id: RequestId): Promise<Result<boolean, AccessError>> {
  const { audit, keeper, now } = deps
  return await audit.act<boolean, AccessError>({ act: 'access.grant', by: null, about: { request: id } }, async ({ tx, record }) => {
    const request = await lockRequest(tx, id)
    if (request?.state !== 'waiting' || request.obligations.approvals > 0) return ok(false)
    const status = await keeper.ask('status', {})
    if (!status.ok) return status
    const approved = { ...request, state: 'approved', revision: request.revision + 1 }
    const grant = await grantOf(tx, request, now(), status.value.epoch)
    const attested = await attest(
      keeper,
      [
        { kind: 'access_request', revision: approved.revision, row: { ...approved } },
        { kind: 'access_grant', revision: 1, row: { ...grant } },
      ],
      { by: 'system' },
    )
    if (!attested.ok) return attested
    const { macOf, attestations } = attested.value
    await setRequestState(tx, approved, macOf(id))
    await insertGrant(tx, grant, macOf(grant.id))
    await record(
      grantBegan({
        grant: grant.id,
        request: id,
        person: grant.person_id,
        account: grant.account_id,
        from: grant.starts_at.toISOString(),
        until: grant.ends_at.toISOString(),
        approvals: 0,
      }),
      attestations,
    )
    return ok(true)
  })
}
