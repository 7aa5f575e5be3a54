import type { CutReason } from '../../../gateways/contract.ts'
import type { SessionId } from '../../../kernel/id.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import { type AskDeps, asksAboutOrders } from './ask-about-order.ts'
import { openOrders, settleOrder } from './live.store.ts'

const againMs = 500

export interface EndsDeps extends AskDeps {
  db: Db
}

/**
 * Ends a session when an officer ordered it, on the keeper's word. Where the keeper cannot be asked it ends all the same, and nobody is said to have
 * ordered it: a session too few is better than one that an officer could not stop.
 */
export function obeyEnds(deps: EndsDeps, session: SessionId, cut: (reason: CutReason) => void) {
  const { db, log } = deps
  const about = asksAboutOrders(deps, session)
  let [asked, looking, over] = [false, false, false]
  let again: NodeJS.Timeout | undefined

  const look = async (): Promise<void> => {
    for (const order of await db.transaction().execute((tx) => openOrders(tx, session, 'end'))) {
      const word = await about(order)
      if (over) return
      if (word !== 'forged') {
        over = true
        cut(word === 'unheard' ? 'ended_unattested' : 'ended_by_officer')
      }
      const outcome = word === 'forged' ? 'refused' : 'done'
      await db.transaction().execute((tx) => settleOrder(tx, order.id, outcome))
    }
  }
  const ordered = () => {
    asked = true
    if (looking || over) return
    looking = true
    clearTimeout(again)
    again = undefined
    void (async () => {
      try {
        while (asked && !over) {
          asked = false
          await look()
        }
      } catch (error) {
        log(`an order to end a session could not be looked at: ${String(error)}`)
        if (!over) again = setTimeout(ordered, againMs)
      } finally {
        looking = false
      }
    })()
  }
  return {
    /** Somebody ordered its end, or may have. */
    ordered,
    /** Answers whether something was ordered that was not looked at to its end. */
    stop(): boolean {
      const left = !over && (looking || again !== undefined)
      over = true
      clearTimeout(again)
      return left
    },
  }
}
