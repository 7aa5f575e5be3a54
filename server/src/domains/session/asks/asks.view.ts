import type { AnswerOf, asks as api } from '@claviger/api'
import { sql } from 'kysely'
import type { Keeper } from '../../../keeper/client.ts'
import type { KeeperRefusal } from '../../../keeper/contract.ts'
import { seesEveryAsk } from '../../../keeper/facts/session-ask.ts'
import { ok, type Result } from '../../../kernel/result.ts'
import type { AccountCategory, Environment, Tier } from '../../../kernel/tier.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import { type PersonInGroups, peopleInGroups } from '../../access/index.ts'
import { approverGroups } from '../../policy/index.ts'
import { type AskText, textsOf } from './ask-texts.ts'
import './tables.ts'
import '../tables.ts'

export type ShownAsk = AnswerOf<typeof api.sessionAsks>['asks'][number]

interface Viewer {
  person: string
  groups: readonly string[]
  presence: string
}

interface From {
  db: Db
  keeper: Keeper
}

/** One without its text, and whether it has any. */
interface Found {
  ask: Omit<ShownAsk, keyof AskText>
  sealed: boolean
}

interface Filter {
  id?: string | undefined
  view: 'inbox' | 'waiting' | 'all'
  session?: string | undefined
  after?: string | undefined
  limit: number
}

/** Asks that a viewer may see, newest first, with what the keeper lets them read. What expired with nobody to hold it is over. */
export async function showAsks(
  { db, keeper }: From,
  viewer: Viewer,
  now: Date,
  filter: Filter,
): Promise<Result<ShownAsk[], KeeperRefusal>> {
  const found = await findAsks(db, viewer, now, filter)
  const sealed = found.filter((one) => one.sealed).map(({ ask }) => ask.id)
  const texts = await textsOf(keeper, viewer.presence, sealed)
  if (!texts.ok) return texts
  const shown = found.map(({ ask }): ShownAsk => {
    const text = texts.value.get(ask.id) ?? { act: null, salt: null, unread: 'not_kept' }
    // nobody says yes to what they cannot read
    const unread = ask.mayDecide && text.act === null
    return { ...ask, ...text, ...(unread && { mayDecide: false, blocked: 'unread' }) }
  })
  return ok(filter.view === 'inbox' ? shown.filter(({ mayDecide }) => mayDecide) : shown)
}

async function findAsks(db: Db, viewer: Viewer, now: Date, filter: Filter): Promise<Found[]> {
  if (filter.view !== 'inbox') return await pageOf(db, viewer, now, filter)
  // who may decide follows from what the target is: pages are read until as many are found as were asked for
  const mine: Found[] = []
  let { after } = filter
  for (;;) {
    const page = await pageOf(db, viewer, now, { ...filter, after })
    mine.push(...page.filter(({ ask }) => ask.mayDecide))
    after = page.at(-1)?.ask.id
    if (after === undefined || page.length < filter.limit || mine.length >= filter.limit) return mine.slice(0, filter.limit)
  }
}

async function pageOf(db: Db, viewer: Viewer, now: Date, filter: Filter): Promise<Found[]> {
  const state = sql<ShownAsk['state']>`case when k.state = 'waiting' and k.expires_at <= ${now} then 'over' else k.state end`
  let query = db
    .selectFrom('session_ask as k')
    .innerJoin('session as s', 's.id', 'k.session_id')
    .innerJoin('person as p', 'p.id', 'k.person_id')
    .innerJoin('account as a', 'a.id', 'k.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .leftJoin('person as d', 'd.id', 'k.decided_by')
    .select(['k.id', 'k.session_id', 'k.action', 'k.digest', 'k.asked_at', 'k.expires_at', 'k.decided_at', 'k.comment', 'k.why', 's.door'])
    .select(['p.id as person', 'p.name', 'p.display_name', 'd.name as decided_by', state.as('state')])
    .select(sql<boolean>`k.sealed is not null`.as('sealed'))
    .select(['a.id as account_id', 'a.name as account', 'a.tier as account_tier', 'a.category', 'a.privileges'])
    .select(['t.id as target_id', 't.name as target', 't.tier', 't.kind', 't.environment', 't.scopes'])
    .orderBy('k.asked_at', 'desc')
    .orderBy('k.id', 'desc')
  if (filter.id !== undefined) query = query.where('k.id', '=', filter.id)
  if (filter.session !== undefined) query = query.where('k.session_id', '=', filter.session)
  if (!seesEveryAsk(viewer.groups)) query = query.where('k.person_id', '=', viewer.person)
  if (filter.view !== 'all') query = query.where('k.state', '=', 'waiting').where('k.expires_at', '>', now)
  if (filter.view === 'inbox') query = query.where('k.person_id', '<>', viewer.person)
  if (filter.after !== undefined)
    query = query.where(sql<boolean>`(k.asked_at, k.id) < (select b.asked_at, b.id from session_ask b where b.id = ${filter.after})`)
  const rows = await query.limit(filter.limit).execute()
  const people = rows.some(({ state }) => state === 'waiting') ? await peopleInGroups(db) : []
  return rows.map((row): Found => {
    const resource = {
      account: {
        ...{ id: row.account_id, name: row.account, category: row.category as AccountCategory },
        ...{ tier: row.account_tier as Tier, privileges: row.privileges },
      },
      target: {
        ...{ id: row.target_id, name: row.target, kind: row.kind, environment: row.environment as Environment, tier: row.tier as Tier },
        ...(row.scopes && { scopes: row.scopes }),
      },
    }
    const may = approverGroups({ resource })
    const ask: Found['ask'] = {
      ...{ id: row.id, session: row.session_id, accountId: row.account_id, account: row.account, target: row.target },
      ...{ door: row.door as ShownAsk['door'], action: row.action },
      person: { id: row.person, name: row.name, displayName: row.display_name },
      ...{ digest: row.digest, askedAt: row.asked_at.toISOString(), expiresAt: row.expires_at.toISOString() },
      state: row.state,
      asked: { groups: [...may], ...namesOf(row.state === 'waiting' ? people : [], may, row.person) },
      ...mayDecide(viewer, { person: row.person, state: row.state, may }),
      ...{ decidedBy: row.decided_by, decidedAt: row.decided_at?.toISOString() ?? null, comment: row.comment, why: row.why },
    }
    return { ask, sealed: row.sealed }
  })
}

const mostNames = 20

function namesOf(people: readonly PersonInGroups[], may: readonly string[], without: string) {
  const names = people.filter(({ id, groups }) => id !== without && groups.some((group) => may.includes(group))).map(({ name }) => name)
  return { names: names.slice(0, mostNames), more: Math.max(0, names.length - mostNames) }
}

/** Whether this viewer may decide, and why not. The keeper asks again. */
function mayDecide(viewer: Viewer, ask: Parameters<typeof blockedFor>[1]): Pick<ShownAsk, 'mayDecide' | 'blocked'> {
  const blocked = blockedFor(viewer, ask)
  return { mayDecide: blocked === null, blocked }
}

function blockedFor(viewer: Viewer, ask: { person: string; state: ShownAsk['state']; may: readonly string[] }): ShownAsk['blocked'] {
  if (ask.person === viewer.person) return 'own'
  if (!viewer.groups.some((group) => ask.may.includes(group))) return 'not_an_approver'
  return ask.state === 'waiting' ? null : 'not_waiting'
}
