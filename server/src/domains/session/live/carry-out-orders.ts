import type { Clock } from '../../../kernel/clock.ts'
import type { SessionId, SessionOrderId } from '../../../kernel/id.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import { type AskDeps, asksAboutOrders, type Order } from './ask-about-order.ts'
import { type Outcome, settleOrder } from './live.store.ts'

export interface CarryOutDeps extends AskDeps {
  db: Db
  clock: Pick<Clock, 'now'>
}

/** What orders do to a session. */
export interface Hands {
  /** Whether the person was told. */
  message(words: string): boolean
  hold(words: string): void
  letGo(): void
  /** It is said that an officer suspended it, and the keeper cannot be asked: it is held until it can, without a word in anybody's name. */
  holdUnheard(): void
  /** There was no such order. */
  letGoUnheard(): void
}

/** A message or a resume that comes later than this is not what its officer wants any more. A suspension always is. */
const goodForMs = 5 * 60_000

/** The orders of one session, carried out once each, in their order, on the keeper's word. */
export function carriesOutOrders(deps: CarryOutDeps, session: SessionId, hands: Hands) {
  const { db, clock } = deps
  const about = asksAboutOrders(deps, session)
  /** What became of those that were attested: a row that is opened again is settled again, and not carried out. */
  const carried = new Map<SessionOrderId, Outcome>()
  const unheard = new Set<SessionOrderId>()
  let suspendedAt = Number.NEGATIVE_INFINITY

  const obey = ({ what, words, at }: Order): Outcome => {
    if (what === 'suspend') {
      suspendedAt = Math.max(suspendedAt, at.getTime())
      hands.hold(words)
      return 'done'
    }
    if (clock.now().getTime() - at.getTime() > goodForMs) return 'late'
    if (what === 'message') return hands.message(words) ? 'done' : 'not_shown'
    // whoever let it go on did not know of the suspension
    if (at.getTime() <= suspendedAt) return 'late'
    unheard.clear()
    hands.letGo()
    return 'done'
  }
  const judge = async (order: Pick<Order, 'id' | 'what'>, asks: boolean): Promise<Outcome | undefined> => {
    const before = carried.get(order.id)
    if (before) return before
    const word = asks ? await about(order) : 'unheard'
    if (word === 'unheard') {
      if (order.what === 'suspend' && !unheard.has(order.id)) {
        unheard.add(order.id)
        hands.holdUnheard()
      }
      return undefined
    }
    const waited = unheard.delete(order.id)
    if (word === 'forged') {
      if (waited && unheard.size === 0) hands.letGoUnheard()
      return 'refused'
    }
    const outcome = obey(word)
    carried.set(order.id, outcome)
    return outcome
  }
  return {
    /** It is held by what could not be asked about. */
    get unheard() {
      return unheard.size > 0
    },
    /** What the database says is ordered, in its order. Answers whether to look again soon. */
    async carryOut(given: readonly Pick<Order, 'id' | 'what'>[], over: () => boolean): Promise<boolean> {
      let again = false
      for (const order of given) {
        if (over()) return false
        // a keeper that did not answer is not waited for again at once
        const outcome = await judge(order, !again)
        if (!outcome) {
          again = true
          continue
        }
        await db.transaction().execute((tx) => settleOrder(tx, order.id, outcome))
      }
      return again
    },
  }
}
