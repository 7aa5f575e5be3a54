import { asksAboutOrders } from '../live/ask-about-order.ts'
import { openOrders } from '../live/live.store.ts'
import { obeyEnds } from '../live/obey-ends.ts'
import type { Opening, OpenSessionDeps } from '../opening.ts'
import type { Holding } from './hold-act.ts'

/** A command that is held has no session that runs yet: what ends or suspends it reaches it all the same. `ended`: it was. */
export function reachWhileHeld(
  deps: OpenSessionDeps,
  { row, grant }: Opening,
  holding: Holding,
): { readonly ended: boolean; leave(): void } {
  if (!row) throw new Error('the intent comes first')
  const { db, running, log } = deps
  const { id } = row
  const about = asksAboutOrders(deps, id)
  // once it runs they are carried out: then it is settled what became of them
  const suspended = async () => {
    for (const order of await db.transaction().execute((tx) => openOrders(tx, id, 'suspend')))
      if ((await about(order)) !== 'forged') return holding.lapse('suspended')
  }
  // by the gateway's own clock: its grant's end needs no database
  let ended = false
  const cut = () => {
    ended = true
    holding.close()
  }
  const ends = obeyEnds(deps, id, cut)
  const over = setTimeout(cut, grant.remainingMs)
  const gone = running.add(id, {
    grant: grant.id,
    endsAt: new Date(8.64e15),
    cut,
    ordered: ends.ordered,
    attend() {
      holding.attend()
      if (holding.waits) suspended().catch((error: unknown) => log(`orders to a held session could not be looked at: ${String(error)}`))
    },
    // its end is looked up when it is opened
    extend: () => {},
    // it is asked about once more before it passes
    look: () => {},
  })
  return {
    get ended() {
      return ended
    },
    leave() {
      clearTimeout(over)
      gone()
      // it is open before that was looked at: then it is looked at there
      if (ends.stop()) running.endOrdered(id)
    },
  }
}
