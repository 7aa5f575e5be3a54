import type { AnswerOf, inventory as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { broughtIn, lastVerified, type ShownAccount } from './inventory.view.ts'

type Credential = ShownAccount['credentials'][number]

/** What the vault holds of accounts: kind, version and times, never the credential. Empty when the keeper is away: the list still shows. */
export const vaultVersions =
  (db: Db, keeper: Keeper) =>
  async (accounts: readonly string[]): Promise<ReadonlyMap<string, Credential[]>> => {
    if (accounts.length === 0) return new Map()
    const answer = await keeper.ask('versions', { accounts: [...accounts] })
    if (!answer.ok) return new Map()
    const verified = new Map((await lastVerified(db, accounts)).map((v) => [`${v.account_id}/${v.credential}`, v.at]))
    const current = answer.value.versions.filter((v) => v.state === 'current')
    const shown = current.map((v) => ({
      account: v.account,
      kind: v.credential,
      version: v.version,
      rotatedAt: v.at,
      verifiedAt: verified.get(`${v.account}/${v.credential}`)?.toISOString() ?? null,
    }))
    return new Map([...Map.groupBy(shown, (v) => v.account)].map(([id, list]) => [id, list.map(({ account: _account, ...rest }) => rest)]))
  }

type Version = AnswerOf<typeof api.accountVersions>['versions'][number]
const shownAtMost = 200

/** Every version that the vault knows of one account, newest first: what became of it, never the credential. */
export async function allVersions(db: Db, keeper: Keeper, account: string): Promise<Result<Version[], KeeperRefusal>> {
  const answer = await keeper.ask('versions', { accounts: [account] })
  if (!answer.ok) return answer
  const brought = new Map((await broughtIn(db, account)).map((d) => [`${d.credential}/${d.version}`, d.person]))
  const versions = answer.value.versions.map(({ credential, version, state, at, about, expiresAt }) => ({
    ...{ credential, version, state: state as Version['state'], at, about, expiresAt },
    broughtBy: brought.get(`${credential}/${version}`) ?? null,
  }))
  return ok(versions.sort((a, b) => b.at.localeCompare(a.at)).slice(0, shownAtMost))
}
