import { approverGroups, longestAskSeconds } from '../../domains/policy/index.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { questionOf } from '../decide/question.ts'
import type { FactContent } from '../facts/fact.ts'
import { useWithinMs } from '../facts/session-ask.ts'
import { refuse } from '../refuse.ts'
import { askKey, openAskedText } from '../vault/asked-texts.ts'
import { type Case, no, onlyChanges, type Rule } from './rule.ts'

/** Asked by a gateway for a session under a grant that runs, decided by another person with a fresh code, and used once. */
export const sessionAsk: Rule = async (c) => (c.before === undefined ? await asked(c) : await moved(c, c.before))

const asked: Rule = async (c) => {
  const { after, role, context } = c
  if (role !== 'gateway' || after.state !== 'waiting' || after.decided_by !== null)
    return no('An act is held by the gateway that carries its session.', 'Do it again.')
  const wait = Date.parse(String(after.expires_at)) - Date.parse(String(after.asked_at))
  const age = Math.abs(context.now().getTime() - Date.parse(String(after.asked_at)))
  if (!(wait > 0 && wait <= longestAskSeconds * 1000 && age <= 60_000))
    return no('An act is held from now on, for a while.', 'Do it again.')
  const session = await c.view.read('session', String(after.session_id))
  if (!session.ok) return session
  const s = session.value.content
  if (s.person_id !== after.person_id || s.account_id !== after.account_id)
    return no('That is the session of another person or account.', 'Do it again.')
  // whoever decides reads this very text, or nothing: from here on the row is what it was when it opened
  const key = await askKey(context.vault, String(s.recording_id))
  if (!key.ok) return key
  const text = openAskedText(key.value, String(s.recording_id), after)
  key.value.fill(0)
  return text.ok ? await runs(c, s) : text
}

async function moved(c: Case, before: FactContent): ReturnType<Rule> {
  const { after, actor, role, context } = c
  const now = context.now().getTime()
  const expires = Date.parse(String(before.expires_at))
  switch (after.state) {
    case 'allowed':
    case 'refused': {
      if (role !== 'api' || !onlyChanges(c, 'state', 'decided_by')) return no('What is asked is decided on as it stands.', 'Look again.')
      if (before.state !== 'waiting') return refuse('session.ask_decided', `This is ${before.state} already.`)
      if (now >= expires) return refuse('session.ask_expired', 'The time for this is over: it was not done. Whoever wants it asks again.')
      const present = actor.by === 'stepUp' || (actor.by === 'presence' && after.state === 'refused') ? actor.person : undefined
      if (present === undefined)
        return refuse('access.step_up_needed', 'To let somebody do this takes a fresh code from your authenticator.')
      if (present !== after.decided_by) return no('Who decides does so in their own name.', 'Sign in again.')
      return await mayDecide(c, present)
    }
    case 'passed': {
      if (role !== 'gateway' || !onlyChanges(c, 'state') || before.state !== 'allowed')
        return no('Only what somebody else allowed is done, and once.', 'Do it again, so that it is asked again.')
      if (now >= expires + useWithinMs) return refuse('session.ask_expired', 'The yes to this is too old. Do it again.')
      const session = await c.view.read('session', String(before.session_id))
      if (!session.ok) return session
      const there = await runs(c, session.value.content)
      // whoever allowed it must still be somebody who may
      return there.ok ? await mayDecide(c, String(before.decided_by)) : there
    }
    case 'over':
      return role === 'gateway' && onlyChanges(c, 'state') && (before.state === 'waiting' || before.state === 'allowed')
        ? ok(undefined)
        : no('What is decided and done stays so.', 'Look again.')
    default:
      return no('What was asked once is not asked again.', 'Do it again.')
  }
}

/** Another person, and one who could have approved the request under which all this is done. */
async function mayDecide({ after, view }: Case, decider: string): Promise<Result<void, KeeperRefusal>> {
  if (decider === after.person_id) return refuse('session.own_ask', 'Nobody decides on what they do themselves. Ask another approver.')
  const person = await view.read('person', decider)
  if (!person.ok) return person
  if (person.value.content.state !== 'active') return refuse('access.person_not_active', 'You are not active. Ask an administrator.')
  const account = await view.read('account', String(after.account_id))
  if (!account.ok) return account
  const target = await view.read('target', String(account.value.content.target_id))
  if (!target.ok) return target
  const asker = await view.read('person', String(after.person_id))
  if (!asker.ok) return asker
  const about = { action: 'connect', seconds: 0, itsm_ticket: null } as const
  const may = approverGroups(questionOf(asker.value.content, account.value.content, target.value.content, about, { phase: 'release' }))
  return (person.value.content.groups as string[]).some((group) => may.includes(group))
    ? ok(undefined)
    : refuse('access.not_an_approver', `Deciding on this takes a member of ${may.join(' or ')}.`)
}

async function runs({ view, context }: Case, session: FactContent): Promise<Result<void, KeeperRefusal>> {
  const grant = await view.read('access_grant', String(session.grant_id))
  if (!grant.ok) return grant
  const { state, ends_at, epoch } = grant.value.content
  return state === 'active' && Date.parse(String(ends_at)) > context.now().getTime() && epoch === context.identity.epoch
    ? ok(undefined)
    : refuse('access.grant_over', 'This grant has ended. Ask again: claviger request.')
}
