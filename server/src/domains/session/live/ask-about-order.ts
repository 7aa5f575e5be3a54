import { setTimeout as sleep } from 'node:timers/promises'
import type { Keeper } from '../../../keeper/client.ts'
import type { Ordered } from '../../../keeper/facts/session-order.ts'
import { idPattern, type SessionId, type SessionOrderId } from '../../../kernel/id.ts'
import type { Audit } from '../../audit/index.ts'
import { orderForged } from '../events.ts'

/** An order as the keeper attested it. */
export interface Order {
  id: SessionOrderId
  what: Ordered
  words: string
  at: Date
}

/** The keeper's word about a row that says that something was ordered. `unheard`: it cannot be asked, or does not know yet. */
export type Word = Order | 'forged' | 'unheard'

export interface AskDeps {
  keeper: Pick<Keeper, 'ask'>
  audit: Pick<Audit, 'noteLater'>
  log: (line: string) => void
}

/** What waits for it is somebody's session: a keeper that takes longer than this is away. */
const patienceMs = 1_000
/** With these it says that there is no such order, and raised an alarm where somebody made it up. */
const noSuchOrder = ['keeper.forged_row', 'keeper.unknown_row']
const alarmEveryMs = 60_000
const isId = idPattern('sor')

/**
 * Did an officer order this of this session? Of the row nothing is believed, not even which session it names: whoever has the database may show the
 * gateway another one than the keeper.
 */
export function asksAboutOrders({ keeper, audit, log }: AskDeps, session: SessionId): (order: Pick<Order, 'id' | 'what'>) => Promise<Word> {
  let alarmedAt = Number.NEGATIVE_INFINITY
  const alarm = (subject: string) => {
    if (performance.now() - alarmedAt < alarmEveryMs) return
    alarmedAt = performance.now()
    const why = `the database showed it to the gateway of ${session}, and nobody ordered that there`
    audit
      .noteLater(orderForged({ kind: 'session_order', subject, why }), null, { phase: 'alarm' })
      .catch((error: unknown) => log(`an alarm was not recorded: ${subject}: ${why}: ${String(error)}`))
  }
  return async ({ id, what }) => {
    // a name by which the keeper cannot be asked is none of ours, and no reason to do without its word
    if (!isId.test(id)) {
      alarm(id.slice(0, 100))
      return 'forged'
    }
    const asked = keeper.ask('vouch', { rows: [{ kind: 'session_order', id }] }).catch(() => undefined)
    const vouched = await Promise.race([asked, sleep(patienceMs, undefined, { ref: false })])
    if (!vouched) return 'unheard'
    if (!vouched.ok) return noSuchOrder.includes(vouched.error.code) ? 'forged' : 'unheard'
    const [row] = vouched.value.rows as { session_id?: unknown; what?: unknown; words?: unknown; at?: unknown }[]
    if (row?.session_id === session && row.what === what) return { id, what, words: String(row.words), at: new Date(String(row.at)) }
    alarm(id)
    return 'forged'
  }
}
