import { newId } from '../../platform/crypto/random.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import { type GrantRow, openChain, type RequestRow } from './access.store.ts'
import { chainGapSeconds } from './rules.ts'

/** The grant that an approved request becomes, now. */
export async function grantOf(tx: Tx, request: RequestRow, at: Date, epoch: number): Promise<GrantRow> {
  const id = newId('grt')
  const chain = await openChain(tx, request.requester_id, request.account_id, new Date(at.getTime() - chainGapSeconds * 1000))
  return {
    id,
    request_id: request.id,
    person_id: request.requester_id,
    account_id: request.account_id,
    action: request.action,
    starts_at: at,
    ends_at: new Date(at.getTime() + request.seconds * 1000),
    state: 'active',
    chain_id: chain ?? id,
    epoch,
    revision: 1,
  }
}
