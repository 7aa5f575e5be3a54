import type { Admitted, Attempt, Grant, Refusal } from '../../gateways/contract.ts'
import type { GrantId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import { admitted } from './events.ts'
import type { GuessBrake } from './guess-brake.ts'
import type { RecogniseDeps } from './recognise.ts'

export interface RecogniseTicketDeps extends RecogniseDeps {
  guesses: GuessBrake
  now: () => Date
}

/**
 * A connection ticket stands for both factors, for one grant and one address. Whose it is, the keeper says; what the client calls
 * itself must agree with that, so that nobody reaches another account than they see in their own user name.
 */
export async function recogniseTicket(
  deps: RecogniseTicketDeps,
  attempt: Attempt,
  ticket: Secret,
): Promise<Result<{ admitted: Admitted; grant: Grant }, Refusal>> {
  const { keeper, attempts, guesses, audit, now } = deps
  const from = addressOf(attempt.from)
  const refused = (code: string, say: string, person?: PersonId) => {
    attempts.record(attempt.door, attempt.from, code, 'ticket', { attempt, ...(person && { person }) })
    return fail<Refusal>({ code, say })
  }
  if (guesses.holds(from)) {
    ticket.wipe()
    const say = 'Too many connection tickets from this address were wrong. Wait a minute, then get a new one: claviger connect.'
    attempts.record(attempt.door, attempt.from, 'ticket.braked', 'ticket', { attempt })
    return fail({ code: 'ticket.braked', say, final: true })
  }
  const shown = await keeper.ask('presenceByTicket', { from }, ticket)
  if (!shown.ok) {
    if (shown.error.code === 'ticket.unknown' || shown.error.code === 'ticket.elsewhere') guesses.wrong(from)
    return refused(shown.error.code, shown.error.message)
  }
  const { presence, name, endsAt } = shown.value
  const person = shown.value.person as PersonId
  const place = await grantedPlace(deps, shown.value.account)
  if (!place.ok) return refused(place.error.code, place.error.say, person)
  const { account, target } = place.value
  if (name !== attempt.person || account !== attempt.account || target !== attempt.target)
    return refused('ticket.other_account', `This connection ticket is for ${name}@${account}@${target}. Use that as the user name.`, person)
  await audit.noteLater(admitted({ door: attempt.door, way: attempt.way ?? 'native', factor: 'ticket', from: attempt.from }), person)
  return ok({
    admitted: { person, attempt, admitted: true, presence },
    grant: { id: shown.value.grant as GrantId, remainingMs: Date.parse(endsAt) - now().getTime() },
  })
}

/** The names of an account and its target, from rows that the keeper vouches for. */
async function grantedPlace({ keeper }: RecogniseTicketDeps, id: string): Promise<Result<{ account: string; target: string }, Refusal>> {
  const no = (error: { code: string; message: string }) => fail({ code: error.code, say: error.message })
  const account = await keeper.ask('vouch', { rows: [{ kind: 'account', id }] })
  if (!account.ok) return no(account.error)
  const row = account.value.rows[0] as { name?: unknown; target_id?: unknown }
  const target = await keeper.ask('vouch', { rows: [{ kind: 'target', id: String(row.target_id) }] })
  if (!target.ok) return no(target.error)
  return ok({ account: String(row.name), target: String((target.value.rows[0] as { name?: unknown }).name) })
}

/** `ip:port` without the port. */
const addressOf = (from: string): string => from.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
