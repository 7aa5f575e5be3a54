import { attest } from '../../../keeper/attest-rows.ts'
import type { Keeper } from '../../../keeper/client.ts'
import type { Ordered } from '../../../keeper/facts/session-order.ts'
import type { PersonId, SessionOrderId } from '../../../kernel/id.ts'
import { ok, type Result } from '../../../kernel/result.ts'
import { newId } from '../../../platform/crypto/random.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import type { Act, Audit } from '../../audit/index.ts'
import type { SessionError } from '../errors.ts'
import { endOrdered, messageOrdered, resumeOrdered, suspendOrdered } from '../events.ts'
import { insertOrder, newestOrders, type OrderRow } from './live.store.ts'

export interface OrderDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  now: () => Date
}

/** Who gives an order, and that they are there. */
export interface Officer {
  person: PersonId
  presence: string
}

export interface Wanted {
  what: Ordered
  /** A message for the person, or why. */
  words: string
}

const eventOf = {
  message: (session: string, words: string) => messageOrdered({ session, message: words }),
  suspend: (session: string, words: string) => suspendOrdered({ session, reason: words }),
  resume: (session: string, words: string) => resumeOrdered({ session, reason: words }),
  end: (session: string, words: string) => endOrdered({ session, reason: words }),
}

/** Servers whose clocks differ by more are not waited for. */
const mostAheadMs = 10_000
/** The keeper attests so many rows at once. */
const mostAtOnce = 500

/** The same order for each of these sessions, attested by the keeper in the officer's name: a gateway carries out nothing else. */
export async function giveOrders(
  { keeper, now }: Pick<OrderDeps, 'keeper' | 'now'>,
  { tx, record }: Pick<Act, 'tx' | 'record'>,
  sessions: readonly string[],
  { what, words }: Wanted,
  { person, presence }: Officer,
): Promise<Result<SessionOrderId[], SessionError>> {
  const newest = await newestOrders(tx, sessions)
  const rows = sessions.map((session): OrderRow => {
    // behind what was ordered before it, whichever server's clock that had: a gateway goes by this order
    const ahead = (newest.get(session)?.getTime() ?? 0) - now().getTime()
    const at = new Date(now().getTime() + (ahead >= 0 && ahead < mostAheadMs ? ahead + 1 : 0))
    return { id: newId('sor'), session_id: session, what, words, by_person: person, at }
  })
  for (let from = 0; from < rows.length; from += mostAtOnce) {
    const batch = rows.slice(from, from + mostAtOnce)
    const attested = await attest(
      keeper,
      batch.map((row) => ({ kind: 'session_order', revision: 1, row: { ...row } })),
      { by: 'presence', presence },
    )
    if (!attested.ok) return attested
    const { attestations, macOf } = attested.value
    for (const row of batch) {
      await insertOrder(tx, row, macOf(row.id))
      await record(
        eventOf[what](row.session_id, words),
        attestations.filter(({ id }) => id === row.id),
      )
    }
  }
  return ok(rows.map(({ id }) => id))
}
