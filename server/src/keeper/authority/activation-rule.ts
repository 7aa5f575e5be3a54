import { canonical } from '../../kernel/canonical.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { areTwo } from '../decide/activation.ts'
import {
  activationDemands,
  activationWaits,
  longestActivation,
  mayAsk,
  mostActivated,
  officers,
  shortestReview,
} from '../facts/activation.ts'
import type { FactContent } from '../facts/fact.ts'
import { requestDigest } from '../facts/request-digest.ts'
import { refuse } from '../refuse.ts'
import { breakGlassKey } from '../vault/break-glass.ts'
import { type Case, no, onlyChanges, type Rule } from './rule.ts'

/*
 * waiting → approved → active → ended → reviewed; waiting | approved → withdrawn | expired
 */
export const activation: Rule = async (c) => (c.before === undefined ? await asked(c) : await moved(c, c.before))

const at = (value: unknown): number => Date.parse(String(value))

const asked: Rule = async ({ after, actor, view, context, role }) => {
  if (role !== 'api' || actor.by !== 'stepUp' || actor.person !== after.requester_id)
    return no('An activation is asked for by a person with a fresh code.', 'Use claviger breakglass activate.')
  if (!actor.groups.some((g) => mayAsk.includes(g))) return no('Auditors do not activate accounts for emergencies.', 'Ask an officer.')
  const empty = [after.approver_id, after.starts_at, after.ends_at, after.reviewer_id, after.review].every((value) => value === null)
  if (after.state !== 'waiting' || !empty || after.epoch !== context.identity.epoch)
    return no('An activation begins as waiting.', 'Ask again.')
  const accounts = after.accounts as string[]
  const many = after.kind === 'drill' ? accounts.length === 1 : after.kind === 'emergency' && accounts.length <= mostActivated
  if (!many || accounts.length === 0 || new Set(accounts).size < accounts.length)
    return no(`An activation is on at most ${mostActivated} accounts, and a drill on one.`, 'Name fewer.')
  const seconds = Number(after.seconds)
  if (!(seconds > 0 && seconds <= longestActivation)) return no('An activation runs for at most four hours.', 'Ask for less.')
  const waits = at(after.expires_at) - at(after.created_at)
  if (!(waits > 0 && waits <= activationWaits * 1000) || Math.abs(context.now().getTime() - at(after.created_at)) > 60_000)
    return no('An activation is asked for now, and waits for at most an hour.', 'Ask again.')
  const key = await breakGlassKey(context)
  if (!key.ok) return key
  for (const id of accounts) {
    const account = await view.read('account', id)
    if (!account.ok) return account
    if (account.value.content.break_glass !== true)
      return refuse(
        'breakglass.not_marked',
        `${account.value.content.name} is not for emergencies: ask for access to it, claviger request.`,
      )
  }
  return ok(undefined)
}

async function moved(c: Case, before: FactContent): Promise<Result<void, KeeperRefusal>> {
  const { after, actor, view, context } = c
  const now = context.now().getTime()
  const late = at(before.expires_at) <= now
  const over = () => refuse('breakglass.activation_over', 'This activation has expired. Ask again: claviger breakglass activate.')
  const open = before.state === 'waiting' || before.state === 'approved'
  const person = actor.by === 'stepUp' || actor.by === 'presence' ? actor.person : undefined
  switch (after.state) {
    case 'approved':
      if (before.state !== 'waiting' || !onlyChanges(c, 'state', 'approver_id')) break
      if (late) return over()
      if (actor.by !== 'stepUp' || person !== after.approver_id)
        return no('The second person of an activation brings a fresh code.', 'Use claviger breakglass approve.')
      return await areTwo(view, after)
    case 'active': {
      if (before.state !== 'approved' || !onlyChanges(c, 'state', 'starts_at', 'ends_at')) break
      if (late) return over()
      const fits = at(after.ends_at) - at(after.starts_at) === Number(after.seconds) * 1000 && Math.abs(now - at(after.starts_at)) <= 60_000
      if (!fits || after.epoch !== context.identity.epoch) return no('An activation begins now, for as long as was asked.', 'Ask again.')
      if (!context.openedForActivation.has(String(after.id), after.accounts as string[]))
        return refuse('breakglass.not_opened', 'Its custodians have not opened it: claviger breakglass share.')
      return await areTwo(view, after)
    }
    case 'ended':
      if (before.state !== 'active' || !onlyChanges(c, 'state')) break
      // to end is never refused: what was opened goes now, not when the row is committed
      forget(c)
      return ok(undefined)
    case 'reviewed':
      return reviewed(c, before)
    case 'withdrawn': {
      if (!open || !onlyChanges(c, 'state')) break
      const officer = actor.by === 'stepUp' && actor.groups.includes(officers)
      if (person !== before.requester_id && !officer)
        return no('It is withdrawn by who asked, or by security with a fresh code.', 'Ask them.')
      forget(c)
      return ok(undefined)
    }
    case 'expired':
      if (!open || !onlyChanges(c, 'state') || !late) break
      forget(c)
      return ok(undefined)
  }
  return refuse('breakglass.activation_state', `This activation is ${before.state} already. See claviger breakglass activations.`)
}

/** What custodians gave and what was opened with it. */
function forget({ after, context }: Case): void {
  context.openedForActivation.drop(String(after.id))
  context.activationDoors.forget(String(after.id))
}

/** Closed by an officer who was neither of the two. */
function reviewed(c: Case, before: FactContent): Result<void, KeeperRefusal> {
  const { after, actor } = c
  if (before.state !== 'ended' || !onlyChanges(c, 'state', 'reviewer_id', 'review'))
    return refuse('breakglass.activation_state', `A review is of an activation that has ended; this one is ${before.state}.`)
  if (actor.by !== 'stepUp' || actor.person !== after.reviewer_id || !actor.groups.includes(officers))
    return no('The review is closed by a security officer with a fresh code.', 'Ask one.')
  if (after.reviewer_id === before.requester_id || after.reviewer_id === before.approver_id)
    return refuse('breakglass.same_person', 'The review is closed by an officer who was neither of the two. Ask another one.')
  return String(after.review ?? '').trim().length >= shortestReview
    ? ok(undefined)
    : refuse('breakglass.words', `Say in at least ${shortestReview} letters what happened and what follows from it.`)
}

/** A request that an activation brings: filed with it by the same person, for one of its accounts, for nothing else. */
export async function filedForActivation(c: Case, account: FactContent, target: FactContent): Promise<Result<void, KeeperRefusal>> {
  const { after, batch } = c
  const brings = batch.find((f) => f.kind === 'breakglass_activation' && f.content.id === after.activation)?.content
  const fits =
    brings?.state === 'waiting' &&
    brings.kind === 'emergency' &&
    (brings.accounts as string[]).includes(String(after.account_id)) &&
    brings.requester_id === after.requester_id &&
    (['seconds', 'reason', 'created_at', 'expires_at'] as const).every((k) => brings[k] === after[k])
  if (!fits || after.state !== 'waiting' || after.action !== 'connect' || after.extends_grant !== undefined || after.itsm_ticket !== null)
    return no('A request comes with the activation that brings it.', 'Use claviger breakglass activate.')
  if (canonical(after.obligations as FactContent) !== canonical(activationDemands as unknown as FactContent))
    return no('A request of an activation demands what every such one demands.', 'Ask again.')
  return after.digest === requestDigest(after, account, target)
    ? ok(undefined)
    : refuse('access.changed', 'The target changed while you asked. Ask again.')
}
