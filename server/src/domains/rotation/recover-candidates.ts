import type { Keeper } from '../../keeper/client.ts'
import type { AccountId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { openOrder, putOrder } from './order.store.ts'
import { accountsWithOpenRotations, everyAccount } from './rotation.store.ts'

/** As many as the keeper answers for at once. */
const atOnce = 500

/**
 * Accounts of which the vault holds a candidate: a rotation did not come to its end, or the escrow put back what a restored
 * database did not know. What the target has may be the candidate, so each is finished. Those that manage a target come first:
 * nothing else gets in before.
 */
async function unfinished({ db, keeper }: { db: Db; keeper: Keeper }): Promise<AccountId[]> {
  const [all, open] = await db.transaction().execute(async (tx) => [await everyAccount(tx), await accountsWithOpenRotations(tx)])
  const found = new Set<AccountId>(open)
  for (let from = 0; from < all.length; from += atOnce) {
    const versions = await keeper.ask('versions', { accounts: all.slice(from, from + atOnce) })
    // away, or not giving anything out: it is looked for again when it is
    if (!versions.ok) continue
    for (const { account, state } of versions.value.versions) if (state === 'candidate') found.add(account as AccountId)
  }
  return all.filter((id) => found.has(id))
}

/** Orders their end. One that has an order already keeps its place and its pause. */
export async function recoverCandidates(deps: { db: Db; keeper: Keeper; now: () => Date }): Promise<void> {
  const accounts = await unfinished(deps)
  await deps.db.transaction().execute(async (tx) => {
    const at = deps.now()
    for (const account of accounts)
      if (!(await openOrder(tx, account)))
        await putOrder(tx, {
          ...{ account, trigger: 'recovery', reason: 'a rotation did not come to its end' },
          ...{ by: null, at, due: at },
        })
  })
}
