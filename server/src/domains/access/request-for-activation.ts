import type { MacOf, NewRow } from '../../keeper/attest-rows.ts'
import { activationDemands } from '../../keeper/facts/activation.ts'
import { contentOf, type FactContent } from '../../keeper/facts/fact.ts'
import { requestDigest } from '../../keeper/facts/request-digest.ts'
import { factColumns } from '../../keeper/facts/tables.ts'
import type { AccountId, ActivationId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import { insertRequest, type RequestRow } from './access.store.ts'
import { type Beginning, begin } from './begin-grant.ts'
import type { AccessError } from './errors.ts'
import { lockRequestsOfActivation } from './open-access.store.ts'

/** The request that an activation brings for one of its accounts: it waits for that, and for nobody's approval. */
export function requestForActivation(
  activation: { id: ActivationId; requester: PersonId; reason: string; seconds: number; createdAt: Date; expiresAt: Date },
  account: FactContent,
  target: FactContent,
): { row: NewRow; id: string; store(tx: Tx, macOf: MacOf): Promise<void> } {
  const draft = {
    id: newId('req'),
    requester_id: activation.requester,
    account_id: String(account.id) as AccountId,
    action: 'connect' as const,
    reason: activation.reason,
    itsm_ticket: null,
    seconds: activation.seconds,
    obligations: { ...activationDemands, because: [...activationDemands.because] },
    state: 'waiting',
    queued_at: null,
    extends_grant: null,
    activation: activation.id,
    created_at: activation.createdAt,
    expires_at: activation.expiresAt,
    revision: 1,
  }
  const row: RequestRow = { ...draft, digest: requestDigest(contentOf(factColumns.access_request, draft), account, target) }
  return {
    id: row.id,
    row: { kind: 'access_request', revision: 1, row: { ...row } },
    store: (tx, macOf) => insertRequest(tx, row, macOf(row.id)),
  }
}

/** The grants of an activation that begins now, one for each of its requests. */
export async function beginForActivation(
  tx: Tx,
  activation: ActivationId,
  now: { at: Date; epoch: number },
): Promise<Result<Beginning[], AccessError>> {
  const begun: Beginning[] = []
  for (const request of await lockRequestsOfActivation(tx, activation)) {
    const one = await begin(tx, request, { ...now, approvals: 1, itsTurn: true })
    if (!one.ok) return one
    if (one.value.became !== 'grant') return fail({ code: 'access.held' })
    begun.push(one.value)
  }
  return ok(begun)
}
