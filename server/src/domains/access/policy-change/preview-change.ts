import type { AnswerOf, policy as api } from '@claviger/api'
import { contentOf } from '../../../keeper/facts/fact.ts'
import type { PolicyEdit } from '../../../keeper/facts/policy-change.ts'
import { factColumns } from '../../../keeper/facts/tables.ts'
import { ok, type Result } from '../../../kernel/result.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import { peopleInGroups } from '../access.view.ts'
import type { AccessError } from '../errors.ts'
import { actsInSessions } from './acts-in-sessions.ts'
import { type Crowd, comparePolicies, type Place } from './compare-policies.ts'
import type { Wanted } from './edits.ts'
import { type ChangeDeps, readChange } from './propose-change.ts'

type Preview = AnswerOf<typeof api.previewPolicies>

/** So that a preview answers within seconds: a question takes a third of a millisecond. */
const most = { people: 2_000, crowds: 20, accounts: 200 }
const shownAtOnce = 100

/**
 * Who gains and who loses. From rows as the database has them: nothing rests on a preview, and what decides is attested. Accounts that are alike to
 * policy come last, so that of very many each sort is looked at.
 */
export async function previewChange(
  { db, keeper }: Pick<ChangeDeps, 'db' | 'keeper'>,
  wanted: readonly Wanted[],
): Promise<Result<Preview, AccessError>> {
  const read = await readChange(keeper, wanted)
  if (!read.ok) return read
  const { edits } = read.value
  const [people, places] = [await crowdsOf(db, edits), await placesOf(db)]
  const crowds = people.slice(0, most.crowds)
  const looked = places.slice(0, most.accounts)
  const effects = await comparePolicies(read.value, crowds, looked)
  const acts = await actsInSessions(read.value, crowds, looked, await peopleInGroups(db))
  return ok({
    edits: edits.map(({ name, text, state, was }) => ({ name, before: was, after: state === 'active' ? text : null })),
    effects: effects.slice(0, shownAtOnce).map((effect) => ({ ...effect, people: [...effect.people], groups: [...effect.groups] })),
    acts: acts.slice(0, shownAtOnce),
    looked: { people: crowds.reduce((sum, crowd) => sum + crowd.names.length, 0), accounts: looked.length },
    complete: people.length <= most.crowds && places.length <= most.accounts && Math.max(effects.length, acts.length) <= shownAtOnce,
  })
}

/** Active people by their groups; whom a policy names, by themselves. */
async function crowdsOf(db: Db, edits: readonly PolicyEdit[]): Promise<Crowd[]> {
  const rows = await db.selectFrom('person').selectAll().where('state', '=', 'active').orderBy('name').limit(most.people).execute()
  const named = (id: string): boolean => edits.some(({ text, was }) => text.includes(id) || was?.includes(id))
  const crowds = new Map<string, Crowd & { names: string[] }>()
  for (const row of rows) {
    const person = contentOf(factColumns.person, { ...row })
    const groups = [...(person.groups as string[])].sort()
    const key = named(row.id) ? row.id : groups.join(' ')
    const crowd = crowds.get(key) ?? { person, groups, names: [] }
    crowd.names.push(row.name)
    crowds.set(key, crowd)
  }
  return [...crowds.values()]
}

/** Accounts on their targets: one of each sort first. */
async function placesOf(db: Db): Promise<Place[]> {
  const targets = new Map((await db.selectFrom('target').selectAll().orderBy('name').limit(5_000).execute()).map((row) => [row.id, row]))
  const accounts = await db.selectFrom('account').selectAll().orderBy('name').limit(20_000).execute()
  const first = new Map<string, Place>()
  const others: Place[] = []
  for (const row of accounts) {
    const on = targets.get(row.target_id)
    if (!on) continue
    const place: Place = { account: contentOf(factColumns.account, { ...row }), target: contentOf(factColumns.target, { ...on }) }
    const { tier, category, privileges } = place.account
    const sort = JSON.stringify([tier, category, privileges, on.tier, on.environment, on.kind])
    if (first.has(sort)) others.push(place)
    else first.set(sort, place)
  }
  return [...first.values(), ...others]
}
