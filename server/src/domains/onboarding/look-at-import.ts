import type { AnswerOf, onboarding as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import { type CredentialKind, isLoginKind } from '../../kernel/credential-kinds.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Kinds } from '../inventory/index.ts'
import { accountsAt, type Place } from './onboarding.store.ts'

type Looked = AnswerOf<typeof api.lookAtImport>['entries']

/** What would become of each. No credential is needed for that, and none is sent. */
export async function lookAtImport(
  { db, keeper, kinds }: { db: Db; keeper: Keeper; kinds: Pick<Kinds, 'reaches'> },
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
  const twice = (key: string) => seen.size === seen.add(key).size
  return ok(
    entries.map(({ credential, account: name }, at): Looked[number] => {
      const { targets = [], found = [] } = places[at] ?? {}
      const [one] = found
      const [on] = targets
      const left = (fate: Looked[number]['fate']): Looked[number] => ({ fate, account: null, target: null })
      if (!on) return left('target_unknown')
      if (targets.length === 1 && !kinds.reaches(on.kind)) {
        const account = one ? { id: one.account_id, name: one.account, target: one.target } : null
        const of = { account, target: { id: on.id, name: on.name } }
        if (twice(`${on.id} ${name} ${credential}`)) return { fate: 'twice', ...of }
        return { fate: one && held.has(`${one.account_id} ${credential}`) ? 'known' : 'brought', ...of }
      }
      if (!isLoginKind(credential)) return left('reached')
      if (!one) return left('account_unknown')
      if (found.length > 1) return left('target_ambiguous')
      const of = { account: { id: one.account_id, name: one.account, target: one.target }, target: null }
      const key = `${one.account_id} ${credential}`
      if (twice(key)) return { fate: 'twice', ...of }
      if (held.has(key)) return { fate: 'known', ...of }
      return { fate: one.observed ? 'observed' : 'ready', ...of }
    }),
  )
}
