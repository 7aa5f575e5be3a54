import { ok } from '../../kernel/result.ts'
import { mayUseAccount } from '../decide/holder.ts'
import { refuse } from '../refuse.ts'
import { no, type Rule } from './rule.ts'

/** One showing of one version, to the person who holds the account under a grant for that, with a fresh code; written down before it is shown. */
export const reveal: Rule = async (c) => {
  const { after, before, actor, role, view, context } = c
  if (before) return no('A credential is shown once for each code.', 'Ask again with a new code.')
  if (role !== 'api') return no('A credential is shown by the server alone.', 'Use the console or claviger reveal.')
  if (actor.by !== 'stepUp' || actor.person !== after.person_id)
    return refuse('access.step_up_needed', 'To see a credential takes a fresh code from your authenticator.')
  const grant = await view.read('access_grant', String(after.grant_id))
  if (!grant.ok) return grant
  const g = grant.value.content
  if (g.person_id !== after.person_id || g.account_id !== after.account_id)
    return refuse('release.not_yours', 'This grant is for another person or account.')
  if (g.action !== 'reveal')
    return refuse(
      'access.connect_only',
      'This grant is for connecting. Nobody is shown a credential under it: connect through the gateway.',
    )
  const now = context.now().getTime()
  if (g.state !== 'active' || Date.parse(String(g.ends_at)) <= now || g.epoch !== context.identity.epoch)
    return refuse('access.grant_over', 'This grant has ended. Check the account out again: claviger check-out.')
  const may = await mayUseAccount(context.facts, g)
  if (!may.ok) return may
  if (Math.abs(now - Date.parse(String(after.at))) > 60_000) return no('A credential is shown now.', 'Ask again.')
  const row = await context.vault.find({ kind: 'account', id: String(after.account_id), what: String(after.credential) }, 'current')
  if (!row)
    return refuse('vault.no_credential', `The vault has no ${after.credential} of this account. Take it over first: claviger rotate.`)
  return row.version === after.version ? ok(undefined) : refuse('keeper.stale', 'The credential was replaced meanwhile. Ask again.')
}
