import type { AnswerOf, checkOut as api } from '@claviger/api'
import type { Db } from '../../platform/db/open-db.ts'
import type { Viewer } from './access.view.ts'
import { seesAll } from './rules.ts'
import './tables.ts'

export type ShownCheckOut = AnswerOf<typeof api.getCheckOut>
export type ShownReveal = AnswerOf<typeof api.reveals>['reveals'][number]
const queueShown = 200

const somebody = (p: { person: string; name: string; display_name: string }) => ({
  id: p.person,
  name: p.name,
  displayName: p.display_name,
})

/** Who has an account and who waits for it; undefined when there is no such account. `trouble`: why it does not come free, as rotation knows it. */
export async function showCheckOut(
  db: Db,
  viewer: Viewer,
  account: string,
  ask: { capabilities: (kind: string) => readonly string[]; trouble: (account: string) => Promise<string | null> },
): Promise<ShownCheckOut | undefined> {
  const found = await db
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['a.id', 'a.check_out', 't.kind'])
    .where('a.id', '=', account)
    .where('a.gone_at', 'is', null)
    .executeTakeFirst()
  if (!found) return undefined
  const holding = await db
    .selectFrom('holding as h')
    .innerJoin('access_grant as g', 'g.id', 'h.grant_id')
    .innerJoin('person as p', 'p.id', 'g.person_id')
    .select(['h.state', 'g.id as grant', 'g.action', 'g.ends_at', 'p.id as person', 'p.name', 'p.display_name'])
    .where('h.account_id', '=', account)
    .executeTakeFirst()
  const waiting = await db
    .selectFrom('access_request as r')
    .innerJoin('person as p', 'p.id', 'r.requester_id')
    .select(['r.id', 'r.queued_at', 'p.id as person', 'p.name', 'p.display_name'])
    .where('r.account_id', '=', account)
    .where('r.state', '=', 'queued')
    .orderBy('r.queued_at')
    .orderBy('r.id')
    .limit(queueShown)
    .execute()
  const all = seesAll(viewer.groups)
  const queue = waiting.map((w, at) => {
    const known = all || w.person === viewer.person
    const since = (w.queued_at ?? new Date()).toISOString()
    return { position: at + 1, request: known ? w.id : null, person: known ? somebody(w) : null, since }
  })
  const state = (holding?.state ?? 'free') as ShownCheckOut['state']
  const held = holding && state !== 'free' ? holding : undefined
  return {
    account: found.id,
    mode: found.check_out === 'exclusive' ? 'exclusive' : 'shared',
    state,
    holder: held ? somebody(held) : null,
    grant: held && (all || held.person === viewer.person) ? held.grant : null,
    action: held ? (held.action as 'connect') : null,
    until: held && state === 'held' ? held.ends_at.toISOString() : null,
    trouble: state === 'returned' ? await ask.trouble(account) : null,
    queue,
    position: queue.find((q) => q.person?.id === viewer.person)?.position ?? null,
    actions: ask.capabilities(found.kind).includes('connect') ? ['connect'] : ['reveal'],
  }
}

/** Who saw which version of an account's credentials, newest first; one more than a page when another follows. */
export async function showReveals(db: Db, account: string, page: { after?: string | undefined; limit: number }): Promise<ShownReveal[]> {
  let query = db
    .selectFrom('reveal as v')
    .innerJoin('person as p', 'p.id', 'v.person_id')
    .select(['v.id', 'v.grant_id', 'v.credential', 'v.version', 'v.at', 'v.state', 'p.id as person', 'p.name', 'p.display_name'])
    .where('v.account_id', '=', account)
  if (page.after !== undefined) {
    const { after } = page
    query = query.where(({ eb, refTuple, selectFrom }) =>
      eb(refTuple('v.at', 'v.id'), '<', selectFrom('reveal as l').select(['l.at', 'l.id']).where('l.id', '=', after).$asTuple('at', 'id')),
    )
  }
  const rows = await query.orderBy('v.at', 'desc').orderBy('v.id', 'desc').limit(page.limit).execute()
  return rows.map((v) => ({
    id: v.id,
    grant: v.grant_id,
    person: somebody(v),
    credential: v.credential as ShownReveal['credential'],
    version: v.version,
    at: v.at.toISOString(),
    state: v.state as ShownReveal['state'],
  }))
}
