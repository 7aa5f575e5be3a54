import * as product from '../../../../../server/src/keeper/vault/vault.store.ts'
import * as watched from '../swaps/vault.store.ts'

export * from '../../../../../server/src/keeper/vault/vault.store.ts'

/*
 * The deliberately wrong order: the target is changed first, and its new credential is stored when it was proven. Until then the candidate is in the
 * keeper's memory alone, so that a keeper which is killed after the change takes it along.
 */

type Insert = Parameters<typeof product.insertVersion>
type Row = Insert[1]
const kept = new Map<string, { row: Row; insert: Insert }>()
const at = (o: product.Owner) => `${o.kind}/${o.id}/${o.what}`
const found = (row: Row): product.VersionRow => ({ ...row, created_at: new Date() })

export const insertVersion: typeof product.insertVersion = async (...insert) => {
  const [, row] = insert
  if (row.owner_kind !== 'account' || row.state !== 'candidate') return await watched.insertVersion(...insert)
  kept.set(at({ kind: row.owner_kind, id: row.owner_id, what: row.what }), { row, insert })
  return 'inserted'
}

export const findByRotation: typeof product.findByRotation = async (pool, rotation) => {
  const candidate = [...kept.values()].find(({ row }) => row.rotation_id === rotation)
  return candidate ? found(candidate.row) : await product.findByRotation(pool, rotation)
}

export const findVersion: typeof product.findVersion = async (pool, owner, state) => {
  const candidate = state === 'candidate' ? kept.get(at(owner)) : undefined
  return candidate ? found(candidate.row) : await product.findVersion(pool, owner, state)
}

export const promoteVersion: typeof product.promoteVersion = async (pool, owner, version) => {
  const candidate = kept.get(at(owner))
  if (candidate) await product.insertVersion(...candidate.insert)
  await watched.promoteVersion(pool, owner, version)
  kept.delete(at(owner))
}
