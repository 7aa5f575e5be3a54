import { createPolicyEngine, explainPolicy } from '../../domains/policy/index.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { changeWaitsDays, mostEdits, type PolicyEdit } from '../facts/policy-change.ts'
import { refuse } from '../refuse.ts'
import { type Case, no, onlyChanges, type Rule } from './rule.ts'

const dayMs = 24 * 3600 * 1000
const editsOf = (change: Case['after']): readonly PolicyEdit[] => change.changes as unknown as PolicyEdit[]

/** Proposed by one security officer or administrator, approved by another. What was proposed never changes, and fits what is in force or goes nowhere. */
export const policyChange: Rule = async (c) => {
  const { after, before, actor, context } = c
  if (actor.by !== 'stepUp' || !actor.groups.some((group) => group === 'security' || group === 'administrators'))
    return no('Policies are changed by security officers and administrators, with a fresh code.', 'Ask one.')
  if (!before) {
    const late = Math.abs(new Date(String(after.proposed_at)).getTime() - context.now().getTime()) > 60_000
    if (after.state !== 'proposed' || after.decided_by !== null || after.proposed_by !== actor.person || late)
      return no('A change of policies is proposed now, in your own name.', 'Look again.')
    return await fits(c)
  }
  if (!onlyChanges(c, 'state', 'decided_by') || before.state !== 'proposed')
    return no('A change of policies is decided on once, as it was proposed.', 'Propose another.')
  if (after.decided_by !== actor.person) return no('Who decides does so in their own name.', 'Look again.')
  if (after.state === 'withdrawn') return ok(undefined)
  if (after.state !== 'approved') return no('A change of policies is approved or withdrawn.', 'Look again.')
  if (before.proposed_by === actor.person)
    return no('Who proposed a change of policies does not approve it.', 'Ask another security officer or administrator.')
  if (context.now().getTime() - new Date(String(before.proposed_at)).getTime() > changeWaitsDays * dayMs)
    return no(`A change of policies waits for ${changeWaitsDays} days.`, 'Propose it again.')
  if (!editsOf(after).every((edit) => c.batch.some((fact) => fact.kind === 'policy' && is(edit, fact.content, fact.revision))))
    return no('A change of policies comes into force as a whole.', 'Look again.')
  return await fits(c)
}

/** Laid down in the first run; later exactly what another person approves in the very same act. */
export const policy: Rule = async (c) => {
  if (c.actor.by === 'setup')
    return c.before === undefined || onlyChanges(c, 'text', 'state')
      ? ok(undefined)
      : no('A policy keeps its id and name.', 'Add another one.')
  const fresh = c.batch.find((fact) => fact.kind === 'policy' && fact.content === c.after)
  const approved = c.batch.filter((fact) => fact.kind === 'policy_change' && fact.content.state === 'approved')
  return fresh && approved.some(({ content }) => editsOf(content).some((edit) => is(edit, fresh.content, fresh.revision)))
    ? ok(undefined)
    : no('A policy changes when another person approves it.', 'Propose a change: claviger policy propose.')
}

const is = (edit: PolicyEdit, row: Case['after'], revision: number): boolean =>
  row.id === edit.policy && row.name === edit.name && row.text === edit.text && row.state === edit.state && revision === edit.revision

/** Each edit stands on what is in force now, and the whole set loads with all of them. */
async function fits(c: Case): Promise<Result<void, KeeperRefusal>> {
  const { facts, notary } = c.context
  const edits = editsOf(c.after)
  if (!Array.isArray(edits) || edits.length < 1 || edits.length > mostEdits || !edits.every(isEdit))
    return no(`A change is of 1 to ${mostEdits} policies.`, 'Split it.')
  const stored = await facts.readAll('policy', notary.idsOf('policy'))
  if (!stored.ok) return stored
  const set = new Map(stored.value.map(({ content, revision }) => [String(content.id), { name: String(content.name), content, revision }]))
  const after = new Map(stored.value.map(({ content }) => [String(content.id), content]))
  for (const edit of edits) {
    const now = set.get(edit.policy)
    const taken = [...set].some(([id, one]) => one.name === edit.name && id !== edit.policy)
    if (taken || (now ? now.name !== edit.name : edit.state === 'retired') || edit.revision !== (now?.revision ?? 0) + 1)
      return refuse('access.policy_changed', `Policy ${edit.name} is another one by now. Propose the change again.`)
    after.set(edit.policy, { id: edit.policy, name: edit.name, text: edit.text, state: edit.state })
  }
  const texts = [...after.values()].filter(({ state }) => state === 'active')
  const engine = createPolicyEngine(texts.map(({ id, name, text }) => ({ id: String(id), name: String(name), text: String(text) })))
  return engine.ok ? ok(undefined) : refuse('keeper.policy_error', explainPolicy(engine.error), { code: engine.error.code })
}

function isEdit(edit: PolicyEdit, at: number, all: readonly PolicyEdit[]): boolean {
  const { policy, name, text, state, revision, was, ...rest } = edit
  return (
    Object.keys(rest).length === 0 &&
    /^pol_[a-z0-9]{10}$/.test(policy) &&
    /^[a-z0-9][a-z0-9-]{0,59}$/.test(name) &&
    typeof text === 'string' &&
    text.length <= 8_000 &&
    (state === 'active' || state === 'retired') &&
    Number.isInteger(revision) &&
    (was === null || typeof was === 'string') &&
    all.findIndex((other) => other.policy === policy || other.name === name) === at
  )
}
