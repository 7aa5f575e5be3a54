import { ok } from '../../kernel/result.ts'
import { isAdministrator, no, onlyChanges, type Rule } from './rule.ts'

/** Factors come from an enrolment alone, for the person of its token; another administrator takes them out of use when the person begins anew. */
export const factor: Rule = async (c) => {
  const { actor, after, before, view } = c
  if (before) {
    const anew = c.batch.some((f) => f.kind === 'person' && f.content.id === before.person_id && f.content.state === 'invited')
    const replaced = before.state === 'active' && after.state === 'replaced' && onlyChanges(c, 'state')
    return replaced && anew && isAdministrator(actor)
      ? ok(undefined)
      : no('A factor is only replaced, by a reset of its person.', 'Ask an administrator for a reset.')
  }
  if (actor.by !== 'enrolment') return no('A factor is made by enrolment only.', 'Ask an administrator for a new enrolment link.')
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
