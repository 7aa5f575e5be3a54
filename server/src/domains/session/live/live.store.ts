import { sql } from 'kysely'
import type { Ordered } from '../../../keeper/facts/session-order.ts'
import type { PersonId, RecordingId, SessionId, SessionOrderId, WatchId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db/open-db.ts'
import '../tables.ts'

const now = sql<Date>`clock_timestamp()`
/** An api process that was killed says nothing any more: then nothing is sent to it. */
const silentSeconds = 10

/** Somebody of whom the database says that they watch. */
export interface SaidWatch {
  id: WatchId
  person: PersonId
  /** That they are there; says nothing before it was checked. */
  proof: Buffer | null
}

export interface Watch extends SaidWatch {
  kind: 'announced' | 'covert'
  /** What the watcher is called. */
  name: string
}

/** Who watches a session now, as the database says it. */
export async function openWatches(tx: Tx, session: SessionId): Promise<SaidWatch[]> {
  const rows = await tx
    .selectFrom('session_watch')
    .select(['id', 'by_person', 'proof'])
    .where('session_id', '=', session)
    .where('state', '=', 'open')
    .where('seen_at', '>', sql<Date>`clock_timestamp() - make_interval(secs => ${silentSeconds})`)
    .orderBy('seen_at')
    .execute()
  return rows.map(({ id, proof, by_person }) => ({ id: id as WatchId, proof, person: by_person as PersonId }))
}

/** What became of an order. `refused`: nobody who may gave it. `late`: overtaken, or too old when it could be carried out. */
export type Outcome = 'done' | 'not_shown' | 'refused' | 'late'

/** Which orders of these are said to be given and not carried out, in their order. Nothing of it is believed: the keeper is asked. */
export async function openOrders(
  tx: Tx,
  session: SessionId,
  ...what: readonly Ordered[]
): Promise<{ id: SessionOrderId; what: Ordered }[]> {
  const rows = await tx
    .selectFrom('session_order')
    .select(['id', 'what'])
    .where('session_id', '=', session)
    .where('what', 'in', what)
    .where('outcome', 'is', null)
    .orderBy('at')
    .orderBy('id')
    .limit(100)
    .execute()
  return rows.map((row) => ({ ...row, id: row.id as SessionOrderId }))
}

export async function settleOrder(tx: Tx, id: SessionOrderId, outcome: Outcome): Promise<void> {
  await tx.updateTable('session_order').set({ outcome }).where('id', '=', id).execute()
}

/** Bytes that a watcher has not taken yet. */
export async function bytesWaiting(tx: Tx, watch: WatchId): Promise<number> {
  const row = await tx
    .selectFrom('session_live')
    .select(sql<number>`coalesce(sum(octet_length(block)), 0)::int`.as('bytes'))
    .where('watch_id', '=', watch)
    .executeTakeFirst()
  return row?.bytes ?? 0
}

/** Sealed blocks for one watcher, as long as it watches; an empty one says that what follows happens now. */
export async function sendBlocks(tx: Tx, watch: WatchId, blocks: readonly Uint8Array[]): Promise<boolean> {
  const open = tx.selectFrom('session_watch').select('id').where('id', '=', watch).where('state', '=', 'open')
  // held until these are there: whoever ends the watching takes them away after it
  if (!(await open.forShare().executeTakeFirst())) return false
  // behind what is not taken yet; what was taken may have had the same number
  const { last } = await tx
    .selectFrom('session_live')
    .select(sql<number>`coalesce(max(n), 0)::int`.as('last'))
    .where('watch_id', '=', watch)
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('session_live')
    .values(
      blocks.map((block, i) => {
        const { buffer, byteOffset, byteLength } = block
        return { watch_id: watch, n: last + i + 1, block: Buffer.from(buffer, byteOffset, byteLength) }
      }),
    )
    .execute()
  await sql`select pg_notify('session_live', ${watch})`.execute(tx)
  return true
}

/** Nothing more is sent to this watcher: it took what came too slowly. */
export async function giveUpWatch(tx: Tx, watch: WatchId): Promise<void> {
  await tx.updateTable('session_watch').set({ state: 'too_slow' }).where('id', '=', watch).where('state', '=', 'open').execute()
  await tx.deleteFrom('session_live').where('watch_id', '=', watch).execute()
  await sql`select pg_notify('session_live', ${watch})`.execute(tx)
}

export interface Watchable {
  recording: RecordingId
  running: boolean
  /** Whose session it is. */
  groups: readonly string[]
}

export async function watchable(tx: Tx, session: string): Promise<Watchable | undefined> {
  const row = await tx
    .selectFrom('session as s')
    .innerJoin('person as p', 'p.id', 's.person_id')
    .select(['s.recording_id', 's.state', 'p.groups'])
    .where('s.id', '=', session)
    .executeTakeFirst()
  if (!row) return undefined
  return { recording: row.recording_id as RecordingId, running: ['opening', 'running'].includes(row.state), groups: row.groups }
}

export async function countWatches(tx: Tx, session: string): Promise<number> {
  const row = await tx
    .selectFrom('session_watch')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('session_id', '=', session)
    .where('state', '=', 'open')
    .where('seen_at', '>', sql<Date>`clock_timestamp() - make_interval(secs => ${silentSeconds})`)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export async function insertWatch(
  tx: Tx,
  watch: { id: WatchId; session_id: string; by_person: PersonId; kind: 'announced' | 'covert' },
): Promise<void> {
  await tx.insertInto('session_watch').values(watch).execute()
}

/** Says that it is still watched, and answers what became of it and of its session, and for how many seconds nothing was heard of its gateway. */
export async function touchWatch(
  tx: Tx,
  watch: WatchId,
): Promise<{ watch: string; session: string; endReason: string | null; silent: number } | undefined> {
  const silent = sql<number>`coalesce((select extract(epoch from clock_timestamp() - g.seen_at)::float8 from node_part g where g.node = s.node and g.part = 'gateway'), 0)`
  const row = await tx
    .updateTable('session_watch as w')
    .from('session as s')
    .set({ seen_at: now })
    .whereRef('s.id', '=', 'w.session_id')
    .where('w.id', '=', watch)
    .returning(['w.state as watch', 's.state as session', 's.end_reason', silent.as('silent')])
    .executeTakeFirst()
  return row && { watch: row.watch, session: row.session, endReason: row.end_reason, silent: row.silent }
}

/** The next blocks for a watcher, in order; they are its alone from then on. */
export async function takeBlocks(tx: Tx, watch: WatchId): Promise<Buffer[]> {
  const next = tx.selectFrom('session_live').select('n').where('watch_id', '=', watch).orderBy('n').limit(32)
  const rows = await tx.deleteFrom('session_live').where('watch_id', '=', watch).where('n', 'in', next).returning(['n', 'block']).execute()
  return rows.toSorted((a, b) => a.n - b.n).map((row) => row.block)
}

/** The answer to the newest challenge that passed to this watcher. */
export async function answerChallenge(tx: Tx, watch: WatchId, proof: Buffer): Promise<void> {
  await tx.updateTable('session_watch').set({ proof }).where('id', '=', watch).where('state', '=', 'open').execute()
}

export async function closeWatch(tx: Tx, watch: WatchId): Promise<void> {
  await tx.updateTable('session_watch').set({ state: 'over' }).where('id', '=', watch).execute()
  await tx.deleteFrom('session_live').where('watch_id', '=', watch).execute()
}

export interface OrderRow {
  id: SessionOrderId
  session_id: string
  what: Ordered
  words: string
  by_person: PersonId
  at: Date
}

export async function insertOrder(tx: Tx, row: OrderRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('session_order')
    .values({ ...row, revision: 1, mac })
    .execute()
}

/** When the newest order in each of these was given, as the database says it. */
export async function newestOrders(tx: Tx, sessions: readonly string[]): Promise<Map<string, Date>> {
  if (sessions.length === 0) return new Map()
  const rows = await tx
    .selectFrom('session_order')
    .select((of) => ['session_id', of.fn.max('at').as('at')])
    .where('session_id', 'in', sessions)
    .groupBy('session_id')
    .execute()
  return new Map(rows.map((row) => [row.session_id, row.at]))
}

export async function outcomeOf(tx: Tx, order: SessionOrderId): Promise<Outcome | undefined> {
  return (await tx.selectFrom('session_order').select('outcome').where('id', '=', order).executeTakeFirst())?.outcome ?? undefined
}

/** Sessions of a person that are being opened or run. */
export async function runningOf(tx: Tx, person: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('session')
    .select('id')
    .where('person_id', '=', person)
    .where('state', 'in', ['opening', 'running'])
    .execute()
  return rows.map((row) => row.id)
}
