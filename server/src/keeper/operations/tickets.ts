import { ok } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import { whoIsPresent } from '../people/who-is-present.ts'
import { refuse } from '../refuse.ts'
import type { Handler } from './handler.ts'

/** Long enough to open one session with it, and too short for anything else. */
const presenceMs = 60_000

/** A grant that runs, of this person. */
async function running({ facts, identity, now }: KeeperContext, id: string, person: string) {
  const grant = await facts.read('access_grant', id)
  if (!grant.ok) return grant
  const g = grant.value.content
  if (g.person_id !== person) return refuse('ticket.not_yours', 'A connection ticket is given to the person who holds the grant.')
  if (g.epoch !== identity.epoch || g.state !== 'active' || Date.parse(String(g.ends_at)) <= now().getTime())
    return refuse('access.grant_over', 'This grant has ended. Ask again: claviger request.')
  if (g.action !== 'connect')
    return refuse('access.reveal_only', 'This grant is for seeing the credential, not for sessions. Ask for access to connect.')
  return ok(g)
}

export const issueTicket: Handler<'issueTicket'> = async ({ context, args }) => {
  const present = await whoIsPresent(context, args.presence)
  if (!present.ok) return present
  const grant = await running(context, args.grant, present.value.person)
  if (!grant.ok) return grant
  const issued = await context.tickets.issue(args.grant, args.from, present.value)
  return issued.ok ? ok({ expiresAt: issued.value.expiresAt.toISOString(), payload: issued.value.ticket }) : issued
}

/** Somebody at a door shows a ticket. Who they are, and that they showed a second factor, follows from it and from nothing that the door says. */
export const presenceByTicket: Handler<'presenceByTicket'> = async ({ context, args, payload }) => {
  const ticket = await context.tickets.recognise(payload, args.from)
  if (!ticket.ok) return ticket
  const { row, person } = ticket.value
  const { person_id, grant_id, shown_at, shown_until } = row
  if (person.content.state !== 'active') return refuse('factor.person_not_active', 'This person is not active. Ask an administrator.')
  const grant = await running(context, grant_id, person_id)
  if (!grant.ok) return grant
  const until = new Date(Math.min(context.now().getTime() + presenceMs, shown_until.getTime()))
  const { presence, expiresAt } = context.presences.give({ person: person_id, revision: person.revision }, { shown: shown_at, until })
  return ok({
    presence,
    expiresAt,
    person: person_id,
    name: String(person.content.name),
    grant: grant_id,
    account: String(grant.value.account_id),
    endsAt: new Date(String(grant.value.ends_at)).toISOString(),
  })
}
