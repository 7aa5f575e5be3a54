import type { AnswerOf, onboarding as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { CredentialKind } from '../../targets/contract.ts'
import { accountsAt, type Place } from './onboarding.store.ts'

type Looked = AnswerOf<typeof api.lookAtImport>['entries']

/** What would become of each. No credential is needed for that, and none is sent. */
export async function lookAtImport(
  { db, keeper }: { db: Db; keeper: Keeper },
  entries: readonly (Place & { credential: CredentialKind })[],
): Promise<Result<Looked, KeeperRefusal>> {
  const places = await accountsAt(db, entries)
  const ids = [...new Set(places.flatMap((p) => p.found.map((f) => f.account_id)))]
  const held = new Set<string>()
  for (let from = 0; from < ids.length; from += 500) {
    const versions = await keeper.ask('versions', { accounts: ids.slice(from, from + 500) })
    if (!versions.ok) return versions
    for (const v of versions.value.versions) if (v.state === 'current') held.add(`${v.account} ${v.credential}`)
  }
  const seen = new Set<string>()
  return ok(
    entries.map(({ credential }, at): Looked[number] => {
      const { targets = [], found = [] } = places[at] ?? {}
      const [one] = found
      if (targets.length === 0) return { fate: 'target_unknown', account: null }
      if (!one) return { fate: 'account_unknown', account: null }
      if (found.length > 1) return { fate: 'target_ambiguous', account: null }
      const account = { id: one.account_id, name: one.account, target: one.target }
      const key = `${one.account_id} ${credential}`
      const twice = seen.has(key)
      seen.add(key)
      if (twice) return { fate: 'twice', account }
      if (held.has(key)) return { fate: 'known', account }
      return { fate: one.observed ? 'observed' : 'ready', account }
    }),
  )
}
