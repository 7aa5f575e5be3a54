import type { NewRow } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { GrantRow } from './access.store.ts'
import { type HoldingRow, lockHolding } from './check-out.store.ts'

/** A grant ends under which somebody held an account: the account is back, with what its holder may know of its credentials. */
export interface Returned {
  row: HoldingRow
  attested: NewRow
}

/** The holdings of grants that end, by grant. Those that hold nothing have none. */
export async function returnedBy(
  tx: Tx,
  keeper: Keeper,
  grants: readonly GrantRow[],
): Promise<Result<ReadonlyMap<string, Returned>, KeeperRefusal>> {
  const returned = new Map<string, Returned>()
  for (const grant of grants) {
    if (!grant.exclusive) continue
    const holding = await lockHolding(tx, grant.account_id)
    // another grant's, where a row was forged: the keeper lets neither be used
    if (holding?.state !== 'held' || holding.grant_id !== grant.id) continue
    const versions = await keeper.ask('versions', { accounts: [grant.account_id] })
    if (!versions.ok) return versions
    const current = versions.value.versions.filter((v) => v.state === 'current')
    const row: HoldingRow = {
      ...holding,
      state: 'returned',
      seen: Object.fromEntries(current.map((v) => [v.credential, v.version])),
      revision: holding.revision + 1,
    }
    returned.set(grant.id, { row, attested: { kind: 'holding', revision: row.revision, row: { ...row } } })
  }
  return ok(returned)
}
