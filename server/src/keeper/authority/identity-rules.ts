import { ok } from '../../kernel/result.ts'
import { changed, isAdministrator, no, onlyChanges, type Rule } from './rule.ts'

/** People: made in the first run or by an administrator with a fresh code; activated by their own enrolment. Nobody changes their own groups. */
export const person: Rule = async (c) => {
  const { actor, after, before } = c
  if (actor.by === 'enrolment') {
    const activates = before?.state === 'invited' && after.state === 'active' && onlyChanges(c, 'state')
    return activates && after.id === actor.row.person_id
      ? ok(undefined)
      : no('Enrolment makes an invited person active and nothing else.', 'Ask an administrator.')
  }
  if (before === undefined && after.state !== 'invited') return no('A new person begins as invited.', 'Send the enrolment link.')
  // a second enrolment would hand the person over to whoever holds the new link
  if (before && before.state !== 'invited' && after.state === 'invited')
    return no('Whoever was enrolled is not invited again.', 'Disable the person and invite another.')
  if (before && changed(c).includes('id')) return no('A person keeps their id.', 'Invite a new one.')
  if (before?.state === 'invited' && after.state === 'active')
    return no('Only the person can finish the enrolment.', 'Send the link again.')
  if (actor.by === 'setup') return ok(undefined)
  if (!isAdministrator(actor)) return no('People are changed by administrators with a fresh code.', 'Ask one.')
  if (actor.by === 'stepUp' && actor.person === after.id && changed(c).includes('groups'))
    return no('Nobody changes their own groups.', 'Ask another administrator.')
  return ok(undefined)
}

/** Factors come from an enrolment alone, for the person of its token. */
export const factor: Rule = async ({ actor, after, before, view }) => {
  if (actor.by !== 'enrolment' || before) return no('A factor is made by enrolment only.', 'Ask an administrator for a new enrolment link.')
  const who = await view.before('person', actor.row.person_id)
  if (!who.ok) return who
  const fits = after.person_id === actor.row.person_id && who.value?.content.state === 'invited' && after.state === 'active'
  const kind = after.kind === 'password' || (after.kind === 'totp' && after.id === actor.factor && after.verifier === '')
  return fits && kind ? ok(undefined) : no('This factor does not belong to the enrolment.', 'Begin again with the link.')
}

/** SSH keys: added by their owner with a fresh code (or at enrolment), removed by their owner. */
export const sshKey: Rule = async (c) => {
  const { actor, after, before } = c
  const owner = (actor.by === 'stepUp' || actor.by === 'presence') && actor.person === after.person_id
  if (before === undefined) {
    const enrols = actor.by === 'enrolment' && actor.row.person_id === after.person_id
    return enrols || (actor.by === 'stepUp' && owner)
      ? ok(undefined)
      : no('A key is added by its owner with a fresh code.', 'Sign in and add it yourself.')
  }
  const removes = before.state === 'active' && after.state === 'removed' && onlyChanges(c, 'state')
  return removes && (owner || isAdministrator(actor))
    ? ok(undefined)
    : no('A key can only be removed, by its owner or an administrator.', 'Add a new one instead.')
}
