import type { inventory } from '@claviger/api'
import type { Claviger } from '../../support/claviger.ts'
import { vaultedCredentials } from '../losses/vault.ts'
import type { Struck } from './targets.ts'

export type Verdict =
  | { is: 'well' }
  /** Another one of the vault's lets in, the current one does not. */
  | { is: 'astray'; why: string }
  /** None of the vault's does. */
  | { is: 'lost'; why: string }

/** Which of the vault's credentials lets in, of each kind that the account has: a fresh login with each, straight at the target. */
export async function judge(claviger: Claviger, on: Struck, account: inventory.Account): Promise<Verdict> {
  const all = await vaultedCredentials(claviger, ['current', 'candidate', 'previous'])
  const mine = all.filter((v) => v.account === account.id)
  const kinds = new Set(mine.map(({ kind }) => kind))
  if (kinds.size === 0) return { is: 'lost', why: 'the vault has none' }
  for (const kind of kinds) {
    const [current] = mine.filter((v) => v.kind === kind && v.state === 'current')
    const why = current ? await on.refusal(account.name, current) : 'there is no current one'
    if (why === undefined) continue
    const others = mine.filter((v) => v.kind === kind && v.state !== 'current').slice(0, 3)
    for (const other of others)
      if ((await on.refusal(account.name, other)) === undefined)
        return { is: 'astray', why: `${kind}: version ${current?.version} is current (${why}), ${other.state} ${other.version} lets in` }
    return { is: 'lost', why: `${kind}, version ${current?.version}: ${why}; ${others.length} others neither` }
  }
  return { is: 'well' }
}
