import { sql } from 'kysely'
import { named } from '../../platform/db/named-statements.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import './tables.ts'
import { readNote } from './note.ts'

export interface WaitingEntry {
  id: string
  bytes: Buffer
  origin: string
  tag: Buffer
}

export interface PlacedEntry extends WaitingEntry {
  place: number
}

/** What stands beside entries, as far as anything does. */
export async function insertPersonal(
  tx: Tx,
  entries: readonly { id: string; personal: readonly { field: string; value: string; salt: Buffer }[] }[],
): Promise<void> {
  const rows = entries.flatMap(({ id, personal }) => personal.map((p) => ({ entry_id: id, ...p })))
  if (rows.length > 0) await tx.insertInto('ledger_personal').values(rows).execute()
}

/** Many in one statement, and one parameter: arrays of bytes cost more than all the rest. */
export async function insertEntries(db: Db | Tx, entries: readonly WaitingEntry[]): Promise<void> {
  const rows = entries.map(({ id, bytes, origin, tag }) => ({ id, origin, bytes: bytes.toString('hex'), tag: tag.toString('hex') }))
  await sql`
    insert into ledger_entry (id, bytes, origin, tag)
    select e.id, decode(e.bytes, 'hex'), e.origin, decode(e.tag, 'hex')
    from json_to_recordset(${JSON.stringify(rows)}::json) as e(id text, bytes text, origin text, tag text)`.execute(db)
}

/** How long a sequencer may be silent, by the database's clock, before another takes over. It says every second that it is there. */
const leaseSeconds = 4

/**
 * Takes the next epoch when nobody sequences: whoever does with an older one is refused at its next commit. `own`: also from an earlier start of
 * this same node. Undefined when another node does.
 */
export async function takeEpoch(tx: Tx, node: string, own: boolean): Promise<number | undefined> {
  const row = await tx
    .updateTable('ledger_sequencer')
    .set({ epoch: sql`epoch + 1`, node, beat_at: sql`clock_timestamp()` })
    .where((free) =>
      free.or([
        free('node', 'is', null),
        free('beat_at', '<', sql<Date>`clock_timestamp() - make_interval(secs => ${leaseSeconds})`),
        ...(own ? [free('node', '=', node)] : []),
      ]),
    )
    .returning('epoch')
    .executeTakeFirst()
  return row?.epoch
}

/** Says that the sequencer of this epoch is there. False when there is a newer one. */
export async function beat(tx: Tx, epoch: number): Promise<boolean> {
  const done = await tx
    .updateTable('ledger_sequencer')
    .set({ beat_at: sql`clock_timestamp()` })
    .where('epoch', '=', epoch)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** Lets another node take over at once. */
export async function leaveEpoch(tx: Tx, epoch: number): Promise<void> {
  await tx.updateTable('ledger_sequencer').set({ node: null, beat_at: sql`'-infinity'` }).where('epoch', '=', epoch).execute()
}

/**
 * Gives places to entries that have none, oldest first; undefined when another sequencer took over meanwhile. One statement on purpose: a server
 * that is paused leaves no lock behind, on which the next one would wait. Answers the entries, in order.
 */
export async function givePlaces(db: Db, epoch: number, limit: number): Promise<PlacedEntry[] | undefined> {
  const { rows } = await sql<{ held: number } & Nullable<PlacedEntry>>`
    with mine as (select epoch from ledger_sequencer where epoch = ${epoch} for share),
    last as (select coalesce(max(place), 0) as place from ledger_entry),
    waiting as (
      select id, row_number() over (order by at, id) as ord
      from (select id, at from ledger_entry where place is null order by at, id limit ${limit}) as w),
    placed as (
      update ledger_entry as e set place = last.place + waiting.ord from waiting, last, mine where e.id = waiting.id
      returning e.id, e.place, e.bytes, e.origin, e.tag)
    select m.held, p.* from (select count(*) as held from mine) as m left join placed as p on true order by p.place`.execute(db)
  if (rows[0]?.held !== 1) return undefined
  return rows.flatMap(({ held: _, ...entry }) => (entry.id === null ? [] : [entry as PlacedEntry]))
}

/** An HMAC with SHA-256. */
const tagLength = 32

/**
 * Inserts entries together with the places that come next. The place of the first; undefined when another sequencer took over meanwhile, and then
 * nothing was inserted. What they consist of goes as one piece of bytes that the database cuts: as JSON, or as arrays of bytes, it has to be written
 * and read twice, which costs it half as much again as to insert them.
 */
export async function insertPlaced(db: Db, epoch: number, entries: readonly WaitingEntry[]): Promise<number | undefined> {
  if (entries.some(({ tag }) => tag.length !== tagLength)) throw new Error('an entry without its tag')
  let next = 1
  const starts = entries.map(({ bytes }) => {
    next += bytes.length
    return next - bytes.length
  })
  // neither ids nor origins hold a space
  const ids = entries.map(({ id }) => id).join(' ')
  const origins = entries.map(({ origin }) => origin).join(' ')
  const lengths = `{${entries.map(({ bytes }) => bytes.length).join(',')}}`
  const { rows: done } = await sql<{ first: number | null }>`${sql.raw(named('insert-placed'))}
    with mine as (select epoch from ledger_sequencer where epoch = ${epoch} for share),
    last as (select coalesce(max(place), 0) as place from ledger_entry),
    placed as (
      insert into ledger_entry (id, bytes, origin, tag, place)
      select e.id, substr(${Buffer.concat(entries.map(({ bytes }) => bytes))}::bytea, e.start, e.length), e.origin,
        substr(${Buffer.concat(entries.map(({ tag }) => tag))}::bytea, ((e.ord - 1) * ${tagLength}::int)::int + 1, ${tagLength}::int), last.place + e.ord
      from rows from (unnest(string_to_array(${ids}::text, ' ')), unnest(string_to_array(${origins}::text, ' ')), unnest(${`{${starts.join(',')}}`}::int[]),
        unnest(${lengths}::int[])) with ordinality as e (id, origin, start, length, ord), last, mine
      returning place)
    select min(place) as first from placed`.execute(db)
  return done[0]?.first ?? undefined
}

type Nullable<T> = { [K in keyof T]: T[K] | null }

/** Entries with a place, from `first` on, in order. */
export async function readPlaced(tx: Tx, first: number, limit: number): Promise<PlacedEntry[]> {
  const rows = await tx
    .selectFrom('ledger_entry')
    .select(['id', 'place', 'bytes', 'origin', 'tag'])
    .where('place', '>=', first)
    .orderBy('place')
    .limit(limit)
    .execute()
  return rows.map((r) => ({ ...r, place: r.place as number }))
}

export async function saveCheckpoint(tx: Tx, note: string): Promise<void> {
  const { size, epoch } = readNote(note)
  await sql`${sql.raw(named('save-checkpoint'))}
    insert into ledger_checkpoint (size, epoch, note) values (${size}, ${epoch}, ${note}) on conflict (epoch, size) do nothing`.execute(tx)
}
