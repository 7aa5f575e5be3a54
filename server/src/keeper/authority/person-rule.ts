import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent, FactKind } from '../facts/fact.ts'
import { refuse } from '../refuse.ts'
import { type Case, changed, isAdministrator, no, onlyChanges, type Rule } from './rule.ts'

/*
 * invited → active | unconfirmed → active; each of them → disabled → active | unconfirmed; whoever was enrolled → invited (reset, or
 * without their authenticator); active → unconfirmed (in more groups)
 *
 * One administrator alone must not make a second self who approves. So a person in one of these groups whom an administrator brings
 * in, or brings in anew, is `unconfirmed` after the enrolment, in which state nothing opens, until somebody else of the
 * administrators or security says with a fresh code that this is them. `introduced_by` says who brought them in and cannot be that other.
 * Where there is nobody else in these two groups, not even disabled, nobody can be asked, and one administrator is enough. Whoever is
 * active and joins one of these groups is `unconfirmed` again, by the same rule.
 */
const trusted = ['approvers', 'security', 'administrators']
const groupsOf = (p: FactContent): string[] => p.groups as string[]
const introducer = (p: FactContent): string | null => (p.introduced_by as string | null | undefined) ?? null

/** What an enrolled person is who is not disabled. */
const standing = (p: FactContent): string => (introducer(p) === null ? 'active' : 'unconfirmed')

export const person: Rule = async (c) => {
  const { actor, after, before } = c
  if (before && changed(c).includes('id')) return no('A person keeps their id.', 'Invite a new one.')
  if (actor.by === 'enrolment') {
    const activates = before?.state === 'invited' && after.state === standing(before) && onlyChanges(c, 'state')
    return (activates || renews(c)) && after.id === actor.row.person_id
      ? ok(undefined)
      : no('Enrolment makes an invited person active and nothing else.', 'Ask an administrator.')
  }
  if (before === undefined && after.state !== 'invited') return no('A new person begins as invited.', 'Send the enrolment link.')
  if (before?.state === 'invited' && after.state !== 'invited' && after.state !== 'disabled')
    return no('Only the person can finish the enrolment.', 'Send the link again.')
  if (actor.by === 'setup')
    return introducer(after) === null && (before === undefined || before.state === 'invited' || after.state !== 'invited')
      ? ok(undefined)
      : no('Whoever was enrolled is not invited again in the first run.', 'Go on with the next person.')
  if (actor.by !== 'stepUp') return no('People are changed by administrators with a fresh code.', 'Ask one.')
  if (before?.state === 'unconfirmed' && after.state === 'active') return confirmed(c, before, actor)
  if (!isAdministrator(actor)) return no('People are changed by administrators with a fresh code.', 'Ask one.')
  if (actor.person === after.id && changed(c).includes('groups'))
    return no('Nobody changes their own groups.', 'Ask another administrator.')
  if (after.state === 'invited') return await invited(c, before, actor.person)
  return before ? await moved(c, before) : no('A new person begins as invited.', 'Send the enrolment link.')
}

/** With a new authenticator the person's row goes on by a revision: what was given out under the one before is void. */
const renews = (c: Case): boolean =>
  c.before?.state === 'active' &&
  onlyChanges(c) &&
  c.batch.some(
    (f) => f.kind === 'factor' && f.content.person_id === c.after.id && f.content.kind === 'totp' && f.content.state === 'active',
  )

/** The other's word: this is the person, and they may be in these groups. */
function confirmed(c: Case, before: FactContent, actor: { person: string; groups: readonly string[] }): Result<void, KeeperRefusal> {
  if (!actor.groups.some((g) => g === 'administrators' || g === 'security'))
    return no('People are confirmed by administrators and security officers with a fresh code.', 'Ask one.')
  if (actor.person === introducer(before) || actor.person === c.after.id)
    return refuse('person.confirmed_by_another', 'Whoever brought a person in does not confirm them. Ask another administrator or officer.')
  return onlyChanges(c, 'state', 'introduced_by') && introducer(c.after) === null
    ? ok(undefined)
    : no('Confirming a person changes nothing else.', 'Try again.')
}

/** Invited, invited once more, or made to begin anew: then all they had is out of use in the same act, or it would go on beside the new. */
async function invited(c: Case, before: FactContent | undefined, by: string): Promise<Result<void, KeeperRefusal>> {
  const { after, view, batch, context } = c
  const expected = groupsOf(after).some((g) => trusted.includes(g)) && (await anotherCouldConfirm(c, by)) ? by : null
  if (introducer(after) !== expected) return no('A person is introduced by whoever invites them.', 'Invite them again.')
  if (before === undefined || before.state === 'invited') return ok(undefined)
  if (by === after.id) return no('Nobody resets themselves.', 'Ask another administrator.')
  if (!onlyChanges(c, 'state', 'introduced_by')) return no('A reset changes nothing else of a person.', 'Try again.')
  const gone = (kind: FactKind, id: unknown) => batch.some((f) => f.kind === kind && f.content.id === id && f.content.state !== 'active')
  const had: { kind: FactKind; what: unknown; gone: boolean }[] = []
  for (const kind of ['factor', 'ssh_key', 'passkey'] as const) {
    const all = await context.facts.where(kind, { person_id: String(after.id) })
    if (!all.ok) return all
    for (const { content } of all.value)
      if (content.state === 'active') had.push({ kind, what: content.kind, gone: gone(kind, content.id) })
  }
  // without an authenticator neither password nor key opens anything: they may wait for the next one, which takes the password. A passkey
  // is often on the phone that was lost, and goes with it
  const itself = had.filter((h) => h.kind === 'passkey' || (h.kind === 'factor' && h.what === 'totp'))
  const alone = itself.some((h) => h.what === 'totp') && had.every((h) => h.gone === itself.includes(h))
  if (!alone && had.some((h) => !h.gone))
    return no('A reset takes every factor and key out of use, or the authenticator with the passkeys.', 'Try again.')
  return await keepsAnAdministrator(c, view)
}

/** Disabled, enabled, renamed, or in fewer groups. */
async function moved(c: Case, before: FactContent): Promise<Result<void, KeeperRefusal>> {
  const { after } = c
  if (groupsOf(after).some((g) => !groupsOf(before).includes(g))) return await joined(c, before)
  if (after.state !== before.state) {
    const known = after.state === 'disabled' || (before.state === 'disabled' && after.state === standing(before))
    if (!known || !onlyChanges(c, 'state')) return no('A person is enabled or disabled, and nothing else at once.', 'Try again.')
  }
  if (introducer(after) !== introducer(before)) return no('Who brought a person in stays.', 'Have them confirmed by another.')
  return await keepsAnAdministrator(c, c.view)
}

/** In more groups. What decides or administers counts after another's word, as with somebody new; until then nothing opens. */
async function joined(c: Case, before: FactContent): Promise<Result<void, KeeperRefusal>> {
  const { after, actor } = c
  if (before.state !== 'active') return refuse('person.not_active', 'Whoever is not active gains no group. Have them confirmed or enabled.')
  if (!onlyChanges(c, 'groups', 'state', 'introduced_by') || groupsOf(before).some((g) => !groupsOf(after).includes(g)))
    return no('Joining a group changes nothing else.', 'Try again.')
  const by = actor.by === 'stepUp' ? actor.person : ''
  const gains = groupsOf(after).filter((g) => !groupsOf(before).includes(g))
  const asks = gains.some((g) => trusted.includes(g)) && (await anotherCouldConfirm(c, by))
  const fits = introducer(after) === (asks ? by : null) && after.state === standing(after)
  return fits ? await keepsAnAdministrator(c, c.view) : no('Joining such a group takes another’s word.', 'Try again.')
}

/** Somebody disabled, unconfirmed again or reset counts: else one would do that to the others for the time it takes to bring in a second self. */
async function anotherCouldConfirm(c: Case, by: string): Promise<boolean> {
  for (const id of c.context.notary.idsOf('person')) {
    if (id === by || id === c.after.id) continue
    const other = await c.context.facts.read('person', id)
    // a row that cannot be read is one more reason to ask somebody else
    if (!other.ok) return true
    if (!groupsOf(other.value.content).some((g) => g === 'administrators' || g === 'security')) continue
    if (other.value.content.state !== 'invited') return true
    // who has yet to enrol for the first time never was somebody to ask
    const enrolled = await c.context.facts.where('factor', { person_id: id })
    if (!enrolled.ok || enrolled.value.length > 0) return true
  }
  return false
}

/** Without one nobody could be invited, enabled or changed any more. */
async function keepsAnAdministrator(c: Case, view: Case['view']): Promise<Result<void, KeeperRefusal>> {
  const counts = (p: FactContent) => p.state === 'active' && groupsOf(p).includes('administrators')
  if (!c.before || !counts(c.before) || counts(c.after)) return ok(undefined)
  for (const id of c.context.notary.idsOf('person')) {
    if (id === c.after.id) continue
    const other = await view.read('person', id)
    if (other.ok && counts(other.value.content)) return ok(undefined)
  }
  return refuse('person.last_administrator', 'This is the last active administrator. Invite another one and have them confirmed first.')
}
