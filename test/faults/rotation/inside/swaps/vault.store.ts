import * as product from '../../../../../server/src/keeper/vault/vault.store.ts'
import { point } from '../points.ts'

export * from '../../../../../server/src/keeper/vault/vault.store.ts'

const of = (owner: { id: string; what: string }) => ({ account: owner.id, credential: owner.what })

/** In the keeper: the candidate is in the escrow; it is in the database. */
export const insertVersion: typeof product.insertVersion = async (pool, row, ...more) => {
  const who = of({ id: row.owner_id, what: row.what })
  const told = row.owner_kind === 'account' && row.state === 'candidate'
  if (told) await point('escrowed', who)
  const inserted = await product.insertVersion(pool, row, ...more)
  if (told) await point('stored', who)
  return inserted
}

export const promoteVersion: typeof product.promoteVersion = async (pool, owner, version) => {
  await point('making current', of(owner))
  await product.promoteVersion(pool, owner, version)
  await point('made current', of(owner))
}
