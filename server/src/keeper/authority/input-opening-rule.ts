import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { areTwoOfficers, mayHavePart } from '../decide/input-opening.ts'
import type { FactContent } from '../facts/fact.ts'
import { longestOpeningReason, mostShowings, openingRuns, openingWaits } from '../facts/input-opening.ts'
import { refuse } from '../refuse.ts'
import { type Case, no, onlyChanges, type Rule } from './rule.ts'

/*
 * waiting → approved → approved, one showing more, up to `mostShowings` times; waiting | approved → withdrawn
 *
 * Each step by a security officer with a fresh code of their own, and never by the person whose session it was.
 */
export const inputOpening: Rule = async (c) => {
  const { actor, role, after, view } = c
  if (role !== 'api' || actor.by !== 'stepUp')
    return no('What was typed unseen is opened by security officers, each with a fresh code.', 'Use claviger sessions unproven.')
  const may = await mayHavePart(view, after, actor.person)
  if (!may.ok) return may
  return c.before === undefined ? asked(c, actor.person) : await moved(c, c.before, actor.person)
}

const at = (value: unknown): number => Date.parse(String(value))
const isNow = (value: unknown, c: Case): boolean => Math.abs(at(value) - c.context.now().getTime()) <= 60_000

function asked(c: Case, person: string): Result<void, KeeperRefusal> {
  const { after, context } = c
  if (after.requester_id !== person) return no('It is asked for in your own name.', 'Ask yourself.')
  const nothingYet = ['approver_id', 'approved_at', 'ends_at', 'shown_to', 'shown_at', 'withdrawn_by'].every((k) => after[k] === null)
  if (after.state !== 'waiting' || !nothingYet || after.shown !== 0 || after.epoch !== context.identity.epoch)
    return no('An opening begins as waiting.', 'Ask again.')
  const reason = String(after.reason)
  if (reason.trim() === '' || reason.length > longestOpeningReason) return no('Say in a line why it is opened.', 'Give a reason.')
  return isNow(after.asked_at, c) && at(after.expires_at) - at(after.asked_at) === openingWaits * 1000
    ? ok(undefined)
    : no('It is asked for now, and waits for a day.', 'Ask again.')
}

async function moved(c: Case, before: FactContent, person: string): Promise<Result<void, KeeperRefusal>> {
  const { after, view, context } = c
  const now = context.now().getTime()
  if (after.state === 'withdrawn')
    return before.state !== 'withdrawn' && onlyChanges(c, 'state', 'withdrawn_by') && after.withdrawn_by === person
      ? ok(undefined)
      : no('It is withdrawn once, in your own name.', 'Look again.')
  if (before.epoch !== context.identity.epoch)
    return refuse('recording.opening_over', 'This was asked for before the ledger began a new epoch, so it is void. Ask anew.')
  if (before.state === 'waiting' && after.state === 'approved' && onlyChanges(c, 'state', 'approver_id', 'approved_at', 'ends_at')) {
    if (at(before.expires_at) <= now) return refuse('recording.opening_over', 'Nobody approved this within a day. Ask anew.')
    if (after.approver_id !== person) return no('It is approved in your own name.', 'Look again.')
    if (!isNow(after.approved_at, c) || at(after.ends_at) - at(after.approved_at) !== openingRuns * 1000)
      return no('What is approved may be looked at for an hour from now.', 'Look again.')
    return await areTwoOfficers(view, after)
  }
  if (before.state === 'approved' && after.state === 'approved' && onlyChanges(c, 'shown', 'shown_to', 'shown_at')) {
    if (at(before.ends_at) <= now) return refuse('recording.opening_over', 'The hour in which this could be looked at is over. Ask anew.')
    if (Number(before.shown) >= mostShowings)
      return refuse('recording.opening_used', `This was looked at ${mostShowings} times, and is used up. Ask anew.`)
    if (after.shown_to !== person || (person !== after.requester_id && person !== after.approver_id))
      return refuse('recording.not_of_the_two', 'It is shown to the two officers who opened it, and to nobody else.')
    if (after.shown !== Number(before.shown) + 1 || !isNow(after.shown_at, c))
      return no('One look is counted at a time, now.', 'Look again.')
    return await areTwoOfficers(view, after)
  }
  return refuse('recording.opening_state', `This is ${before.state}. See claviger sessions unproven list.`)
}
