import { ok } from '../../kernel/result.ts'
import { longestOrder, mayOrder } from '../facts/session-order.ts'
import { refuse } from '../refuse.ts'
import { no, type Rule } from './rule.ts'

const known: readonly unknown[] = ['message', 'suspend', 'resume', 'end']
const slackMs = 60_000

/** Given once, now, by an officer who is there, in their own name, for one session. Nobody lets a session of their own go on. */
export const sessionOrder: Rule = async (c) => {
  const { after, before, actor, role, view, context } = c
  if (before) return no('An order is given once.', 'Give another.')
  if (role !== 'api' || (actor.by !== 'presence' && actor.by !== 'stepUp') || actor.person !== after.by_person)
    return no('An order in a session is given by an officer who is signed in, in their own name.', 'Sign in again.')
  const { what, words, at } = after
  if (!known.includes(what) || typeof words !== 'string' || words.trim() === '' || words.length > longestOrder)
    return no('An order says what is to be done, and why.', 'Give it in a line.')
  if (!(Math.abs(context.now().getTime() - Date.parse(String(at))) <= slackMs)) return no('An order is given now.', 'Give it again.')
  const officer = await view.read('person', actor.person)
  if (!officer.ok) return officer
  const { state, groups } = officer.value.content
  if (state !== 'active' || !(groups as string[]).some((group) => mayOrder.includes(group)))
    return refuse('session.not_an_officer', 'Orders in a running session are given by security officers. Ask one.')
  const session = await view.read('session', String(after.session_id))
  if (!session.ok) return session
  return what === 'resume' && session.value.content.person_id === actor.person
    ? refuse('session.own_resume', 'Nobody lets a session of their own go on. Ask another security officer.')
    : ok(undefined)
}
