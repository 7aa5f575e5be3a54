import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../platform/db/open-db.ts'
import '../tables.ts'

export interface SearchFilter {
  person?: string | undefined
  account?: string | undefined
  target?: string | undefined
  ticket?: string | undefined
  since?: string | undefined
  until?: string | undefined
  exit?: number | 'failed' | undefined
  alerts?: string | undefined
}

export interface Candidate {
  session: string
  recording: string | null
  /** Where to go on behind it. */
  place: string
}

/** So long the database may look, in milliseconds. */
const longest = 3_000
/** A word in more recordings than this is a frequent one. */
const counted = 5_000

const like = (text: string): string => `%${text.replaceAll(/[\\%_]/g, (c) => `\\${c}`)}%`

export async function sessionOf(db: Db, recording: string): Promise<string | undefined> {
  return (await db.selectFrom('recording').select('session_id').where('id', '=', recording).executeTakeFirst())?.session_id
}

/** The conditions on a session `s`, its person `p`, account `a`, target `t` and request `q`. */
function conditions(filter: SearchFilter): RawBuilder<unknown> {
  const all: RawBuilder<unknown>[] = [sql`true`]
  if (filter.person) all.push(sql`(p.name ilike ${like(filter.person)} or p.display_name ilike ${like(filter.person)})`)
  if (filter.account) all.push(sql`a.name || '@' || t.name ilike ${like(filter.account)}`)
  if (filter.target) all.push(sql`t.name ilike ${like(filter.target)}`)
  if (filter.ticket) all.push(sql`lower(q.itsm_ticket) = lower(${filter.ticket})`)
  if (filter.since) all.push(sql`s.opened_at >= ${filter.since}::timestamptz`)
  if (filter.until) all.push(sql`s.opened_at < ${filter.until}::timestamptz`)
  if (filter.exit === 'failed') all.push(sql`s.exit_status <> 0`)
  else if (filter.exit !== undefined) all.push(sql`s.exit_status = ${filter.exit}`)
  if (filter.alerts) {
    const rule = filter.alerts === 'any' || filter.alerts === 'none' ? sql`` : sql`and i.words @> array[${filter.alerts}::text]`
    const seen = sql`exists (select from ledger_index i where i.act = 'alarm.session_rule' and i.words @> array[s.id] ${rule})`
    all.push(filter.alerts === 'none' ? sql`not ${seen}` : seen)
  }
  return sql.join(all, sql` and `)
}

const joined = sql`
  join person p on p.id = s.person_id join account a on a.id = s.account_id join target t on t.id = a.target_id
  join access_grant g on g.id = s.grant_id join access_request q on q.id = g.request_id`

/** Sessions by what their rows say, newest first. */
export async function sessionsLike(db: Db, filter: SearchFilter, after: string | undefined, limit: number): Promise<Candidate[]> {
  const behind = after ? sql`(s.opened_at, s.id) < (select opened_at, id from session where id = ${after})` : sql`true`
  return await within(
    db,
    sql<Candidate>`select s.id as session, s.recording_id as recording, s.id as place from session s ${joined}
      where ${conditions(filter)} and ${behind} order by s.opened_at desc, s.id desc limit ${limit}`,
  )
}

/**
 * Sessions in whose recordings all of these words may stand, newest first. `tokens`: for each month, newest first, the hash of each word. The
 * rarest word is walked through, from the newest on, and the others are looked up beside it.
 */
export async function sessionsWith(
  db: Db,
  tokens: readonly (readonly bigint[])[],
  filter: SearchFilter,
  after: string | undefined,
  limit: number,
): Promise<Candidate[]> {
  const words = tokens[0]?.length ?? 0
  if (words === 0) return []
  const ofWord = Array.from({ length: words }, (_, i) => tokens.map((month) => String(month[i])))
  const [first = [], ...others] = await rarestFirst(db, ofWord)
  const [, at, n] = /^(\d{1,10})\.(\d{1,10})$/.exec(after ?? '') ?? []
  const behind = after === undefined ? sql`true` : sql`(w.at, w.n) < (${at ?? '0'}::bigint, ${n ?? '0'}::bigint)`
  const columns = sql.join([sql`first`, ...others.map((_, i) => sql.ref(`other${i}`))])
  const arrays = sql.join([first, ...others].map((one) => sql`${one}::bigint[]`))
  const beside = others.map(
    (_, i) => sql`and exists (select from session_word o where o.token = ${sql.ref(`m.other${i}`)} and o.at = w.at and o.n = w.n)`,
  )
  return await within(
    db,
    sql<Candidate>`select x.session, x.recording, x.at || '.' || x.n as place
      from unnest(${arrays}) as m(${columns})
      cross join lateral (
        select s.id as session, s.recording_id as recording, w.at, w.n
        from session_word w join recording_words r on r.n = w.n join recording f on f.id = r.recording_id join session s on s.id = f.session_id ${joined}
        where w.token = m.first ${sql.join(beside, sql` `)} and ${behind} and ${conditions(filter)}
        order by w.at desc, w.n desc limit ${limit}) x
      order by x.at desc, x.n desc limit ${limit}`,
  )
}

async function rarestFirst(db: Db, words: readonly string[][]): Promise<string[][]> {
  if (words.length === 1) return [...words]
  const counts = words.map(
    (tokens, i) =>
      sql`(select count(*)::int from (select from session_word where token = any(${tokens}::bigint[]) limit ${counted}) x) as ${sql.ref(`c${i}`)}`,
  )
  const [row = {}] = await within(db, sql<Record<string, number>>`select ${sql.join(counts)}`)
  return words
    .map((tokens, i) => ({ tokens, count: row[`c${i}`] ?? 0 }))
    .toSorted((a, b) => a.count - b.count)
    .map(({ tokens }) => tokens)
}

async function within<T>(db: Db, query: RawBuilder<T>): Promise<T[]> {
  return await db.transaction().execute(async (tx) => {
    await sql`select set_config('statement_timeout', ${String(longest)}, true)`.execute(tx)
    return (await query.execute(tx)).rows
  })
}

/** The database took longer than it may. */
export const tookTooLong = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === '57014'
