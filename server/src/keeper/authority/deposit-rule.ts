import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { holdingOf } from '../facts/holding.ts'
import { isKeptByHand } from '../facts/kept-by-hand.ts'
import { refuse } from '../refuse.ts'
import { lastVersion } from '../vault/vault.store.ts'
import { isAdministrator, no, type Rule } from './rule.ts'

/**
 * One credential that a person brings in, as the next version of an account that Claviger does not reach, with a fresh code; written down before it is
 * taken. By an administrator, or by who holds the account alone, for a kind that it has. Certificates of any account: none is made here.
 */
export const deposit: Rule = async (c) => {
  const { after, before, actor, role, view, context } = c
  if (before) return no('A credential is brought in once for each code.', 'Ask again with a new code.')
  if (role !== 'api') return no('Credentials are brought in by the server.', 'Use the console or claviger credentials put.')
  if (actor.by !== 'stepUp' || actor.person !== after.person_id)
    return no('Credentials are brought in with a fresh code, by who gives it.', 'Do it again.')
  const account = String(after.account_id)
  const byHand = await isKeptByHand(view, account)
  if (!byHand.ok) return byHand
  if (!isAdministrator(actor)) {
    // of what is reached, who holds it could bring in another one than those who run it certified
    const holder = byHand.value ? await holds(c, account, actor.person) : ok(false)
    if (!holder.ok) return holder
    if (!holder.value || Number(after.version) < 2)
      return no(
        'Credentials are brought in by administrators; the next version also by who holds the account.',
        'Check it out, or ask one.',
      )
  }
  if (!byHand.value && after.credential !== 'tls')
    return refuse('vault.made_here', 'Claviger makes the credentials of this account itself. Replace them instead: claviger rotate.')
  const its = await view.read('account', account)
  if (!its.ok) return its
  const { credentials, state, break_glass: forEmergencies, observed_since: observed } = its.value.content
  if (!byHand.value && forEmergencies === true)
    return no('This account is for emergencies: its certificate would lie where servers read it.', 'Bring it in for another account.')
  if (byHand.value && (state !== 'managed' || !(credentials as readonly string[]).includes(String(after.credential))))
    return no('This account does not have such a credential, or is held.', 'Look at the account again.')
  // what is found by looking becomes managed once its target took what is brought: that ends no watching, and nobody's hold
  if (!byHand.value && state === 'held') return no('This account is held.', 'Release it first: claviger accounts release.')
  if (!byHand.value && (observed ?? null) !== null)
    return no('This account is observed.', 'Say first that it may be rotated: claviger accounts observe --end.')
  if (Math.abs(context.now().getTime() - Date.parse(String(after.at))) > 60_000)
    return no('A credential is brought in now.', 'Do it again.')
  const last = await lastVersion(context.pool, { kind: 'account', id: account, what: String(after.credential) })
  return after.version === last + 1
    ? ok(undefined)
    : refuse('keeper.stale', 'Somebody else brought in a version of this meanwhile. Look at the account, and do it again.')
}

/** Whether nobody but this person has the account now: who replaces a credential where it is used puts back the new one. */
async function holds({ view, context }: Parameters<Rule>[0], account: string, person: string): Promise<Result<boolean, KeeperRefusal>> {
  const holding = await view.before('holding', holdingOf(account))
  if (!holding.ok) return holding
  if (holding.value?.content.state !== 'held') return ok(false)
  const grant = await view.read('access_grant', String(holding.value.content.grant_id))
  if (!grant.ok) return grant
  const { person_id, account_id, state, ends_at, epoch } = grant.value.content
  const runs = state === 'active' && Date.parse(String(ends_at)) > context.now().getTime() && epoch === context.identity.epoch
  return ok(runs && person_id === person && account_id === account)
}
