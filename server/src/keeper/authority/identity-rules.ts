import { ok } from '../../kernel/result.ts'
import { refuse } from '../refuse.ts'
import { type Case, isAdministrator, no, onlyChanges, type Rule } from './rule.ts'

/**
 * Factors come from an enrolment alone, for the person of its token. They go out of use when another administrator makes the person
 * begin anew, or, an authenticator, for the next one of the same person: nobody is ever without a way while they are active.
 */
export const factor: Rule = async (c) => {
  const { actor, after, before, view } = c
  const personOf = (id: unknown) => c.batch.find((f) => f.kind === 'person' && f.content.id === id)?.content
  if (before) {
    const anew = isAdministrator(actor) && personOf(before.person_id)?.state === 'invited'
    const replaced = before.state === 'active' && after.state === 'replaced' && onlyChanges(c, 'state')
    return replaced && (anew || (actor.by === 'enrolment' && before.kind === 'totp' && followed(c, actor)))
      ? ok(undefined)
      : refuse('factor.last_way', 'A factor is never taken away alone. Replace your authenticator, or ask an administrator for a reset.')
  }
  if (actor.by !== 'enrolment') return no('A factor is made by enrolment only.', 'Ask an administrator for a new enrolment link.')
  const who = await view.before('person', actor.row.person_id)
  if (!who.ok) return who
  // an active person brings a new authenticator and nothing else, and their row goes on with it
  const state = who.value?.content.state
  const may = state === 'invited' || (state === 'active' && after.kind === 'totp' && personOf(after.person_id) !== undefined)
  const fits = after.person_id === actor.row.person_id && may && after.state === 'active'
  const kind = after.kind === 'password' || (after.kind === 'totp' && after.id === actor.factor && after.verifier === '')
  if (!fits || !kind) return no('This factor does not belong to the enrolment.', 'Begin again with the link.')
  const others = await c.context.facts.where('factor', { person_id: String(after.person_id) })
  if (!others.ok) return others
  const stays = (id: unknown) => !c.batch.some((f) => f.kind === 'factor' && f.content.id === id && f.content.state !== 'active')
  return others.value.some((f) => f.content.kind === after.kind && f.content.state === 'active' && stays(f.content.id))
    ? no('There is one of this kind already.', 'Begin again.')
    : ok(undefined)
}

/** Whether the authenticator of this enrolment takes the place in the same act. */
const followed = (c: Case, actor: { row: { person_id: string }; factor: string }): boolean =>
  c.before?.person_id === actor.row.person_id &&
  c.batch.some((f) => f.kind === 'factor' && f.content.id === actor.factor && f.content.state === 'active')

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
