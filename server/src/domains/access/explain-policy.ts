import type { AnswerOf, policy as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import type { FactContent } from '../../keeper/facts/fact.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import { describePolicy } from '../policy/index.ts'
import { accountNamed } from './access.store.ts'
import { activePeople, namesIn, personNamed } from './access.view.ts'
import type { Asked, Decide, Decided } from './decide.ts'
import type { AccessError } from './errors.ts'
import { maySeeAccounts, vouchFor } from './file-request.ts'

export type Action = 'connect' | 'reveal'
type Group = AnswerOf<typeof api.whoCan>['groups'][number]['group']
const groups: readonly Group[] = ['engineers', 'approvers', 'security', 'auditors', 'administrators']

export interface ExplainDeps {
  db: Db
  keeper: Keeper
  decide: Decide
}

/** The rules in force as the keeper sees them: what is not as attested is shown, and named as that. */
export async function listPolicies({ keeper }: Pick<ExplainDeps, 'keeper'>): Promise<Result<AnswerOf<typeof api.policies>, AccessError>> {
  const answer = await keeper.ask('policies', {})
  if (!answer.ok) return answer
  const policies = answer.value.policies.map(({ text, ...p }) => ({ ...p, ...describePolicy(text), source: text }))
  return ok({ policies: policies.sort((a, b) => a.name.localeCompare(b.name)) })
}

const shownDecision = ({ decision }: Decided) => ({
  allowed: decision.allowed,
  code: decision.allowed ? null : decision.code,
  message: decision.allowed ? null : decision.message,
  obligations: decision.allowed ? decision.obligations : null,
  because: [...decision.because],
})

const inGroups = (asked: Asked, of: readonly string[]): Asked => ({ ...asked, person: { ...asked.person, groups: [...of] } })

export interface WhyQuestion {
  viewer: PersonId
  /** Whose answer; the viewer's own when undefined. */
  person: string | undefined
  account: string
  action: Action
  seconds: number
  itsmTicket: boolean
}

/** One answer of policy, by the very code that a request goes through, with what stands behind it. */
export async function explainDecision(
  { db, keeper, decide }: ExplainDeps,
  { viewer, person, account, action, seconds, itsmTicket }: WhyQuestion,
): Promise<Result<AnswerOf<typeof api.whyPolicy>, AccessError>> {
  const who = person === undefined ? viewer : await personNamed(db, person)
  if (!who) return fail({ code: 'access.person_unknown', person: person ?? '' })
  return await db.transaction().execute(async (tx) => {
    const asked = await askedOf(tx, keeper, who, account)
    if (!asked.ok) return asked
    const question = { action, seconds, itsmTicket: itsmTicket ? 'to be named' : null }
    const decided = await decide(tx, asked.value, question)
    if (!decided.ok) return decided
    const shown = shownDecision(decided.value)
    const allowedGroups: Group[] = []
    for (const group of shown.allowed ? [] : groups) {
      const other = await decide(tx, inGroups(asked.value, [group]), question)
      if (other.ok && other.value.decision.allowed) allowedGroups.push(group)
    }
    const listed = await listPolicies({ keeper })
    if (!listed.ok) return listed
    const rules = listed.value.policies.flatMap(({ name, effect, title }) =>
      effect && shown.because.includes(name) ? [{ name, effect, title }] : [],
    )
    const { name, display_name, groups: theirs, state } = asked.value.person
    return ok({
      ...shown,
      person: { name: String(name), displayName: String(display_name), groups: theirs as Group[], state: String(state) },
      rules,
      approvers: shown.obligations?.approvals ? await namesIn(db, decided.value.approverGroups, who) : [],
      allowedGroups,
    })
  })
}

const mostPeople = 1000
const atOnce = 100

/** Everybody who could get an account. Each set of groups is decided once: what a person is beyond their groups does not matter to policy. */
export async function whoCan(
  { db, keeper, decide }: ExplainDeps,
  viewer: PersonId,
  account: string,
  action: Action,
): Promise<Result<AnswerOf<typeof api.whoCan>, AccessError>> {
  return await db.transaction().execute(async (tx) => {
    const asked = await askedOf(tx, keeper, viewer, account)
    if (!asked.ok) return asked
    const decisions = new Map<string, ReturnType<typeof shownDecision>>()
    const decided = async (of: readonly string[]): Promise<Result<ReturnType<typeof shownDecision>, AccessError>> => {
      const key = [...of].sort().join(' ')
      const known = decisions.get(key)
      if (known) return ok(known)
      const fresh = await decide(tx, inGroups(asked.value, of), { action, seconds: 60, itsmTicket: 'to be named' })
      if (!fresh.ok) return fresh
      const shown = shownDecision(fresh.value)
      decisions.set(key, shown)
      return ok(shown)
    }
    const byGroup: AnswerOf<typeof api.whoCan>['groups'] = []
    for (const group of groups) {
      const shown = await decided([group])
      if (!shown.ok) return shown
      byGroup.push({ group, ...shown.value })
    }
    const ids = await activePeople(db, mostPeople + 1)
    const people: AnswerOf<typeof api.whoCan>['people'] = []
    for (const person of await vouchedPeople(keeper, ids.slice(0, mostPeople))) {
      const shown = await decided(person.groups)
      if (!shown.ok) return shown
      people.push({ ...person, groups: person.groups as Group[], ...shown.value, ...(person.forged && nothing) })
    }
    return ok({ groups: byGroup, people, looked: people.length, complete: ids.length <= mostPeople })
  })
}

const nothing = {
  allowed: false,
  code: 'keeper.forged_row',
  message: 'This row is not what was attested. Nothing opens on it.',
  obligations: null,
  because: [],
}

async function askedOf(tx: Tx, keeper: Keeper, person: PersonId, account: string): Promise<Result<Asked, AccessError>> {
  const [name = '', target = ''] = account.split('@')
  const named = await accountNamed(tx, name, target)
  if (!named) return fail({ code: 'access.account_unknown', account })
  const asked = await vouchFor(keeper, person, named)
  return asked.ok && !maySeeAccounts(asked.value.person) ? fail({ code: 'access.account_unknown', account }) : asked
}

/** The people as the keeper vouches for them, many at a time; where one of many is forged, one by one. */
async function vouchedPeople(keeper: Keeper, people: readonly { id: PersonId; name: string; displayName: string }[]) {
  const found: { name: string; displayName: string; groups: string[]; forged: boolean }[] = []
  const face = (p: FactContent) => ({
    name: String(p.name),
    displayName: String(p.display_name),
    groups: p.groups as string[],
    forged: false,
  })
  for (let at = 0; at < people.length; at += atOnce) {
    const some = people.slice(at, at + atOnce)
    const vouched = await keeper.ask('vouch', { rows: some.map(({ id }) => ({ kind: 'person', id })) })
    if (vouched.ok) {
      found.push(...vouched.value.rows.map((row) => face(row as FactContent)))
      continue
    }
    for (const { id, name, displayName } of some) {
      const one = await keeper.ask('vouch', { rows: [{ kind: 'person', id }] })
      found.push(one.ok ? face(one.value.rows[0] as FactContent) : { name, displayName, groups: [], forged: true })
    }
  }
  return found
}
