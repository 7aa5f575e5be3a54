import { sql } from 'kysely'
import type { AccountId, BatchId, PersonId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import { onlyBroughtIn } from './kept-by-hand.store.ts'
import type { OrderRow } from './order.store.ts'
import './tables.ts'

/** Which accounts: named ones, those of a target, or what a person had a session with or was shown. Only what is taken over, not held, and replaced by us. */
export type Choice = { by: 'accounts'; ids: readonly string[] } | { by: 'target'; name: string } | { by: 'touched'; person: PersonId }

const seenBy = (person: PersonId) => sql<string>`(select account_id from reveal where person_id = ${person})`

export async function chosenAccounts(tx: Tx, choice: Choice, most: number): Promise<AccountId[]> {
  let chosen = tx
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select('a.id')
    .where('t.manager', '<>', '')
    .where('a.state', '=', 'managed')
    .where('a.gone_at', 'is', null)
    .where(({ not }) => not(onlyBroughtIn))
  if (choice.by === 'accounts') chosen = chosen.where('a.id', 'in', [...choice.ids])
  if (choice.by === 'target')
    chosen = chosen.where('a.target_id', 'in', tx.selectFrom('target').select('id').where('name', '=', choice.name))
  if (choice.by === 'touched')
    chosen = chosen.where((eb) =>
      eb.or([
        eb('a.id', 'in', tx.selectFrom('session').select('account_id').where('person_id', '=', choice.person)),
        // whoever was shown it knows it by heart
        eb('a.id', 'in', seenBy(choice.person)),
      ]),
    )
  return (await chosen.orderBy('a.id').limit(most).execute()).map((a) => a.id as AccountId)
}

export async function insertBatch(
  tx: Tx,
  batch: { id: BatchId; reason: string; ordered_by: PersonId; ordered_at: Date },
  orders: readonly OrderRow[],
): Promise<void> {
  await tx.insertInto('rotation_batch').values(batch).execute()
  for (let from = 0; from < orders.length; from += 1_000)
    await tx
      .insertInto('rotation_batch_item')
      .values(orders.slice(from, from + 1_000).map((o) => ({ batch_id: batch.id, order_id: o.id, generation: o.generation })))
      .execute()
}

export async function personNamed(tx: Tx, name: string): Promise<PersonId | undefined> {
  const { rows } = await sql<{ id: string }>`select id from person where name = ${name}`.execute(tx)
  return rows[0]?.id as PersonId | undefined
}
