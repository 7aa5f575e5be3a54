import { ok } from '../../kernel/result.ts'
import { mayUseAccount } from '../decide/holder.ts'
import { hasSeat } from '../decide/seats.ts'
import { viewOver } from '../decide/view.ts'
import { whoIsPresent } from '../people/who-is-present.ts'
import { refuse } from '../refuse.ts'
import { breakGlass } from '../vault/break-glass.ts'
import { openedFor } from '../vault/opened-for-activation.ts'
import type { Handler } from './handler.ts'
import { sessionCertificate } from './session-certificate.ts'

/**
 * Gives a credential for one session. Everything is decided again, from rows that carry our MAC and are the latest in the ledger:
 * the person is there, the session was opened under the grant and is recorded, the grant runs, its request was approved by enough
 * others for exactly this target, and policy still says yes.
 */
export const release: Handler<'release'> = async ({ context, entitle, args }) => {
  const present = await whoIsPresent(context, args.presence)
  if (!present.ok) return present
  const session = await context.facts.read('session', args.session)
  if (!session.ok) return session
  const grant = await context.facts.read('access_grant', args.grant)
  if (!grant.ok) return grant
  const [s, g] = [session.value.content, grant.value.content]
  const now = context.now()
  if (s.grant_id !== g.id || s.person_id !== g.person_id || s.account_id !== g.account_id || g.person_id !== present.value.person)
    return refuse('release.not_yours', 'This session does not belong to this grant.')
  if (g.epoch !== context.identity.epoch || g.state !== 'active' || Date.parse(String(g.ends_at)) <= now.getTime())
    return refuse('access.grant_over', 'This grant has ended. Ask again: claviger request.')
  if (g.action !== 'connect') return refuse('access.reveal_only', 'This grant is for seeing the credential, not for sessions.')
  const may = await mayUseAccount(context.facts, g)
  if (!may.ok) return may

  const mfaAge = (now.getTime() - present.value.at.getTime()) / 1000
  const entitlement = await entitle(viewOver(context.facts, []), String(g.request_id), mfaAge)
  if (!entitlement.ok) return entitlement
  const { account, target, request } = entitlement.value
  const { sessions: policy, ...terms } = entitlement.value.session
  if (request.state !== 'approved' || request.requester_id !== g.person_id || account.id !== g.account_id)
    return refuse('release.not_approved', 'This grant does not rest on an approved request.')
  if (account.state === 'held')
    return refuse('release.held', `${account.name}@${target.name} is held: nobody gets in until an administrator releases it. Ask one.`)
  if (account.state !== 'managed')
    return refuse(
      'release.not_managed',
      `${account.name}@${target.name} is ${account.state}: it may not be used until it is taken over (claviger rotate ${account.name}@${target.name}).`,
    )
  const seat = await hasSeat(context, { person: String(g.person_id), account, target, policy, session: String(s.id) })
  if (!seat.ok) return seat

  const endsAt = new Date(String(g.ends_at))
  const to = {
    account: String(account.name),
    target: {
      id: String(target.id),
      name: String(target.name),
      kind: String(target.kind),
      settings: target.settings as Record<string, string>,
      identity: target.identity as Record<string, string>,
    },
    endsAt: endsAt.toISOString(),
    terms,
  }
  if (account.login === 'certificate') {
    const made = await sessionCertificate(context, { session: String(s.id), grant: String(g.id), account, until: endsAt, now })
    return made.ok ? ok({ ...made.value, ...to }) : made
  }

  for (const credential of ['tls', 'ssh-key', 'password'] as const) {
    const owner = { kind: 'account', id: String(account.id), what: credential }
    const row = await context.vault.find(owner, 'current')
    if (!row) continue
    const opened =
      row.location === breakGlass ? openedFor(context.openedForActivation, request.activation, row) : await context.vault.open(row)
    if (!opened.ok) return opened
    return ok({ credential, version: row.version, public: row.public, ...to, payload: opened.value.secret })
  }
  return refuse('vault.no_credential', `The vault has no credential of ${account.name}@${target.name}.`)
}
