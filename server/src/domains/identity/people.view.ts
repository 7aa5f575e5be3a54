import { sql } from 'kysely'
import type { PersonId, SignInId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { holds, type Person } from './rules.ts'
import './tables.ts'

export interface PersonFilter {
  search?: string | undefined
  state?: string | undefined
  after?: string | undefined
  limit: number
}
export interface ListedPerson extends Person {
  factors: ('password' | 'totp' | 'passkey')[]
  sshKeys: number
  lastSeenAt: Date | null
}

/** People by name, a page at a time. For looking at: whatever decides asks the keeper. */
export async function listPeople(db: Db, { search, state, after, limit }: PersonFilter): Promise<ListedPerson[]> {
  let query = db
    .selectFrom('person as p')
    .select(['p.id', 'p.name', 'p.display_name', 'p.groups', 'p.state', 'p.introduced_by'])
    .select([
      sql<string[]>`array(
        select f.kind from factor f where f.person_id = p.id and f.state = 'active'
        union select 'passkey' from passkey k where k.person_id = p.id and k.state = 'active' order by 1)`.as('factors'),
      sql<number>`(select count(*)::int from ssh_key k where k.person_id = p.id and k.state = 'active')`.as('keys'),
      sql<Date | null>`(select max(s.last_seen_at) from sign_in s where s.person_id = p.id)`.as('seen'),
    ])
  if (search) {
    const pattern = `%${search.replaceAll(/[\\%_]/g, (c) => `\\${c}`)}%`
    query = query.where(({ or, eb }) => or([eb('p.name', 'ilike', pattern), eb('p.display_name', 'ilike', pattern)]))
  }
  if (state) query = query.where('p.state', '=', state)
  if (after) query = query.where('p.name', '>', after)
  const rows = await query.orderBy('p.name').limit(limit).execute()
  return rows.map((p) => ({
    ...{ id: p.id as PersonId, name: p.name, displayName: p.display_name, groups: p.groups as Person['groups'] },
    ...{ state: p.state as Person['state'], introducedBy: p.introduced_by as PersonId | null },
    ...{ factors: p.factors as ListedPerson['factors'], sshKeys: p.keys, lastSeenAt: p.seen },
  }))
}

export async function findPerson(db: Db, id: PersonId) {
  const row = await db
    .selectFrom('person as p')
    .leftJoin('person as i', 'i.id', 'p.introduced_by')
    .select(['p.id', 'p.name', 'p.display_name', 'p.groups', 'p.state', 'p.created_at', 'p.introduced_by', 'i.display_name as introducer'])
    .where('p.id', '=', id)
    .executeTakeFirst()
  return (
    row && {
      person: {
        id: row.id,
        name: row.name,
        displayName: row.display_name,
        groups: row.groups as Person['groups'],
        state: row.state as Person['state'],
      },
      createdAt: row.created_at,
      introducedBy: row.introduced_by === null ? null : { id: row.introduced_by, displayName: row.introducer ?? '' },
    }
  )
}

/** The factors in use, without anything that proves them. */
export async function listFactors(db: Db, person: PersonId): Promise<{ id: string; kind: 'password' | 'totp'; createdAt: Date }[]> {
  const rows = await db
    .selectFrom('factor')
    .select(['id', 'kind', 'created_at'])
    .where('person_id', '=', person)
    .where('state', '=', 'active')
    .orderBy('created_at')
    .execute()
  return rows.map((f) => ({ id: f.id, kind: f.kind as 'password' | 'totp', createdAt: f.created_at }))
}

export interface ListedSignIn {
  id: SignInId
  kind: 'browser' | 'cli'
  source: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}

/** Sign-ins that still hold, the last used first. */
export async function listSignIns(db: Db, person: PersonId, now: Date): Promise<ListedSignIn[]> {
  const rows = await db
    .selectFrom('sign_in')
    .select(['id', 'kind', 'source', 'created_at', 'last_seen_at', 'expires_at', 'ended_at'])
    .where('person_id', '=', person)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('last_seen_at', 'desc')
    .limit(200)
    .execute()
  return rows
    .map((s) => ({
      ...{ id: s.id as SignInId, kind: s.kind as 'browser' | 'cli', source: s.source },
      ...{ createdAt: s.created_at, lastSeenAt: s.last_seen_at, expiresAt: s.expires_at, endedAt: s.ended_at },
    }))
    .filter((s) => holds(s, now))
    .map(({ endedAt: _, ...s }) => s)
}

/** When the newest password of somebody was accepted is the newest sign-in's beginning. */
export async function lastSignInAt(db: Db, person: PersonId): Promise<Date | null> {
  const row = await db
    .selectFrom('sign_in')
    .select(({ fn }) => fn.max('created_at').as('at'))
    .where('person_id', '=', person)
    .executeTakeFirst()
  return row?.at ?? null
}
