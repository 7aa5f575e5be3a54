import type { PersonId } from '../../../kernel/id.ts'
import { ok, type Result } from '../../../kernel/result.ts'
import type { SessionError } from '../errors.ts'
import { endOrdered } from '../events.ts'
import { orderEnd } from '../session.store.ts'
import { runningOf } from './live.store.ts'
import type { OrderDeps } from './order-session.ts'

/** Cuts all sessions of a person that run now, on whichever server, in one act. Says how many. */
export async function endSessionsOf(
  { audit }: Pick<OrderDeps, 'audit'>,
  person: string,
  reason: string,
  by: PersonId,
): Promise<Result<number, SessionError>> {
  return await audit.act<number, SessionError>({ act: 'session.end_all', by, about: { person } }, async ({ tx, record }) => {
    let ended = 0
    for (const session of await runningOf(tx, person)) {
      if (!(await orderEnd(tx, session, reason, by))) continue
      await record(endOrdered({ session, reason }))
      ended += 1
    }
    return ok(ended)
  })
}
