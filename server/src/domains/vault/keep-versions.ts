import type { AccountId } from '../../kernel/id.ts'
import { againAndAgain } from '../../platform/db/again-and-again.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { settleDeposits } from './deposit-credential.ts'
import { type DestroyDeps, destroyVersions } from './destroy-versions.ts'

const accountsAtOnce = 100
const everyMs = 3600_000

/** Destroys what the policy of versions lets go, and what a crash left half destroyed. Answers how many credentials lost versions. */
export async function keepVersions(deps: DestroyDeps, over: () => boolean = () => false): Promise<number> {
  let destroyed = 0
  for (let after = ''; !over(); ) {
    const due = await deps.keeper.ask('versionsDue', { after, limit: accountsAtOnce })
    if (!due.ok) return destroyed
    const { unfinished } = due.value
    if (unfinished.length > 0) await deps.keeper.ask('shred', { accounts: unfinished })
    for (const { account, credential, versions } of due.value.due) {
      const done = await destroyVersions(deps, null, { account: account as AccountId, credential, versions, reason: null })
      if (done.ok) destroyed += 1
    }
    const last = due.value.due.at(-1)?.account
    if (last === undefined || due.value.due.length < accountsAtOnce) return destroyed
    // the last one may have another credential that is due: it is looked at again
    after = last > after ? before(last) : last
  }
  return destroyed
}

/** The greatest text below this id that is no id of an account: what comes after it begins with this one. */
const before = (id: string): string => id.slice(0, -1)

/** Has the keeper look at versions that are older than what is kept beside them, a few hundred at a time. */
export async function markVersions({ keeper }: Pick<DestroyDeps, 'keeper'>, over: () => boolean = () => false): Promise<number> {
  let marked = 0
  let after = { account: '', credential: '', version: 0 }
  while (!over()) {
    const done = await keeper.ask('markVersions', { after, limit: 200 })
    if (!done.ok) return marked
    marked += done.value.marked
    if (!done.value.last) return marked
    after = done.value.last
  }
  return marked
}

/** Does both every hour, and closes what was being brought in when a server died, on one server at a time. */
export const startKeepingVersions = (
  deps: DestroyDeps & { db: Db; now: () => Date; log: (line: string) => void },
): { stop(): Promise<void> } =>
  againAndAgain({
    ...{ db: deps.db, lock: 'claviger/vault/keeping-versions', everyMs, atOnce: true },
    async work(over) {
      await markVersions(deps, over)
      await keepVersions(deps, over)
      await settleDeposits(deps)
    },
    failed: (error) => deps.log(`versions could not be looked after, trying again: ${String(error)}`),
  })
