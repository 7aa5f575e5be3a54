import { ok } from '../../kernel/result.ts'
import { linkWaitsMs, numberPattern } from '../facts/sign-in-confirmation.ts'
import { refuse } from '../refuse.ts'
import { no, type Rule } from './rule.ts'

/** By the person whose name the connection came under, with a fresh code, now; it never changes afterwards. Whether it fits the connection is asked when that is let in. */
export const signInConfirmation: Rule = async ({ before, after, actor, role, view, context }) => {
  if (before !== undefined) return no('A link is confirmed once.', 'Connect again.')
  if (role !== 'api' || actor.by !== 'stepUp')
    return refuse('access.step_up_needed', 'To let a connection in takes a fresh code from your authenticator.')
  if (after.person_id !== actor.person || after.person_revision !== actor.revision)
    return no('A link is confirmed in your own name.', 'Sign in again.')
  const person = await view.read('person', actor.person)
  if (!person.ok) return person
  if (person.value.content.name !== after.who) return no('Somebody else asks to come in by this link.', 'Leave it alone.')
  const [now, at, until] = [context.now().getTime(), Date.parse(String(after.confirmed_at)), Date.parse(String(after.expires_at))]
  if (!(Math.abs(now - at) <= 60_000 && until > at && until - at <= linkWaitsMs))
    return no('A link is confirmed now, while its connection waits.', 'Connect again.')
  const bound = numberPattern.test(String(after.number)) && /^[0-9a-f]{64}$/.test(String(after.connection))
  return bound && after.epoch === context.identity.epoch ? ok(undefined) : no('This is no link of ours.', 'Connect again.')
}
