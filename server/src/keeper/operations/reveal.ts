import { ok } from '../../kernel/result.ts'
import { mayUseAccount } from '../decide/holder.ts'
import { viewOver } from '../decide/view.ts'
import { whoIsPresent } from '../people/who-is-present.ts'
import { refuse } from '../refuse.ts'
import type { Handler } from './handler.ts'

/**
 * Shows a credential to the person who holds the account. Everything is decided again, from rows that carry our MAC and are the latest in the
 * ledger: the row of this showing was attested with their fresh code, its entry is signed, the grant runs, is for this and holds the account,
 * its request was approved, and policy still says yes. Each row opens once.
 */
export const reveal: Handler<'reveal'> = async ({ context, entitle, args }) => {
  const present = await whoIsPresent(context, args.presence)
  if (!present.ok) return present
  const row = await context.facts.read('reveal', args.reveal)
  if (!row.ok) return row
  const r = row.value.content
  const grant = await context.facts.read('access_grant', String(r.grant_id))
  if (!grant.ok) return grant
  const g = grant.value.content
  const now = context.now()
  if (r.person_id !== present.value.person || g.person_id !== r.person_id || g.account_id !== r.account_id)
    return refuse('release.not_yours', 'This is shown to the person who holds the account, and to nobody else.')
  if (g.action !== 'reveal')
    return refuse('access.connect_only', 'Nobody is shown a credential under this grant: connect through the gateway.')
  if (g.epoch !== context.identity.epoch || g.state !== 'active' || Date.parse(String(g.ends_at)) <= now.getTime())
    return refuse('access.grant_over', 'This grant has ended. Check the account out again: claviger check-out.')
  const may = await mayUseAccount(context.facts, g)
  if (!may.ok) return may

  const entitlement = await entitle(viewOver(context.facts, []), String(g.request_id), (now.getTime() - present.value.at.getTime()) / 1000)
  if (!entitlement.ok) return entitlement
  const { account, target, request } = entitlement.value
  if (request.state !== 'approved' || request.requester_id !== g.person_id || account.id !== g.account_id)
    return refuse('release.not_approved', 'This grant does not rest on an approved request.')
  if (account.state !== 'managed')
    return refuse(
      'release.not_managed',
      `${account.name}@${target.name} is ${account.state}: it may not be used until it is taken over (claviger rotate ${account.name}@${target.name}).`,
    )
  const version = await context.vault.find({ kind: 'account', id: String(account.id), what: String(r.credential) }, 'current')
  if (!version || version.version !== r.version)
    return refuse('keeper.stale', 'The credential was replaced meanwhile. Ask again with a new code.')
  if (!context.showings.take(args.reveal, new Date(String(r.at))))
    return refuse('access.shown_already', 'This was shown already, or is too old. Ask again with a new code.')
  const opened = context.vault.open(version)
  if (!opened.ok) return opened
  return ok({
    credential: r.credential as 'password' | 'ssh-key',
    version: version.version,
    public: version.public,
    endsAt: new Date(String(g.ends_at)).toISOString(),
    payload: opened.value.secret,
  })
}
