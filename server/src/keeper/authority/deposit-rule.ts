import { ok } from '../../kernel/result.ts'
import { isKeptByHand } from '../facts/kept-by-hand.ts'
import { refuse } from '../refuse.ts'
import { lastVersion } from '../vault/vault.store.ts'
import { isAdministrator, no, type Rule } from './rule.ts'

/** One credential that a person brings in, as the next version of an account that Claviger does not reach, with a fresh code; written down before it is taken. */
export const deposit: Rule = async (c) => {
  const { after, before, actor, role, view, context } = c
  if (before) return no('A credential is brought in once for each code.', 'Ask again with a new code.')
  if (role !== 'api') return no('Credentials are brought in by the server.', 'Use the console or claviger credentials put.')
  if (!isAdministrator(actor) || actor.by !== 'stepUp' || actor.person !== after.person_id)
    return no('Credentials are brought in by administrators with a fresh code.', 'Ask one.')
  const account = String(after.account_id)
  const byHand = await isKeptByHand(view, account)
  if (!byHand.ok) return byHand
  if (!byHand.value)
    return refuse('vault.made_here', 'Claviger makes the credentials of this account itself. Replace them instead: claviger rotate.')
  const its = await view.read('account', account)
  if (!its.ok) return its
  const { credentials, state } = its.value.content
  if (state !== 'managed' || !(credentials as readonly string[]).includes(String(after.credential)))
    return no('This account does not have such a credential, or is held.', 'Look at the account again.')
  if (Math.abs(context.now().getTime() - Date.parse(String(after.at))) > 60_000)
    return no('A credential is brought in now.', 'Do it again.')
  const last = await lastVersion(context.pool, { kind: 'account', id: account, what: String(after.credential) })
  return after.version === last + 1
    ? ok(undefined)
    : refuse('keeper.stale', 'Somebody else brought in a version of this meanwhile. Look at the account, and do it again.')
}
