import { sql } from 'kysely'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface WaitingEntry {
  id: string
  bytes: Buffer
  origin: string
  tag: Buffer
}

export async function insertEntry(
  tx: Tx,
  entry: WaitingEntry,
  personal: readonly { field: string; value: string; salt: Buffer }[],
): Promise<void> {
  await tx.insertInto('ledger_entry').values(entry).execute()
  if (personal.length > 0) {
    await tx
      .insertInto('ledger_personal')
      .values(personal.map((p) => ({ entry_id: entry.id, ...p })))
      .execute()
  }
}

/** Takes the next epoch: whoever sequences with an older one is refused at its next commit. */
export async function takeEpoch(tx: Tx): Promise<number> {
  const row = await tx.updateTable('ledger_sequencer').set({ epoch: sql`epoch + 1` }).returning('epoch').executeTakeFirstOrThrow()
  return row.epoch
}

/** Gives places to entries that have none, oldest first. Refuses (throws) when another sequencer took over meanwhile. */
export async function givePlaces(tx: Tx, epoch: number, limit: number): Promise<number> {
  const current = await tx.selectFrom('ledger_sequencer').select('epoch').forShare().executeTakeFirstOrThrow()
  if (current.epoch !== epoch) throw new Error('another sequencer took over')
  const waiting = await tx
    .selectFrom('ledger_entry')
    .select('id')
    .where('place', 'is', null)
    .orderBy('at')
    .orderBy('id')
    .limit(limit)
    .execute()
  if (waiting.length === 0) return 0
  const last = await tx
    .selectFrom('ledger_entry')
    .select(({ fn }) => fn.max('place').as('last'))
    .executeTakeFirstOrThrow()
  const ids = waiting.map((w) => w.id)
  await sql`update ledger_entry as e set place = ${last.last ?? 0} + w.ord
            from unnest(${ids}::text[]) with ordinality as w (id, ord) where e.id = w.id`.execute(tx)
  return waiting.length
}

/** Entries with a place, from `first` on, in order. */
export async function readPlaced(tx: Tx, first: number, limit: number): Promise<(WaitingEntry & { place: number })[]> {
  const rows = await tx
    .selectFrom('ledger_entry')
    .select(['id', 'place', 'bytes', 'origin', 'tag'])
    .where('place', '>=', first)
    .orderBy('place')
    .limit(limit)
    .execute()
  return rows.map((r) => ({ ...r, place: r.place as number }))
}

export async function saveCheckpoint(tx: Tx, size: number, note: string): Promise<void> {
  await tx
    .insertInto('ledger_checkpoint')
    .values({ size, note })
    .onConflict((c) => c.column('size').doNothing())
    .execute()
}
