import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import { isAdministrator, no, type Rule } from './rule.ts'

/** As long an account is watched, at least, before anything but a person lets it be rotated. */
export const watchedMs = 7 * 24 * 3_600_000
const nowMs = 60_000

/**
 * A service account begins as observed: while it is, no credential of it is replaced, because what uses it may not be known. An administrator
 * with a fresh code says otherwise; the server by itself only of one that it watched for seven days.
 */
export function observed(c: Parameters<Rule>[0], target: FactContent): Result<void, KeeperRefusal> {
  const { actor, after, before, context } = c
  const since = after.observed_since ?? null
  const was = before?.observed_since ?? null
  if (since !== null && after.state !== 'found')
    return no('An account is observed before it is taken over, and not after that.', 'Say first that it may be rotated.')
  if (actor.by === 'setup' || isAdministrator(actor)) return ok(undefined)
  const now = context.now().getTime()
  if (before === undefined) {
    if (since === null && after.category === 'service' && after.name !== target.manager)
      return no('A service account is observed first.', 'Discover the target again.')
    return since === null || Math.abs(now - Date.parse(String(since))) < nowMs
      ? ok(undefined)
      : no('An account is observed from now on.', 'Discover the target again.')
  }
  if (since === was) return ok(undefined)
  return was !== null && since === null && now - Date.parse(String(was)) >= watchedMs
    ? ok(undefined)
    : no('Whether an account is observed is said by an administrator, or by seven days of watching it.', 'Ask one.')
}
