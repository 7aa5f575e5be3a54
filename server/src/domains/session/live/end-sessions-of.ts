import { ok, type Result } from '../../../kernel/result.ts'
import type { SessionError } from '../errors.ts'
import { giveOrders, type Officer, type OrderDeps } from './give-orders.ts'
import { runningOf } from './live.store.ts'

/** Cuts all sessions of a person that run now, on whichever server, in one act. Says how many. */
export async function endSessionsOf(deps: OrderDeps, person: string, reason: string, by: Officer): Promise<Result<number, SessionError>> {
  return await deps.audit.act<number, SessionError>({ act: 'session.end_all', by: by.person, about: { person } }, async (act) => {
    const given = await giveOrders(deps, act, await runningOf(act.tx, person), { what: 'end', words: reason }, by)
    return given.ok ? ok(given.value.length) : given
  })
}
