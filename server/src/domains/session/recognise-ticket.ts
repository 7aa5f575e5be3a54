import type { Admitted, Attempt, Grant, Refusal } from '../../gateways/contract.ts'
import { fail, type Result } from '../../kernel/result.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { RecogniseDeps } from './recognise.ts'

/** A connection ticket stands for both factors, for one grant and one address. */
export async function recogniseTicket(
  { attempts }: RecogniseDeps,
  attempt: Attempt,
  ticket: Secret,
): Promise<Result<{ admitted: Admitted; grant: Grant }, Refusal>> {
  ticket.wipe()
  attempts.record(attempt.door, attempt.from, 'ticket.unknown', 'ticket', { attempt })
  return fail({ code: 'ticket.unknown', say: 'This connection ticket is not known. Get a new one: claviger connect.' })
}
