import { setTimeout as sleep } from 'node:timers/promises'
import type { Ordered } from '../../../keeper/facts/session-order.ts'
import type { SessionOrderId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { SessionError } from '../errors.ts'
import { giveOrders, type Officer, type OrderDeps } from './give-orders.ts'
import { outcomeOf, watchable } from './live.store.ts'

export type What = Exclude<Ordered, 'end'>
/** `waiting`: its gateway did not say yet that it did it. */
export type Outcome = 'done' | 'not_shown' | 'waiting'

const patienceMs = 3_000
const lookMs = 50

/** An officer tells the person something, holds the session or lets it go on. It is in the ledger before its gateway hears of it. */
export async function orderSession(
  deps: OrderDeps,
  session: string,
  what: What,
  words: string,
  by: Officer,
): Promise<Result<Outcome, SessionError>> {
  const ordered = await order(deps, session, what, words, by)
  if (!ordered.ok) return ordered
  for (const until = performance.now() + patienceMs; performance.now() < until; await sleep(lookMs)) {
    const outcome = await deps.db.transaction().execute((tx) => outcomeOf(tx, ordered.value))
    if (outcome === 'refused') return fail({ code: 'session.order_altered' })
    if (outcome === 'late') return fail({ code: 'session.order_late' })
    if (outcome) return ok(outcome)
  }
  return ok('waiting')
}

/** An officer ends a session. Whoever carries it hears of it at once, and is not waited for. */
export async function endSession(deps: OrderDeps, session: string, reason: string, by: Officer): Promise<Result<void, SessionError>> {
  const ordered = await order(deps, session, 'end', reason, by)
  return ordered.ok ? ok(undefined) : ordered
}

const acts = {
  message: { act: 'session.message' },
  suspend: { act: 'session.suspend' },
  resume: { act: 'session.resume' },
  end: { act: 'session.end' },
}

const order = (
  deps: OrderDeps,
  session: string,
  what: Ordered,
  words: string,
  by: Officer,
): Promise<Result<SessionOrderId, SessionError>> =>
  deps.audit.act<SessionOrderId, SessionError>({ ...acts[what], by: by.person, about: { session } }, async (act) => {
    const found = await watchable(act.tx, session)
    if (!found) return fail({ code: 'session.unknown', session })
    if (!found.running) return fail({ code: 'session.not_running' })
    const given = await giveOrders(deps, act, [session], { what, words }, by)
    if (!given.ok) return given
    const [id] = given.value
    if (!id) throw new Error('an order was not written')
    return ok(id)
  })
