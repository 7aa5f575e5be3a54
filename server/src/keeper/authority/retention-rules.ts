import { canonical } from '../../kernel/canonical.ts'
import { ok } from '../../kernel/result.ts'
import { anchorId, anchors, type Term } from '../facts/retention.ts'
import { defaultOf, firstTermOf } from '../facts/retention-defaults.ts'
import type { Actor } from './actors.ts'
import { type Case, no, onlyChanges, type Rule } from './rule.ts'

const isOfficer = (actor: Actor): actor is Extract<Actor, { by: 'stepUp' }> => actor.by === 'stepUp' && actor.groups.includes('security')
const justNow = (at: unknown, c: Case): boolean => Math.abs(new Date(String(at)).getTime() - c.context.now().getTime()) <= 60_000

/**
 * What a class of retention says: by a security officer with a fresh code. Terms are added and never changed, so that what was promised to a recording
 * that there is stays: nobody makes that shorter, not two officers either.
 */
export const retentionClass: Rule = async (c) => {
  const { after, before, actor } = c
  if (!isOfficer(actor)) return no('Security officers say how long recordings are kept, with a fresh code.', 'Ask one.')
  const shipped = defaultOf(String(after.id))
  if (before && !onlyChanges(c, 'terms')) return no('Name and anchor of a class stay as they are.', 'Make another class.')
  if (!(anchors as readonly unknown[]).includes(after.anchor)) return no('There is no such anchor.', 'Choose another.')
  if (!before && shipped && (after.name !== shipped.name || after.anchor !== shipped.anchor))
    return no('This class has another name and anchor.', 'Make another class.')
  if (!before && !shipped && !/^[a-z0-9][a-z0-9-]{0,39}$/.test(String(after.name)))
    return no('A class is named by lower-case letters, digits and hyphens.', 'Choose another name.')
  const first = firstTermOf(String(after.id))
  const then = (before?.terms as unknown as Term[] | undefined) ?? (first ? [first] : [])
  const now = after.terms as unknown as Term[]
  const fresh = now[then.length]
  if (!fresh || now.length !== then.length + 1 || now.length > 200 || canonical(now.slice(0, -1) as never) !== canonical(then as never))
    return no('What a class said before stays, and one term is added.', 'Look again.')
  return isTerm(fresh) && justNow(fresh.from, c) && fresh.from > (then.at(-1)?.from ?? '')
    ? ok(undefined)
    : no('1 to 1200 months are kept from now on, of targets, tiers, environments and kinds that are named.', 'Look again.')
}

const listOf = (value: unknown, fits: (one: unknown) => boolean): boolean =>
  value === null || (Array.isArray(value) && value.length <= 200 && value.every(fits))
const isWord = (one: unknown): boolean => typeof one === 'string' && /^[a-z0-9_-]{1,64}$/.test(one)

function isTerm({ months, applies, from, ...rest }: Term): boolean {
  if (Object.keys(rest).length > 0 || !Number.isInteger(months) || months < 1 || months > 1200) return false
  if (new Date(from).toISOString() !== from) return false
  if (applies === null) return true
  const { targets, tiers, environments, kinds, ...others } = applies
  return (
    Object.keys(others).length === 0 &&
    listOf(targets, (one) => /^tgt_[a-z0-9]{10}$/.test(String(one))) &&
    listOf(tiers, (one) => Number.isInteger(one) && Number(one) >= 0 && Number(one) <= 3) &&
    listOf(environments, isWord) &&
    listOf(kinds, isWord)
  )
}

/** That an account was removed or a relationship is over: by a security officer with a fresh code, from that moment on, and back again. */
export const retentionAnchor: Rule = async (c) => {
  const { after, before, actor, view } = c
  if (!isOfficer(actor))
    return no('Security officers say that a relationship is over or an account was removed, with a fresh code.', 'Ask one.')
  const anchor = after.anchor
  if (anchor !== 'account_removed' && anchor !== 'relationship_ended') return no('There is no such anchor.', 'Choose another.')
  const subject = await view.read(anchor === 'account_removed' ? 'account' : 'target', String(after.subject_id))
  if (!subject.ok) return subject
  if (after.id !== anchorId(anchor, String(after.subject_id))) return no('There is one row for each.', 'Look again.')
  if (before && !onlyChanges(c, 'state', 'closed_at', 'closed_by')) return no('This row is of something else.', 'Look again.')
  if (before?.state === after.state) return no('It was said before.', 'Look again.')
  if (!before && after.state !== 'closed') return no('It is open already.', 'Look again.')
  if (after.state !== 'closed' && after.state !== 'open') return no('It is closed or open.', 'Look again.')
  return after.closed_by === actor.person && justNow(after.closed_at, c)
    ? ok(undefined)
    : no('Who says so says it in their own name, and it counts from then on.', 'Look again.')
}

/** Placed by a security officer in their own name, lifted by another; what it covers never changes. */
export const legalHold: Rule = async (c) => {
  const { after, before, actor, view } = c
  if (!isOfficer(actor)) return no('Security officers place and lift legal holds, with a fresh code.', 'Ask one.')
  if (!before) {
    const kind = String(after.subject_kind)
    if (kind !== 'session' && kind !== 'person' && kind !== 'account' && kind !== 'target')
      return no('Nothing like that is held.', 'Look again.')
    const subject = await view.read(kind, String(after.subject_id))
    if (!subject.ok) return subject
    return after.state === 'placed' && after.lifted_by === null && after.placed_by === actor.person && justNow(after.placed_at, c)
      ? ok(undefined)
      : no('A hold is placed now, in your own name.', 'Look again.')
  }
  if (!onlyChanges(c, 'state', 'lifted_by') || before.state !== 'placed' || after.state !== 'lifted')
    return no('A hold is placed, and later lifted; nothing else of it changes.', 'Place another.')
  return after.lifted_by === actor.person && before.placed_by !== actor.person
    ? ok(undefined)
    : no('Who placed a hold does not lift it.', 'Ask another security officer.')
}
