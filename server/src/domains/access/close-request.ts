import { attest, type NewRow } from '../../keeper/attest-rows.ts'
import type { PersonId, RequestId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import { type ApprovalRow, insertApproval, lockRequest, setRequestState } from './access.store.ts'
import type { ApproveRequestDeps } from './approve-request.ts'
import { type AccessError, blockedError } from './errors.ts'
import { requestDenied, requestWithdrawn } from './events.ts'
import { approveBlocked, can, sees, statesFor } from './rules.ts'

interface Decider {
  person: PersonId
  groups: readonly string[]
  presence: string
}

/** Somebody's no. One is enough, whatever else was said. */
export async function denyRequest(
  deps: ApproveRequestDeps,
  id: RequestId,
  who: Decider,
  reason: string,
): Promise<Result<RequestId, AccessError>> {
  const { audit, keeper, now } = deps
  return await audit.act<RequestId, AccessError>({ act: 'access.deny', by: who.person, about: { request: id } }, async ({ tx, record }) => {
    const request = await lockRequest(tx, id)
    if (!request || !sees(request.requester_id, who)) return fail({ code: 'access.request_unknown', request: id })
    const blocked = approveBlocked({ requester: request.requester_id, state: request.state, votes: [] }, who, 'deny')
    if (blocked) return fail(blockedError(blocked, request.state, statesFor('deny')))
    const vote: ApprovalRow = {
      id: newId('apr'),
      request_id: id,
      requester_id: request.requester_id,
      approver_id: who.person,
      verdict: 'denied',
      digest: request.digest,
      factor_kind: null,
      at: now(),
    }
    const denied = { ...request, state: 'denied', revision: request.revision + 1 }
    const rows: NewRow[] = [
      { kind: 'approval', revision: 1, row: { ...vote } },
      { kind: 'access_request', revision: denied.revision, row: { ...denied } },
    ]
    const attested = await attest(keeper, rows, { by: 'presence', presence: who.presence })
    if (!attested.ok) return attested
    await insertApproval(tx, { ...vote, comment: reason }, attested.value.macOf(vote.id))
    await setRequestState(tx, denied, attested.value.macOf(id))
    await record(requestDenied({ request: id, approval: vote.id, reason }), attested.value.attestations)
    return ok(id)
  })
}

export async function withdrawRequest(deps: ApproveRequestDeps, id: RequestId, who: Decider): Promise<Result<RequestId, AccessError>> {
  const { audit, keeper } = deps
  return await audit.act<RequestId, AccessError>(
    { act: 'access.withdraw', by: who.person, about: { request: id } },
    async ({ tx, record }) => {
      const request = await lockRequest(tx, id)
      if (!request || !sees(request.requester_id, who)) return fail({ code: 'access.request_unknown', request: id })
      if (request.requester_id !== who.person) return fail({ code: 'access.not_yours' })
      if (!can('withdraw', request.state)) return fail({ code: 'access.wrong_state', state: request.state, needs: statesFor('withdraw') })
      const withdrawn = { ...request, state: 'withdrawn', revision: request.revision + 1 }
      const attested = await attest(keeper, [{ kind: 'access_request', revision: withdrawn.revision, row: { ...withdrawn } }], {
        by: 'presence',
        presence: who.presence,
      })
      if (!attested.ok) return attested
      await setRequestState(tx, withdrawn, attested.value.macOf(id))
      await record(requestWithdrawn({ request: id }), attested.value.attestations)
      return ok(id)
    },
  )
}
