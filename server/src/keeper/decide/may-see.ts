import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import { refuse } from '../refuse.ts'
import type { KeeperIdentity } from '../state/identity.ts'
import type { Entitle } from './entitlement.ts'
import { mayUseAccount } from './holder.ts'
import { viewOver } from './view.ts'

/**
 * Whether somebody may see the credential of a grant's account now, from rows that carry our MAC and are the latest in the ledger: the grant is
 * theirs, runs, is for this and holds the account, its request was approved, the account is managed, and policy still says yes.
 * `shownAt`: when they gave their code.
 */
export async function maySee(
  context: { facts: FactReader; identity: KeeperIdentity; now: () => Date },
  entitle: Entitle,
  who: { person: string; grant: string; shownAt: Date },
): Promise<Result<{ grant: FactContent; account: FactContent; target: FactContent }, KeeperRefusal>> {
  const grant = await context.facts.read('access_grant', who.grant)
  if (!grant.ok) return grant
  const g = grant.value.content
  const now = context.now()
  if (g.person_id !== who.person)
    return refuse('release.not_yours', 'This is shown to the person who holds the account, and to nobody else.')
  if (g.action !== 'reveal')
    return refuse('access.connect_only', 'Nobody is shown a credential under this grant: connect through the gateway.')
  if (g.epoch !== context.identity.epoch || g.state !== 'active' || Date.parse(String(g.ends_at)) <= now.getTime())
    return refuse('access.grant_over', 'This grant has ended. Check the account out again: claviger check-out.')
  const may = await mayUseAccount(context.facts, g)
  if (!may.ok) return may

  const entitlement = await entitle(viewOver(context.facts, []), String(g.request_id), (now.getTime() - who.shownAt.getTime()) / 1000)
  if (!entitlement.ok) return entitlement
  const { account, target, request } = entitlement.value
  if (request.state !== 'approved' || request.requester_id !== g.person_id || account.id !== g.account_id)
    return refuse('release.not_approved', 'This grant does not rest on an approved request.')
  if (account.state !== 'managed')
    return refuse(
      'release.not_managed',
      `${account.name}@${target.name} is ${account.state}: it may not be used until it is taken over (claviger rotate ${account.name}@${target.name}).`,
    )
  return ok({ grant: g, account, target })
}
