import type { TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import { type FoundAccount, type Login, type OpenTarget, type PinnedIdentity, TargetError } from '../../targets/contract.ts'
import type { InventoryError } from './errors.ts'
import type { AccountRow } from './inventory.store.ts'

/** More privileged accounts than this on one target is an answer that we do not believe. */
const mostAccounts = 100_000

/** Asks the target for its privileged accounts; names that could not be written `account@target` are left out. */
export async function findAccounts(
  target: OpenTarget,
  identity: PinnedIdentity,
  as: Login,
): Promise<Result<FoundAccount[], InventoryError>> {
  if (!target.discover) return fail({ code: 'inventory.cannot_discover', kind: target.kind })
  const found: FoundAccount[] = []
  try {
    for await (const account of target.discover(identity, as)) {
      if (/^[A-Za-z0-9._$\\-]{1,64}$/.test(account.name)) found.push(account)
      if (found.length > mostAccounts) return fail({ code: 'target.protocol', detail: 'it lists too many privileged accounts' })
    }
  } catch (error) {
    if (error instanceof TargetError) return fail(error.failure)
    throw error
  }
  return ok(found)
}

/**
 * The row that an account becomes when it is seen for the first time. Unclassified it is as critical as its target. A service account is only
 * observed at first, since nobody told us what uses it; but not the one with which we manage the target.
 */
export const rowOf = (found: FoundAccount, target: { id: TargetId; tier: number; manager: string }, at: Date): AccountRow => ({
  id: newId('acc'),
  target_id: target.id,
  name: found.name,
  category: found.category,
  tier: target.tier,
  privileges: [...found.privileges].sort(),
  credentials: [...found.credentials].sort(),
  authorised_keys: [...(found.authorisedKeys ?? [])],
  check_out: null,
  login: null,
  observed_since: found.category === 'service' && found.name !== target.manager ? at : null,
  break_glass: null,
  state: 'found',
  revision: 1,
})
