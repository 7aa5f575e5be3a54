import type { AnswerOf, access as api } from '@claviger/api'
import { sql } from 'kysely'
import type { PersonId } from '../../kernel/id.ts'
import { type Tier, tierLabel } from '../../kernel/tier.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { accessErrorFaces, blockedError } from './errors.ts'
import { approveBlocked, seesAll, statesFor } from './rules.ts'
import './tables.ts'

export type ShownRequest = AnswerOf<typeof api.getRequest>
export type ShownGrant = AnswerOf<typeof api.grants>['grants'][number]
export interface Viewer {
  person: string
  groups: readonly string[]
}

const requestQuery = (db: Db) =>
  db
    .selectFrom('access_request as r')
    .innerJoin('person as p', 'p.id', 'r.requester_id')
    .innerJoin('account as a', 'a.id', 'r.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select([
      'r.id',
      'r.action',
      'r.reason',
      'r.itsm_ticket',
      'r.seconds',
      'r.state',
      'r.obligations',
      'r.digest',
      'r.created_at',
      'r.expires_at',
      'r.void_reason',
      'r.extends_grant',
      sql<number | null>`case when r.state = 'queued' then (select count(*)::int from access_request q where q.account_id = r.account_id
        and q.state = 'queued' and (q.queued_at, q.id) <= (r.queued_at, r.id)) end`.as('position'),
      'r.account_id',
      'r.requester_id',
    ])
    .select(['p.name as person', 'p.display_name'])
    .select(['a.name as account', 'a.tier', 'a.privileges'])
    .select(['t.id as target_id', 't.name as target', 't.kind', 't.environment', 't.settings'])

export interface RequestFilter {
  id?: string
  state?: string
  view: 'inbox' | 'mine' | 'decided' | 'all'
  account?: string | undefined
  ticket?: string | undefined
  /** The id of the last one of the page before. */
  after?: string | undefined
  limit: number
}

/**
 * Requests as a viewer may see them, newest first; the inbox holds what waits for the viewer's decision. A page is four questions to the
 * database, however many rows it has.
 */
export async function showRequests(db: Db, viewer: Viewer, filter: RequestFilter): Promise<ShownRequest[]> {
  let query = requestQuery(db)
  if (filter.id !== undefined) query = query.where('r.id', '=', filter.id)
  if (filter.state !== undefined) query = query.where('r.state', '=', filter.state)
  if (filter.view === 'mine' || !seesAll(viewer.groups)) query = query.where('r.requester_id', '=', viewer.person)
  if (filter.view === 'decided') query = query.where('r.state', 'not in', ['waiting', 'queued'])
  // what an activation brought is agreed to there
  if (filter.view === 'inbox')
    query = query.where('r.state', '=', 'waiting').where('r.requester_id', '<>', viewer.person).where('r.activation', 'is', null)
  if (filter.account !== undefined) query = query.where('r.account_id', '=', filter.account)
  if (filter.ticket !== undefined) query = query.where(sql<boolean>`lower(r.itsm_ticket) = lower(${filter.ticket})`)
  if (filter.after !== undefined)
    query = query.where(sql<boolean>`(r.created_at, r.id) < (select created_at, id from access_request where id = ${filter.after})`)
  const rows = await query.orderBy('r.created_at', 'desc').orderBy('r.id', 'desc').limit(filter.limit).execute()
  if (rows.length === 0) return []
  const ids = rows.map((r) => r.id)
  const votes = Map.groupBy(await votesOf(db, ids), (v) => v.request)
  const grants = new Map((await showGrants(db, viewer, { requests: ids, limit: ids.length })).map((g) => [g.request, g]))
  const more = rows.flatMap((r) => r.extends_grant ?? [])
  const extended = new Map((more.length > 0 ? await showGrants(db, viewer, { ids: more, limit: more.length }) : []).map((g) => [g.id, g]))
  const before = Map.groupBy(await historiesOf(db, ids), (h) => h.of)
  return rows.map((r): ShownRequest => {
    const { because, ...obligations } = r.obligations
    const cast = votes.get(r.id) ?? []
    const blocked = approveBlocked({ requester: r.requester_id, state: r.state, votes: cast.map((v) => v.shown.approver.id) }, viewer)
    return {
      id: r.id,
      requester: { id: r.requester_id, name: r.person, displayName: r.display_name },
      account: { id: r.account_id, name: r.account, tier: r.tier, tierLabel: tierLabel(r.tier as Tier), privileges: r.privileges },
      target: {
        id: r.target_id,
        name: r.target,
        kind: r.kind,
        environment: r.environment as ShownRequest['target']['environment'],
        address: [r.settings.host, r.settings.port].filter((part) => part !== undefined).join(':'),
      },
      action: r.action as ShownRequest['action'],
      reason: r.reason,
      itsmTicket: r.itsm_ticket,
      seconds: r.seconds,
      state: r.state as ShownRequest['state'],
      position: r.position,
      extends: r.extends_grant,
      obligations,
      because,
      digest: r.digest,
      createdAt: r.created_at.toISOString(),
      expiresAt: r.expires_at.toISOString(),
      approvals: cast.map((v) => v.shown),
      grant: grants.get(r.id) ?? extended.get(r.extends_grant ?? '') ?? null,
      approveBlocked: blocked ? { code: blocked, message: sentence(blocked, r.state) } : null,
      voidReason: r.void_reason,
      history: (before.get(r.id) ?? []).map((h) => ({ id: h.id, state: h.state, createdAt: h.created_at.toISOString() })),
    }
  })
}

function sentence(blocked: NonNullable<ReturnType<typeof approveBlocked>>, state: string): string {
  const error = blockedError(blocked, state, statesFor('approve'))
  return accessErrorFaces[error.code].say(error as never)
}

async function votesOf(db: Db, requests: readonly string[]): Promise<{ request: string; shown: ShownRequest['approvals'][number] }[]> {
  const rows = await db
    .selectFrom('approval as v')
    .innerJoin('person as p', 'p.id', 'v.approver_id')
    .select(['v.id', 'v.request_id', 'v.verdict', 'v.comment', 'v.at', 'v.factor_kind', 'p.id as person', 'p.name', 'p.display_name'])
    .where('v.request_id', 'in', requests)
    .orderBy('v.at')
    .execute()
  return rows.map((v) => ({
    request: v.request_id,
    shown: {
      id: v.id,
      approver: { id: v.person, name: v.name, displayName: v.display_name },
      verdict: v.verdict as 'approved',
      comment: v.comment,
      at: v.at.toISOString(),
      factor: v.factor_kind as 'totp' | 'passkey' | null,
    },
  }))
}

/** Of each of these requests the three that its requester made before it for the same account, newest first. */
async function historiesOf(db: Db, requests: readonly string[]): Promise<{ of: string; id: string; state: string; created_at: Date }[]> {
  return await db
    .selectFrom('access_request as r')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('access_request as h')
          .select(['h.id', 'h.state', 'h.created_at'])
          .whereRef('h.requester_id', '=', 'r.requester_id')
          .whereRef('h.account_id', '=', 'r.account_id')
          .whereRef('h.created_at', '<=', 'r.created_at')
          .whereRef('h.id', '<>', 'r.id')
          .orderBy('h.created_at', 'desc')
          .limit(3)
          .as('h'),
      (join) => join.onTrue(),
    )
    .select(['r.id as of', 'h.id', 'h.state', 'h.created_at'])
    .where('r.id', 'in', requests)
    .orderBy('h.created_at', 'desc')
    .execute()
}

/** Grants that a viewer may see, newest first. */
export async function showGrants(
  db: Db,
  viewer: Viewer,
  filter: {
    id?: string
    state?: string
    person?: string | undefined
    requests?: readonly string[]
    ids?: readonly string[]
    /** The last one of the page before. */
    after?: string | undefined
    limit: number
  },
): Promise<ShownGrant[]> {
  let query = db
    .selectFrom('access_grant as g')
    .innerJoin('person as p', 'p.id', 'g.person_id')
    .innerJoin('account as a', 'a.id', 'g.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select([
      'g.id',
      'g.request_id',
      'g.action',
      'g.exclusive',
      'g.state',
      'g.starts_at',
      'g.ends_at',
      'g.ended_at',
      'g.end_reason',
      'p.id as person',
      'p.name',
      'p.display_name',
      'a.name as account',
      't.name as target',
    ])
  if (filter.id !== undefined) query = query.where('g.id', '=', filter.id)
  if (filter.state !== undefined) query = query.where('g.state', '=', filter.state)
  if (filter.ids !== undefined) query = query.where('g.id', 'in', filter.ids)
  if (filter.requests !== undefined) query = query.where('g.request_id', 'in', filter.requests)
  if (!seesAll(viewer.groups)) query = query.where('g.person_id', '=', viewer.person)
  if (filter.person !== undefined) query = query.where('g.person_id', '=', filter.person)
  if (filter.after !== undefined) {
    const { after } = filter
    query = query.where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('g.starts_at', 'g.id'),
        '<',
        selectFrom('access_grant as l').select(['l.starts_at', 'l.id']).where('l.id', '=', after).$asTuple('starts_at', 'id'),
      ),
    )
  }
  const rows = await query.orderBy('g.starts_at', 'desc').orderBy('g.id', 'desc').limit(filter.limit).execute()
  return rows.map((g) => ({
    id: g.id,
    request: g.request_id,
    person: { id: g.person, name: g.name, displayName: g.display_name },
    account: g.account,
    target: g.target,
    action: g.action as ShownGrant['action'],
    exclusive: g.exclusive === true,
    state: g.state as ShownGrant['state'],
    startsAt: g.starts_at.toISOString(),
    endsAt: g.ends_at.toISOString(),
    endedAt: g.ended_at?.toISOString() ?? null,
    endReason: g.end_reason,
  }))
}

export interface PersonInGroups {
  id: string
  name: string
  groups: readonly string[]
}

/** Active people by name, with their groups. */
export async function peopleInGroups(db: Db): Promise<PersonInGroups[]> {
  return await db.selectFrom('person').select(['id', 'name', 'groups']).where('state', '=', 'active').orderBy('name').limit(1000).execute()
}

/** Names of active people who are in one of these groups, without one of them. */
export async function namesIn(db: Db, groups: readonly string[], without: string): Promise<string[]> {
  const people = await peopleInGroups(db)
  return people.filter((p) => p.id !== without && p.groups.some((g) => groups.includes(g))).map((p) => p.name)
}

export async function personNamed(db: Db, name: string): Promise<PersonId | undefined> {
  const row = await db.selectFrom('person').select('id').where('name', '=', name).executeTakeFirst()
  return row?.id as PersonId | undefined
}

/** Active people by name. */
export async function activePeople(db: Db, limit: number): Promise<{ id: PersonId; name: string; displayName: string }[]> {
  const rows = await db
    .selectFrom('person')
    .select(['id', 'name', 'display_name'])
    .where('state', '=', 'active')
    .orderBy('name')
    .limit(limit)
    .execute()
  return rows.map((p) => ({ id: p.id as PersonId, name: p.name, displayName: p.display_name }))
}
