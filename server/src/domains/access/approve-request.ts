import { attest, type NewRow } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import { factorShownBy } from '../../keeper/contract.ts'
import type { PersonId, RequestId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import { constraintOf } from '../../platform/db/constraint.ts'
import type { Audit } from '../audit/index.ts'
import { type ApprovalRow, insertApproval, lockRequest, yesVotes } from './access.store.ts'
import { begin, refusalOf } from './begin-grant.ts'
import { type AccessError, blockedError } from './errors.ts'
import { requestApproved } from './events.ts'
import { approveBlocked, enough, sees, statesFor } from './rules.ts'

export interface ApproveRequestDeps {
  audit: Audit
  keeper: Keeper
  now: () => Date
}

export interface Approving {
  id: RequestId
  approver: PersonId
  groups: readonly string[]
  /** Of the request as the approver saw it. */
  digest: string
  code: string
  comment: string | null
}

/**
 * One yes to exactly this request, with a fresh code. When it is the last one that was missing, the request becomes a grant in the
 * same act, or queues for its account. The keeper decides all of it again before it attests the rows.
 */
export async function approveRequest(deps: ApproveRequestDeps, given: Approving): Promise<Result<RequestId, AccessError>> {
  const { audit, keeper, now } = deps
  const { id, approver, digest, comment } = given
  try {
    return await audit.act<RequestId, AccessError>(
      { act: 'access.approve', by: approver, about: { request: id } },
      async ({ tx, record }) => {
        const request = await lockRequest(tx, id)
        const viewer = { person: approver, groups: given.groups }
        if (!request || !sees(request.requester_id, viewer)) return fail({ code: 'access.request_unknown', request: id })
        const votes = await yesVotes(tx, id)
        const blocked = approveBlocked(
          { requester: request.requester_id, state: request.state, votes: votes.map((v) => v.approver) },
          viewer,
        )
        if (blocked) return fail(blockedError(blocked, request.state, statesFor('approve')))
        const at = now()
        if (request.expires_at <= at) return fail({ code: 'access.expired' })
        if (digest !== request.digest) return fail({ code: 'access.other_digest' })

        const approval: ApprovalRow = {
          id: newId('apr'),
          request_id: id,
          requester_id: request.requester_id,
          approver_id: approver,
          verdict: 'approved',
          digest,
          factor_kind: factorShownBy(given.code),
          at,
        }
        const rows: NewRow[] = [{ kind: 'approval', revision: 1, row: { ...approval } }]
        // two approvals at once means tier 0: its approvers come from both sides
        const complete = enough([...votes.map((v) => v.groups), given.groups], request.obligations.approvals, ['approvers', 'security'])
        const status = complete ? await keeper.ask('status', {}) : undefined
        if (status && !status.ok) return status
        const begun = status ? await begin(tx, request, { at, epoch: status.value.epoch, approvals: votes.length + 1 }) : undefined
        if (begun && !begun.ok) return begun
        if (begun) rows.push(...begun.value.rows)

        const attested = await attest(keeper, rows, { by: 'stepUp', person: approver, code: given.code })
        if (!attested.ok) return attested
        const { macOf, attestations } = attested.value
        await insertApproval(tx, { ...approval, comment }, macOf(approval.id))
        await record(
          requestApproved({ request: id, approval: approval.id, digest, factor: factorShownBy(given.code), enough: complete, comment }),
          attestations,
        )
        if (begun) {
          await begun.value.store(macOf)
          await record(begun.value.event)
        }
        return ok(id)
      },
    )
  } catch (error) {
    const constraint = constraintOf(error)
    const refused = constraint === undefined ? undefined : refusalOf[constraint]
    if (refused) return fail(refused)
    if (constraint === 'approval_once_by_each') return fail({ code: 'access.voted_already' })
    if (constraint === 'approval_not_by_requester') return fail({ code: 'access.own_request' })
    throw error
  }
}
