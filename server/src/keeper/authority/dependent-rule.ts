import { ok } from '../../kernel/result.ts'
import { isAdministrator, no, onlyChanges, type Rule } from './rule.ts'

/**
 * Where else a credential is sent, and what is done with it there: an administrator's word with a fresh code, and of an account of tier 0 another
 * person's, too. Whoever writes to the database adds no road for a credential and no command of their own.
 */
export const dependent: Rule = async (c) => {
  const { actor, after, before, role, view } = c
  if (role !== 'api') return no('Dependents are added by the server alone.', 'Use the console or claviger dependents.')
  if (actor.by !== 'stepUp')
    return no('What is told of a credential takes a fresh code.', 'Give the six digits that your authenticator shows now.')
  if (before === undefined) {
    if (!isAdministrator(actor)) return no('Dependents are added by administrators.', 'Ask one.')
    if (after.introduced_by !== actor.person) return no('A dependent is added in one’s own name.', 'Add it again.')
    const account = await view.read('account', String(after.account_id))
    if (!account.ok) return account
    const on = await view.read('target', String(account.value.content.target_id))
    if (!on.ok) return on
    const host = await view.read('target', String(after.host_id))
    if (!host.ok) return host
    const critical = Math.min(Number(account.value.content.tier), Number(on.value.content.tier)) === 0
    return after.state === (critical ? 'proposed' : 'active')
      ? ok(undefined)
      : no('A dependent of an account of tier 0 is proposed first, and confirmed by somebody else.', 'Add it again.')
  }
  if (!onlyChanges(c, 'state')) return no('A dependent stays what it is.', 'Remove it, and add another.')
  if (before.state === 'removed') return no('A removed dependent stays removed.', 'Add another.')
  if (after.state === 'removed') return isAdministrator(actor) ? ok(undefined) : no('Dependents are removed by administrators.', 'Ask one.')
  if (before.state !== 'proposed' || after.state !== 'active') return no('A dependent is proposed, then active.', 'Look at it again.')
  if (!isAdministrator(actor) && !actor.groups.includes('security'))
    return no('A dependent is confirmed by an administrator or officer.', 'Ask one.')
  return actor.person === before.introduced_by
    ? no('You proposed this dependent, so another person confirms it.', 'Ask another administrator or officer.')
    : ok(undefined)
}
