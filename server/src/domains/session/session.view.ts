import type { AnswerOf, session as api } from '@claviger/api'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import '../../platform/nodes/index.ts'
import './tables.ts'

export type ShownSession = AnswerOf<typeof api.getSession>

/** People who may look at sessions that are not theirs. */
const seesAll = (groups: readonly string[]) => groups.some((g) => ['security', 'auditors', 'administrators'].includes(g))

/** Sessions that a viewer may see, newest first. */
export async function showSessions(
  db: Db,
  viewer: { person: string; groups: readonly string[] },
  filter: {
    id?: string
    ids?: readonly string[]
    state?: 'running' | 'ended' | undefined
    account?: string | undefined
    /** Those that were opened under its grant. */
    request?: string | undefined
    /** Part of the person's name, or of account@target. */
    search?: string | undefined
    /** The id of the last one of the page before. */
    after?: string | undefined
    limit: number
  },
): Promise<ShownSession[]> {
  let query = db
    .selectFrom('session as s')
    .innerJoin('person as p', 'p.id', 's.person_id')
    .innerJoin('account as a', 'a.id', 's.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .innerJoin('access_grant as g', 'g.id', 's.grant_id')
    .leftJoin('recording as r', 'r.id', 's.recording_id')
    .leftJoin('recording_destruction as d', (on) => on.onRef('d.recording_id', '=', 'r.id').on('d.state', '=', 'ordered'))
    .select([
      's.id',
      's.door',
      's.way',
      's.kind',
      's.source',
      's.grant_id',
      's.state',
      's.opened_at',
      's.ended_at',
      's.end_reason',
      's.exit_status',
      's.database_name',
      's.ends_at',
      's.idle_seconds',
      's.finish_seconds',
      's.supervised',
      's.unobserved',
    ])
    .select(['p.id as person', 'p.name', 'p.display_name', 'a.name as account', 't.name as target', 'g.request_id'])
    .select(
      sql<boolean | null>`(select o.what = 'suspend' from session_order o where o.session_id = s.id and o.what in ('suspend', 'resume')
        and o.outcome = 'done' order by o.at desc, o.id desc limit 1)`.as('suspended'),
    )
    .select(['r.id as recording', 'r.state as recording_state', 'r.chunks', 'r.bytes', 'r.seconds', 'r.stored_in', 'd.at as destroyed_at'])
  if (filter.id !== undefined) query = query.where('s.id', '=', filter.id)
  if (filter.ids !== undefined) query = query.where('s.id', 'in', [...filter.ids, ''])
  if (filter.state === 'running') query = query.where('s.state', 'in', ['opening', 'running'])
  if (filter.state === 'ended') query = query.where('s.state', 'not in', ['opening', 'running'])
  if (!seesAll(viewer.groups)) query = query.where('s.person_id', '=', viewer.person)
  if (filter.account !== undefined) query = query.where('s.account_id', '=', filter.account)
  if (filter.request !== undefined) query = query.where('g.request_id', '=', filter.request)
  if (filter.search) {
    const pattern = `%${filter.search.replaceAll(/[\\%_]/g, (c) => `\\${c}`)}%`
    query = query.where(({ or, eb }) =>
      or([
        eb('p.name', 'ilike', pattern),
        eb('p.display_name', 'ilike', pattern),
        eb(sql<string>`a.name || '@' || t.name`, 'ilike', pattern),
      ]),
    )
  }
  if (filter.after !== undefined)
    query = query.where(sql<boolean>`(s.opened_at, s.id) < (select opened_at, id from session where id = ${filter.after})`)
  const rows = await query.orderBy('s.opened_at', 'desc').orderBy('s.id', 'desc').limit(filter.limit).execute()
  return rows.map((s) => ({
    id: s.id,
    person: { id: s.person, name: s.name, displayName: s.display_name },
    account: s.account,
    target: s.target,
    door: s.door as ShownSession['door'],
    way: s.way as ShownSession['way'],
    kind: s.kind as ShownSession['kind'],
    database: s.database_name,
    from: s.source,
    grant: s.grant_id,
    request: s.request_id,
    state: s.state as ShownSession['state'],
    suspended: s.suspended === true && s.state === 'running',
    endsAt: s.state === 'running' ? (s.ends_at?.toISOString() ?? null) : null,
    idleSeconds: s.idle_seconds,
    finishSeconds: s.finish_seconds,
    supervised: s.supervised,
    unobserved: s.unobserved && s.state === 'running',
    openedAt: s.opened_at.toISOString(),
    endedAt: s.ended_at?.toISOString() ?? null,
    endReason: s.end_reason,
    exitStatus: s.exit_status,
    recording:
      s.recording === null
        ? null
        : {
            id: s.recording,
            state: s.recording_state as 'sealed',
            chunks: s.chunks ?? 0,
            bytes: s.bytes ?? 0,
            seconds: Number(s.seconds ?? 0),
            destroyedAt: s.destroyed_at?.toISOString() ?? null,
            storedIn: s.stored_in,
          },
  }))
}

/** The row that says that a recording is destroyed, as the database has it. */
export async function destructionIn(db: Db, recording: string): Promise<string | undefined> {
  const row = await db.selectFrom('recording_destruction').select('id').where('recording_id', '=', recording).executeTakeFirst()
  return row?.id
}

export interface RecordingFile {
  id: string
  state: string
  /** What the server is called that made it. */
  node: string | null
}

export async function recordingOf(db: Db, session: string): Promise<RecordingFile | undefined> {
  return await db
    .selectFrom('recording as r')
    .innerJoin('session as s', 's.id', 'r.session_id')
    .leftJoin('node_part as n', (on) => on.onRef('n.node', '=', 's.node').on('n.part', '=', 'gateway'))
    .select(['r.id', 'r.state', 'n.name as node'])
    .where('r.session_id', '=', session)
    .executeTakeFirst()
}

/** What a session was: `shell`, `exec`, `sql`, … */
export async function kindOf(db: Db, session: string): Promise<string | undefined> {
  return (await db.selectFrom('session').select('kind').where('id', '=', session).executeTakeFirst())?.kind
}

/** Where a person's own grant leads, for the user name to give. */
export async function placeOfGrant(
  db: Db,
  grant: string,
  person: string,
): Promise<{ account: string; target: string; kind: string; database: string | null } | undefined> {
  const row = await db
    .selectFrom('access_grant as g')
    .innerJoin('account as a', 'a.id', 'g.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['a.name as account', 't.name as target', 't.kind', 't.settings'])
    .where('g.id', '=', grant)
    .where('g.person_id', '=', person)
    .executeTakeFirst()
  const database = (row?.settings as { database?: unknown } | undefined)?.database
  return row && { account: row.account, target: row.target, kind: row.kind, database: typeof database === 'string' ? database : null }
}
