import { sql } from 'kysely'
import type { KeptSession, Place } from '../../keeper/facts/retention.ts'
import type { RecordingId, SessionId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface RecordedSession {
  session: KeptSession & { id: SessionId }
  recording: RecordingId
  bytes: number
  /** account@target, and whose it was. */
  name: string
  who: string
}

const recorded = (db: Db) =>
  db
    .selectFrom('session as s')
    .innerJoin('recording as r', 'r.id', 's.recording_id')
    .innerJoin('access_grant as g', 'g.id', 's.grant_id')
    .innerJoin('account as a', 'a.id', 's.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .innerJoin('person as p', 'p.id', 's.person_id')
    .select(['s.id', 's.person_id', 's.account_id', 's.opened_at', 's.kept_as', 'g.ends_at', 'r.id as recording', 'r.bytes', 'r.manifest'])
    .select(['t.id as target', 't.kind', 't.environment', sql<number>`least(a.tier, t.tier)`.as('tier')])
    .select([sql<string>`a.name || '@' || t.name`.as('name'), 'p.name as who'])

type Row = Awaited<ReturnType<ReturnType<typeof recorded>['execute']>>[number]

function shown(r: Row): RecordedSession {
  const openedAt = new Date(r.opened_at)
  const grantClosedAt = new Date(r.ends_at)
  const ended = r.manifest === null ? undefined : new Date(String((JSON.parse(r.manifest) as { ended?: unknown }).ended))
  const { target, kind, environment, tier } = r
  const places: Place[] = [{ target, kind, environment, tier }, ...(r.kept_as ? [r.kept_as as Place] : [])]
  return {
    session: {
      ...{ id: r.id as SessionId, person: r.person_id, account: r.account_id, openedAt, grantClosedAt, places },
      endedAt: ended !== undefined && ended >= openedAt ? ended : grantClosedAt,
    },
    recording: r.recording as RecordingId,
    bytes: Number(r.bytes),
    name: r.name,
    who: r.who,
  }
}

/** Sessions that are over, were opened before this, and of which the recording is there; oldest first. */
export async function keptSessions(
  db: Db,
  { before, after, limit }: { before: Date; after: { openedAt: Date; id: string } | undefined; limit: number },
): Promise<RecordedSession[]> {
  let query = recorded(db)
    .where('s.state', 'not in', ['opening', 'running'])
    .where('s.opened_at', '<=', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('recording_destruction as d').select('d.id').whereRef('d.recording_id', '=', 'r.id').where('d.state', '=', 'ordered'),
        ),
      ),
    )
  if (after) query = query.where(sql<boolean>`(s.opened_at, s.id) > (${after.openedAt}, ${after.id})`)
  return (await query.orderBy('s.opened_at').orderBy('s.id').limit(limit).execute()).map(shown)
}

export async function recordedSession(db: Db, session: string): Promise<RecordedSession | undefined> {
  const row = await recorded(db).where('s.id', '=', session).executeTakeFirst()
  return row && shown(row)
}

export interface StoredGroup {
  month: string
  place: Place
  openedAt: Date
  recordings: number
  bytes: number
  /** Interrupted ones, whose size nobody wrote down. */
  unmeasured: number
}

/** What is stored, by the month in which it was recorded and the target: a line for each. What was destroyed is not in it. */
export async function storedByMonth(db: Db): Promise<StoredGroup[]> {
  const rows = await db
    .selectFrom('recording as r')
    .innerJoin('session as s', 's.id', 'r.session_id')
    .innerJoin('account as a', 'a.id', 's.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .leftJoin('recording_destruction as d', (on) => on.onRef('d.recording_id', '=', 'r.id').on('d.removed_at', 'is not', null))
    .where('d.id', 'is', null)
    .select([
      sql<string>`to_char(s.opened_at at time zone 'UTC', 'YYYY-MM')`.as('month'),
      't.id as target',
      't.kind',
      't.environment',
      sql<number>`least(a.tier, t.tier)`.as('tier'),
      sql<Date>`min(s.opened_at)`.as('opened_at'),
      sql<string>`count(*)`.as('recordings'),
      sql<string>`sum(r.bytes)`.as('bytes'),
      sql<string>`count(*) filter (where r.bytes = 0)`.as('unmeasured'),
    ])
    .groupBy([sql`1`, 't.id', 't.kind', 't.environment', sql`5`])
    .orderBy(sql`1`)
    .execute()
  return rows.map(({ month, target, kind, environment, tier, opened_at, recordings, bytes, unmeasured }) => ({
    month,
    place: { target, kind, environment, tier: Number(tier) },
    openedAt: new Date(opened_at),
    recordings: Number(recordings),
    bytes: Number(bytes),
    unmeasured: Number(unmeasured),
  }))
}

export interface StoredPlace {
  /** A bucket; null: the folder of the server that made it. */
  place: string | null
  recordings: number
  bytes: number
  unmeasured: number
}

/** Where what is stored lies; servers' own folders first. What was destroyed is not in it. */
export async function storedByPlace(db: Db): Promise<StoredPlace[]> {
  const rows = await db
    .selectFrom('recording as r')
    .leftJoin('recording_destruction as d', (on) => on.onRef('d.recording_id', '=', 'r.id').on('d.removed_at', 'is not', null))
    .where('d.id', 'is', null)
    .select(['r.stored_in as place', sql<string>`count(*)`.as('recordings'), sql<string>`sum(r.bytes)`.as('bytes')])
    .select(sql<string>`count(*) filter (where r.bytes = 0)`.as('unmeasured'))
    .groupBy('r.stored_in')
    .orderBy(sql`r.stored_in nulls first`)
    .execute()
  return rows.map(({ place, recordings, bytes, unmeasured }) => ({
    ...{ place, recordings: Number(recordings), bytes: Number(bytes), unmeasured: Number(unmeasured) },
  }))
}

/** Bytes recorded since this moment, how many of them are still in servers' folders, and when the first recording was made. */
export async function recordedSince(db: Db, since: Date): Promise<{ bytes: number; here: number; first: Date | null }> {
  const row = await db
    .selectFrom('recording as r')
    .innerJoin('session as s', 's.id', 'r.session_id')
    .select(sql<string>`coalesce(sum(r.bytes) filter (where r.stored_in is null), 0)`.as('here'))
    .select([sql<string>`coalesce(sum(r.bytes), 0)`.as('bytes'), sql<Date | null>`(select min(opened_at) from session)`.as('first')])
    .where('s.opened_at', '>=', since)
    .executeTakeFirstOrThrow()
  return { bytes: Number(row.bytes), here: Number(row.here), first: row.first && new Date(row.first) }
}

export interface ShownHold {
  id: string
  kind: 'session' | 'person' | 'account' | 'target'
  subject: string
  subjectName: string
  caseNumber: string
  reason: string
  placedBy: string
  placedAt: Date
  state: 'placed' | 'lifted'
  liftedBy: string | null
  liftedAt: Date | null
  liftReason: string | null
}

/** Holds, newest first, those that are placed before those that were lifted. */
export async function shownHolds(db: Db, limit: number): Promise<ShownHold[]> {
  const rows = await db
    .selectFrom('legal_hold as h')
    .innerJoin('person as p', 'p.id', 'h.placed_by')
    .leftJoin('person as l', 'l.id', 'h.lifted_by')
    .selectAll('h')
    .select(['p.name as placed_name', 'l.name as lifted_name'])
    .select(
      sql<string | null>`case h.subject_kind
        when 'person' then (select name from person where id = h.subject_id)
        when 'account' then (select a.name || '@' || t.name from account a join target t on t.id = a.target_id where a.id = h.subject_id)
        when 'target' then (select name from target where id = h.subject_id)
        else h.subject_id end`.as('subject_name'),
    )
    .orderBy(sql`h.state = 'lifted'`)
    .orderBy('h.placed_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((h) => ({
    ...{ id: h.id, kind: h.subject_kind, subject: h.subject_id, subjectName: h.subject_name ?? h.subject_id },
    ...{ caseNumber: h.case_number, reason: h.reason, placedBy: h.placed_name, placedAt: h.placed_at, state: h.state },
    ...{ liftedBy: h.lifted_name, liftedAt: h.lifted_at, liftReason: h.lift_reason },
  }))
}

/** Anchors that somebody closed, with names. */
export async function closedAnchors(
  db: Db,
): Promise<
  { anchor: 'account_removed' | 'relationship_ended'; subject: string; subjectName: string; at: Date; by: string; reason: string }[]
> {
  const rows = await db
    .selectFrom('retention_anchor as n')
    .innerJoin('person as p', 'p.id', 'n.closed_by')
    .select(['n.anchor', 'n.subject_id', 'n.closed_at', 'n.reason', 'p.name as by'])
    .select(
      sql<string | null>`case n.anchor
        when 'account_removed' then (select a.name || '@' || t.name from account a join target t on t.id = a.target_id where a.id = n.subject_id)
        else (select name from target where id = n.subject_id) end`.as('subject_name'),
    )
    .where('n.state', '=', 'closed')
    .orderBy('n.closed_at', 'desc')
    .limit(500)
    .execute()
  return rows.map((n) => ({
    ...{
      anchor: n.anchor,
      subject: n.subject_id,
      subjectName: n.subject_name ?? n.subject_id,
      at: n.closed_at,
      by: n.by,
      reason: n.reason,
    },
  }))
}

export async function namesOfTargets(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('target').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map((r) => [r.id, r.name]))
}
