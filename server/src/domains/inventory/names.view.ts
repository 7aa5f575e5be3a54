import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

/** What targets and accounts are called: `web01`, `deploy@web01`. */
export async function namesInInventory(db: Db, ids: readonly string[]): Promise<[id: string, name: string][]> {
  const [targets, accounts] = ['tgt_', 'acc_'].map((prefix) => ids.filter((id) => id.startsWith(prefix))) as [string[], string[]]
  const found = targets.length === 0 ? [] : await db.selectFrom('target').select(['id', 'name']).where('id', 'in', targets).execute()
  const held =
    accounts.length === 0
      ? []
      : await db
          .selectFrom('account as a')
          .innerJoin('target as t', 't.id', 'a.target_id')
          .select(['a.id', 'a.name', 't.name as target'])
          .where('a.id', 'in', accounts)
          .execute()
  return [...found.map((t) => [t.id, t.name] as [string, string]), ...held.map((a) => [a.id, `${a.name}@${a.target}`] as [string, string])]
}
