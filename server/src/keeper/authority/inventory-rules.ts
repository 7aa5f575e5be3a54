import { ok } from '../../kernel/result.ts'
import { isUnmanaged } from '../facts/kept-by-hand.ts'
import { breakGlassKey } from '../vault/break-glass.ts'
import { lastVersion } from '../vault/vault.store.ts'
import { observed } from './observed-rule.ts'
import { changed, isAdministrator, no, type Rule } from './rule.ts'

export const target: Rule = async (c) => {
  // whether Claviger makes the credentials there hangs on it
  if (c.before && (c.before.manager === '') !== (c.after.manager === ''))
    return no('Whether a target is managed at all does not change.', 'Add another target.')
  if (c.before && changed(c).some((k) => k === 'id' || k === 'kind')) return no('A target keeps its id and kind.', 'Add another target.')
  if (c.before && changed(c).includes('reconciler') && c.after.reconciler !== null) {
    const named = await c.context.facts.where('account', { target_id: String(c.after.id), name: String(c.after.reconciler) })
    if (!named.ok) return named
    if (named.value.some((a) => a.content.break_glass === true))
      return no('That account is for emergencies: no server can log in with it.', 'Name another reconciler.')
  }
  return c.actor.by === 'setup' || isAdministrator(c.actor)
    ? ok(undefined)
    : no('Targets are added and changed by administrators with a fresh code.', 'Ask one.')
}

/**
 * Accounts: discovery finds them and the vault takes them over without a person; neither may make one less critical
 * than its target, move it, or let go of one that is held.
 */
export const account: Rule = async (c) => {
  const { actor, after, before, view } = c
  const on = await view.read('target', String(after.target_id))
  if (!on.ok) return on
  if (before && changed(c).some((k) => k === 'id' || k === 'target_id' || k === 'name'))
    return no('An account keeps its name and target.', 'Discover the target again.')
  const watched = observed(c, on.value.content)
  if (!watched.ok) return watched
  if ((after.break_glass ?? null) !== (before?.break_glass ?? null)) {
    if (!isAdministrator(actor)) return no('Only an administrator with a fresh code says which accounts are for emergencies.', 'Ask one.')
    const { manager, reconciler } = on.value.content
    if (after.break_glass === true && (after.name === manager || after.name === reconciler))
      return no(
        'This account manages its target: the server must be able to log in with it.',
        'Mark another one, which only emergencies use.',
      )
    if (after.break_glass === true && ((after.credentials as readonly string[]).includes('tls') || (await hasCertificate(c))))
      return no('Servers log in to this account with a certificate that was brought in.', 'Mark another one.')
    if (after.break_glass === true && isUnmanaged(on.value.content))
      return no(
        'Claviger does not reach this account, so no drill could try it.',
        'Print its credential, and put it where custodians keep theirs.',
      )
    if (after.break_glass === true) {
      const key = await breakGlassKey(c.context)
      if (!key.ok) return key
    }
  }
  if ((after.login ?? null) !== (before?.login ?? null)) {
    if (!isAdministrator(actor)) return no('Only an administrator with a fresh code says how sessions log in to an account.', 'Ask one.')
    if (after.login === 'certificate' && isUnmanaged(on.value.content))
      return no('Claviger does not reach this account, so nothing logs in to it.', 'Show its credential under a grant instead.')
  }
  if (after.login === 'certificate' && after.break_glass === true)
    return no('This account is for emergencies: it has to open when no server signs certificates.', 'Mark another one.')
  if (actor.by === 'setup' || isAdministrator(actor)) return ok(undefined)
  if (actor.by !== 'system' || c.role !== 'api') return no('Accounts come from discovery or from an administrator.', 'Ask one.')
  if ((after.check_out ?? null) !== (before?.check_out ?? null))
    return no('Only an administrator says how an account is given out.', 'Ask one.')
  const ceiling = Number(before?.tier ?? on.value.content.tier)
  if (Number(after.tier) > ceiling) return no('Only an administrator makes an account less critical.', 'Ask one.')
  if (before?.state === 'held' && after.state !== 'held') return no('A held account is released by an administrator.', 'Ask one.')
  if (before === undefined && after.state !== 'found') return no('A new account is found first.', 'Take it over afterwards.')
  return ok(undefined)
}

/** One may be in the vault before its account says so: that comes with the outcome. */
const hasCertificate = async ({ context, after }: Parameters<Rule>[0]): Promise<boolean> =>
  (await lastVersion(context.pool, { kind: 'account', id: String(after.id), what: 'tls' })) > 0
