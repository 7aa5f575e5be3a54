import { sql } from 'kysely'
import type { AccountId, ImportId, PersonId, TargetId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import type { CredentialKind } from '../../targets/contract.ts'
import './tables.ts'

export interface Place {
  target: string
  account: string
}
export interface Placed {
  account_id: AccountId
  account: string
  target: string
  observed: boolean
}

export interface PlacedTarget {
  id: TargetId
  name: string
  kind: string
}

/** The accounts that some places may mean: of a target of this name, or at this address. More than one: the place is ambiguous. */
export async function accountsAt(db: Db, places: readonly Place[]): Promise<{ targets: PlacedTarget[]; found: Placed[] }[]> {
  const { rows } = await sql<{ at: number; targets: PlacedTarget[]; found: Placed[] }>`
    with wanted as (
      select (o.n - 1)::int as at, w->>'target' as target, w->>'account' as account
      from jsonb_array_elements(${JSON.stringify(places)}::jsonb) with ordinality as o(w, n)
    ), named as (
      select w.at, w.account, t.id, t.name, t.kind from wanted w join target t on t.name = w.target
    ), on_target as (
      select * from named
      union all
      select w.at, w.account, t.id, t.name, t.kind from wanted w join target t on t.settings->>'host' = w.target
      where not exists (select 1 from named n where n.at = w.at)
    )
    select w.at,
      coalesce((
        select jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name, 'kind', o.kind) order by o.name) from on_target o where o.at = w.at
      ), '[]'::jsonb) as targets,
      coalesce((
        select jsonb_agg(jsonb_build_object('account_id', a.id, 'account', a.name, 'target', o.name, 'observed', a.observed_since is not null))
        from on_target o join account a on a.target_id = o.id and a.name = o.account and a.gone_at is null
        where o.at = w.at
      ), '[]'::jsonb) as found
    from wanted w order by w.at`.execute(db)
  return rows
}

export interface ImportRow {
  id: ImportId
  source: string
  begun_by: PersonId
  begun_at: Date
  open_until: Date
}

export async function insertImport(tx: Tx, row: ImportRow): Promise<void> {
  await tx.insertInto('import').values(row).execute()
}

export async function importOf(tx: Tx, id: ImportId): Promise<ImportRow | undefined> {
  return (await tx.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst()) as ImportRow | undefined
}

export type Outcome = 'stored' | 'refused' | 'failed' | 'known'
export interface Tried {
  account: AccountId
  credential: CredentialKind
  outcome: Outcome
  code: string | null
}

/** What became of each; one that was stored stays so, whatever is sent again. */
export async function putEntries(tx: Tx, id: ImportId, tried: readonly Tried[], at: Date): Promise<void> {
  for (const { account, credential, outcome, code } of tried)
    await tx
      .insertInto('import_entry')
      .values({ import_id: id, account_id: account, credential, outcome, code, at, ordered_at: null })
      .onConflict((conflict) =>
        conflict
          .columns(['import_id', 'account_id', 'credential'])
          .doUpdateSet({ outcome, code, at })
          .where('import_entry.outcome', '<>', 'stored'),
      )
      .execute()
}

/** What was stored and whose first rotation was not ordered yet. */
export async function stagedOf(tx: Tx, id: ImportId): Promise<{ account: AccountId; observed: boolean }[]> {
  const rows = await tx
    .selectFrom('import_entry as e')
    .innerJoin('account as a', 'a.id', 'e.account_id')
    .select(['a.id', 'a.observed_since'])
    .distinct()
    .where('e.import_id', '=', id)
    .where('e.outcome', '=', 'stored')
    .where('e.ordered_at', 'is', null)
    .where('a.state', '=', 'found')
    .execute()
  return rows.map((r) => ({ account: r.id as AccountId, observed: r.observed_since !== null }))
}

export async function markOrdered(tx: Tx, id: ImportId, accounts: readonly AccountId[], at: Date): Promise<void> {
  if (accounts.length > 0)
    await tx
      .updateTable('import_entry')
      .set({ ordered_at: at })
      .where('import_id', '=', id)
      .where('account_id', 'in', [...accounts])
      .execute()
}
